//! Hashing files with threads: rayon's pool, in this process.
//!
//! Compare with `hasher-processes`: same order, other primitives.
#![warn(missing_docs)]

use std::num::NonZeroU32;
use std::sync::mpsc::{Sender, channel};

use anyhow::Result;
use harness::contestant::in_order;
use hasher::{Answer, FileHasher, Report, Tasks};
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

    // An answer is moved from one thread to another: its bytes stay where they are.
    let (sender, answers) = channel();
    pool.in_place_scope(|scope| {
        scope.spawn(move |_| hash(tasks, &sender));
        in_order(answers).try_for_each(|answer| report.take(answer))
    })?;
    report.work_done();

    // The threads end by themselves. One that crashed would have taken this process with it.
    drop(pool);
    Ok(())
}

/// Each worker takes the next task when it is free, and has a buffer that it uses again for every file.
fn hash(tasks: Tasks, answers: &Sender<(usize, Answer)>) {
    let numbered = tasks.enumerate().par_bridge();
    // Without a receiver there is nobody to work for: `None` stops all workers.
    let _ = numbered
        .map_init(FileHasher::new, |hasher, (number, task)| {
            (number, hasher.answer(task))
        })
        .try_for_each(|answer| answers.send(answer).ok());
}
