//! What every measurement is told: how many blocks, how many workers, how long a run may take.

use std::num::NonZeroU32;
use std::time::Duration;

use harness::measure::runner::Limit;

const QUICK_BLOCKS: u32 = 10;
pub(crate) const FULL_BLOCKS: u32 = 20;

/// How many blocks are counted.
pub(super) fn blocks(asked: Option<NonZeroU32>, full: bool) -> u32 {
    let by_speed = if full { FULL_BLOCKS } else { QUICK_BLOCKS };
    asked.map_or(by_speed, NonZeroU32::get)
}

/// The numbers of workers, each once; those of the machine if none was asked for.
pub(crate) fn worker_counts(asked: &[NonZeroU32]) -> Vec<u32> {
    let mut counts: Vec<u32> = Vec::new();
    for count in asked.iter().map(|count| count.get()) {
        if !counts.contains(&count) {
            counts.push(count);
        }
    }
    if counts.is_empty() {
        let cores = std::thread::available_parallelism();
        counts.push(cores.map_or(1, |cores| cores.get() as u32));
    }
    counts
}

/// The limit that was asked for, or the usual one.
pub(crate) fn limit_of(asked: Option<Duration>) -> Limit {
    asked.map_or_else(Limit::default, Limit)
}

pub(super) fn limit(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(limit) if limit.is_zero() => Err("no run ends within no time".to_owned()),
        Ok(limit) => Ok(limit),
        Err(error) => Err(error.to_string()),
    }
}
