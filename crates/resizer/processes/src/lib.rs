//! Resizing pictures with processes: procpool's workers, beside this process.
//!
//! Compare with `resizer-threads`: same order, other primitives.
#![warn(missing_docs)]

use anyhow::Result;
use procpool::{Job, Never, Pool};
use resizer::{Answer, Batch, PictureResizer, Report, Task, Work};

/// Resizes all pictures of `batch`, its number of workers at once, and hands the answers to `report`, in the
/// order of the tasks.
///
/// # Errors
/// If the processes cannot be started or `report` cannot be written.
pub fn run(batch: Batch, report: &mut Report) -> Result<()> {
    // Processes are this program once more: each has to be started, to connect, and to get its setup.
    let pool = Pool::<ResizePictures>::builder()
        .workers(batch.workers.get() as usize)
        .start(batch.work)?;
    report.workers_ready();

    // An answer is copied from one process to another; the pictures are not, as each worker reads and writes
    // them itself. A picture whose worker died has an answer too.
    pool.map(batch.tasks).try_for_each(|answer| {
        report.take(answer.unwrap_or_else(|lost| lost.task.unanswered(&lost.cause)))
    })?;
    report.work_done();

    // The processes are waited for. One that crashed has cost no more than the picture it was at.
    pool.shutdown()?;
    Ok(())
}

/// Each worker has a job of its own, with buffers that it uses again for every picture.
pub struct ResizePictures(PictureResizer);

impl Job for ResizePictures {
    const NAME: &'static str = "resize pictures";
    type Setup = Work;
    type Task = Task;
    type Output = Answer;
    type Error = Never;

    fn new(work: Work) -> Result<Self, Never> {
        Ok(Self(PictureResizer::new(work)))
    }

    fn run(&mut self, task: Task) -> Result<Answer, Never> {
        Ok(self.0.answer(task))
    }
}
