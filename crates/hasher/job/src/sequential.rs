//! Hashing files one after another: what the models are measured against.

use std::num::NonZeroU32;

use anyhow::Result;

use crate::{FileHasher, Report, Tasks};

/// Hashes the files of all `tasks` and hands the answers to `report`, in the order of the tasks.
///
/// # Errors
/// If `report` cannot be written.
pub fn run(tasks: Tasks, _workers: NonZeroU32, report: &mut Report) -> Result<()> {
    // One worker with one buffer: this thread itself.
    let mut hasher = FileHasher::new();
    report.workers_ready();

    // While it reads, it does not calculate; while it calculates, the disk has nothing to do.
    for task in tasks {
        report.take(hasher.answer(task))?;
    }
    report.work_done();
    Ok(())
}
