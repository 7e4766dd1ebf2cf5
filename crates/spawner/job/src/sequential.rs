//! Calling a function instead of starting a worker: what timing costs, which is in every other figure too.

use anyhow::{Result, bail};
use harness::contestant::now_ns;

use crate::started::{Alive, Pair, Started, Stopwatch};
use crate::way::Way;

/// Calls a function for each of `workers`.
///
/// # Errors
/// If what is done meanwhile fails.
pub fn start(_way: Way, workers: u32, alive: Alive<'_>) -> Result<Started> {
    let mut watch = Stopwatch::ask();
    let mut last = 0;
    for _ in 0..workers {
        last = std::hint::black_box(now_ns());
    }
    watch.ready(workers, last, alive);
    watch.let_go();
    watch.gone()
}

/// There are no two workers here.
///
/// # Errors
/// Always.
pub fn pair(_way: Way) -> Result<Pair> {
    bail!("one worker cannot do two tasks at a time")
}
