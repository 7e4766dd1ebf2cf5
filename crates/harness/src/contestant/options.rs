//! Options that every variant of every scenario has.

use std::num::NonZeroU32;

use clap::Args;

/// Options that every variant has.
#[derive(Clone, Debug, Args)]
pub struct CommonOptions {
    /// How many workers share the job [default: one for each processor that may be used]
    #[arg(long, value_name = "N", value_parser = parse_workers)]
    pub workers: Option<NonZeroU32>,

    /// Print one run record on stdout, as JSON, and nothing else there
    #[arg(long)]
    pub json: bool,

    /// Leave out the summary and the progress bar
    #[arg(long)]
    pub quiet: bool,
}

/// More workers than this help nobody, and bring a system to its limits before they fail.
const MOST_WORKERS: u32 = 1024;

fn parse_workers(text: &str) -> Result<NonZeroU32, String> {
    let workers = text
        .parse()
        .ok()
        .filter(|workers| (1..=MOST_WORKERS).contains(workers));
    workers
        .and_then(NonZeroU32::new)
        .ok_or_else(|| format!("a number from 1 to {MOST_WORKERS} is needed"))
}

/// How many workers calculate at once here: the processors that this process may use, by affinity and
/// by quota. 1 where the system does not tell.
pub fn available_workers() -> NonZeroU32 {
    std::thread::available_parallelism()
        .ok()
        .and_then(|cores| NonZeroU32::try_from(cores).ok())
        .unwrap_or(NonZeroU32::MIN)
}
