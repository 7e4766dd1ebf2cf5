//! Resizing pictures one after another: what the models are measured against.

use anyhow::Result;

use crate::{Batch, PictureResizer, Report};

/// Resizes all pictures of `batch` and hands the answers to `report`, in the order of the tasks.
///
/// # Errors
/// If `report` cannot be written.
pub fn run(batch: Batch, report: &mut Report) -> Result<()> {
    // One worker with one set of buffers: this thread itself.
    let mut resizer = PictureResizer::new(batch.work);
    report.workers_ready();

    // While it calculates, the other processors have nothing to do.
    for task in batch.tasks {
        report.take(resizer.answer(task))?;
    }
    report.work_done();
    Ok(())
}
