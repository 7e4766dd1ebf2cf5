//! The variants of each scenario, in this program, on an input that takes milliseconds.
//!
//! What is timed is the work of a run as its record says it, without making the input and without starting workers, which
//! is a scenario of its own. These are the same `run` functions as in the variants' programs.

mod counter;
mod downloader;
mod hasher;
mod messenger;
mod resizer;
mod spawner;

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::record::RunRecord;

use crate::Side;
use crate::group::Group;

/// Workers of the variants that have several, as an argument.
const TWO: &str = "--workers=2";

/// All of them, threads beside processes.
pub(crate) fn groups() -> Vec<Group> {
    let mut groups = counter::groups();
    groups.push(downloader::group());
    groups.push(hasher::group());
    groups.extend(messenger::groups());
    groups.push(resizer::group());
    groups.push(spawner::group());
    groups
}

/// Makes this process what one of the variants has started it as, and returns at once if none has.
pub(crate) fn serve() {
    counter::serve();
    downloader::serve();
    hasher::serve();
    messenger::serve();
    resizer::serve();
    spawner::serve();
}

/// A side whose iterations are runs, each of which does `items`.
fn runs(items: u64, run: impl Fn() -> Result<RunRecord> + 'static) -> Side {
    Side::parts(move || {
        let record = run()?;
        let outcome = &record.outcome;
        ensure!(
            outcome.failed == 0 && outcome.items == items,
            "{} of {} items failed, and {items} were due",
            outcome.failed,
            outcome.items
        );
        Ok(Duration::from_nanos(record.phases.work_ns))
    })
}
