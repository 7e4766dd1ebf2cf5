//! Tasks that calculate for about a millisecond: long enough that handing them out should not show.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use procpool::{Job, Never, Pool};
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, ParallelBridge, ParallelIterator,
};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::{Side, WORKERS};

/// Tasks in one iteration of each side.
pub const TASKS: u64 = 200;

/// Hashes so many numbers, each after the other.
pub struct Compute {
    rounds: u64,
}

impl Job for Compute {
    const NAME: &'static str = "compute";
    type Setup = u64;
    type Task = u64;
    type Output = u64;
    type Error = Never;

    fn new(rounds: u64) -> Result<Self, Never> {
        Ok(Self { rounds })
    }

    fn run(&mut self, seed: u64) -> Result<u64, Never> {
        Ok(hash(self.rounds, seed))
    }
}

/// FNV-1a, by numbers instead of bytes. Every round needs the one before, so it takes the same time
/// wherever it runs. Never inlined: all sides run the same instructions.
#[inline(never)]
pub fn hash(rounds: u64, seed: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ black_box(seed);
    (0..rounds).fold(start, |hash, round| {
        (hash ^ round).wrapping_mul(0x0100_0000_01b3)
    })
}

/// How many rounds take a millisecond on a core that does nothing else: by the shortest of some tries,
/// since everything that disturbs them makes them longer.
pub fn rounds_per_ms() -> u64 {
    const TRIED: u64 = 200_000;
    let time = |seed| {
        let clock = Instant::now();
        black_box(hash(TRIED, seed));
        clock.elapsed()
    };
    let shortest = (0..50).map(time).min().unwrap_or_default();
    let ratio = Duration::from_millis(1).as_secs_f64() / shortest.as_secs_f64().max(1e-9);
    (TRIED as f64 * ratio) as u64
}

/// procpool's ordered map.
///
/// # Errors
/// If the pool cannot be started.
pub fn map(rounds: u64) -> Result<Side> {
    let pool = Pool::<Compute>::builder().workers(WORKERS).start(rounds)?;
    let check = Check::new(rounds);
    Ok(Side::whole(move || {
        let outputs = pool.map(0..TASKS).collect::<Result<Vec<_>, _>>()?;
        check.outputs(&outputs)
    }))
}

/// rayon's map over a range, its outputs collected in order. Cut into single tasks, which costs nothing
/// at this length: by itself it may leave 25 of them to one thread while the other has ended.
///
/// # Errors
/// If the threads cannot be started.
pub fn rayon(rounds: u64) -> Result<Side> {
    let pool = threads()?;
    let check = Check::new(rounds);
    Ok(Side::whole(move || {
        let tasks = (0..TASKS as usize).into_par_iter().with_max_len(1);
        let outputs = tasks.map(|seed| hash(rounds, seed as u64));
        check.outputs(&pool.install(|| outputs.collect::<Vec<_>>()))
    }))
}

/// rayon's map over any iterator, as procpool's is; the outputs then put in order.
///
/// # Errors
/// If the threads cannot be started.
pub fn rayon_bridge(rounds: u64) -> Result<Side> {
    let pool = threads()?;
    let check = Check::new(rounds);
    Ok(Side::whole(move || {
        let outputs = (0..TASKS)
            .par_bridge()
            .map(|seed| (seed, hash(rounds, seed)));
        let mut outputs = pool.install(|| outputs.collect::<Vec<_>>());
        outputs.sort_unstable();
        check.outputs(
            &outputs
                .into_iter()
                .map(|(_, output)| output)
                .collect::<Vec<_>>(),
        )
    }))
}

fn threads() -> Result<ThreadPool> {
    let builder = ThreadPoolBuilder::new().num_threads(WORKERS);
    builder.build().context("cannot start the threads")
}

/// What must come out, as far as that can be known without doing all of it.
struct Check {
    first: u64,
    last: u64,
}

impl Check {
    fn new(rounds: u64) -> Self {
        Self {
            first: hash(rounds, 0),
            last: hash(rounds, TASKS - 1),
        }
    }

    fn outputs(&self, outputs: &[u64]) -> Result<()> {
        ensure!(
            outputs.len() as u64 == TASKS
                && outputs.first() == Some(&self.first)
                && outputs.last() == Some(&self.last),
            "an output is missing or wrong"
        );
        Ok(())
    }
}
