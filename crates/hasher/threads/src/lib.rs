//! Hashing files with threads: rayon's pool, in this process.
//!
//! Compare with `hasher-processes`: same order, other primitives.
#![warn(missing_docs)]

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use harness::contestant::InOrder;
use hasher::{FileHasher, Report, Tasks};
use rayon::ThreadPoolBuilder;
use rayon::iter::{ParallelBridge, ParallelIterator};

/// Hashes the files of all `tasks` on `workers` threads and hands the answers to `report`, in the
/// order of the tasks.
///
/// # Errors
/// If the threads cannot be started or `report` cannot be written.
pub fn run(tasks: Tasks, workers: NonZeroU32, report: &mut Report) -> Result<()> {
    // Threads are in this program already: each needs a stack, and nothing has to connect.
    let pool = ThreadPoolBuilder::new()
        .num_threads(workers.get() as usize)
        .build()?;
    report.workers_ready();

    // An answer stays where it is in memory: all threads see the one report, and a lock lets one of
    // them at a time add to it.
    let shared = Mutex::new((InOrder::default(), &mut *report));
    pool.install(|| {
        let numbered = tasks.enumerate().par_bridge();
        // Each worker has a buffer of its own, that it uses again for every file.
        let answers = numbered.map_init(FileHasher::new, |hasher, (number, task)| {
            (number, hasher.answer(task))
        });
        answers.try_for_each(|(number, answer)| {
            let (order, report) = &mut *shared.lock().unwrap_or_else(PoisonError::into_inner);
            order
                .put(number, answer)
                .try_for_each(|answer| report.take(answer))
        })
    })?;
    report.work_done();

    // The threads end by themselves. One that crashed would have taken this process with it.
    drop(pool);
    Ok(())
}
