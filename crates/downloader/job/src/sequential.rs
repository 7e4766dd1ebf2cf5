//! Downloading pages one after another: what the models are measured against.

use anyhow::Result;
use tokio::runtime::Builder;

use crate::{Download, Fetcher, Report};

/// Fetches the pages of `download` and hands the answers to `report`, in the order of the tasks.
///
/// # Errors
/// If there can be no runtime, or `report` cannot be written.
pub fn run(download: Download, report: &mut Report) -> Result<()> {
    // One runtime on this thread, and one client: the connection to a server is used again.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let fetcher = Fetcher::new(&download.settings)?;
    report.workers_ready();

    // While a page is on its way, nothing else happens: the waiting adds up.
    for task in download.tasks {
        let answer = runtime.block_on(fetcher.answer(0, task));
        report.take(answer)?;
    }
    report.work_done();
    Ok(())
}
