//! Resizing pictures with threads: rayon's pool, in this process.
//!
//! Compare with `resizer-processes`: same order, other primitives.
#![warn(missing_docs)]

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use harness::contestant::InOrder;
use rayon::ThreadPoolBuilder;
use rayon::iter::{ParallelBridge, ParallelIterator};
use resizer::{Batch, PictureResizer, Report};

/// Resizes all pictures of `batch`, its number of workers at once, and hands the answers to `report`, in the
/// order of the tasks.
///
/// # Errors
/// If the threads cannot be started or `report` cannot be written.
pub fn run(batch: Batch, report: &mut Report) -> Result<()> {
    // Threads are in this program already: each needs a stack, and nothing has to connect.
    let pool = ThreadPoolBuilder::new()
        .num_threads(batch.workers.get() as usize)
        .build()?;
    report.workers_ready();

    // An answer stays where it is in memory: all threads see the one report, and a lock lets one of
    // them at a time add to it.
    let shared = Mutex::new((InOrder::default(), &mut *report));
    pool.install(|| {
        let numbered = batch.tasks.enumerate().par_bridge();
        // Each worker has buffers of its own, that it uses again for every picture.
        let new_resizer = || PictureResizer::new(batch.work.clone());
        let answers = numbered.map_init(new_resizer, |resizer, (number, task)| {
            (number, resizer.answer(task))
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
