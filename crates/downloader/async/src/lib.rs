//! Downloading pages with tasks of one asynchronous runtime: one thread waits for all pages at once.
//!
//! Compare with `downloader-threads` and `downloader-processes`: same order, other primitives.
#![warn(missing_docs)]

use anyhow::Result;
use downloader::{Download, Fetcher, Report, Turn, Turns};
use harness::contestant::InOrder;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// Fetches the pages of `download`, its number of workers at once, and hands the answers to `report`, in the
/// order of the tasks.
///
/// # Errors
/// If there can be no runtime, or `report` cannot be written.
pub fn run(download: Download, report: &mut Report) -> Result<()> {
    // One runtime on this thread, and one client: whichever task is next takes a connection that is free. A
    // worker is no more than a number: a task that waits has no stack, only what it must remember.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let fetcher = Fetcher::new(&download.settings)?;
    report.workers_ready();

    // 50 pages at once are 50 tasks: this thread is asleep until any page comes, and goes on with its task.
    runtime.block_on(fetch_all(download, &fetcher, report))?;
    report.work_done();

    // What is under way ends with the runtime. A task that panicked has cost the run, but not the process.
    drop(runtime);
    Ok(())
}

/// Tasks are moved to the runtime, but all else stays here, and nothing is locked: on one thread, one at a time
/// is at it anyway.
async fn fetch_all(download: Download, fetcher: &Fetcher, report: &mut Report) -> Result<()> {
    let mut turns = Turns::new(download.tasks, download.per_host);
    let mut free: Vec<_> = (0..download.workers.get() as u16).rev().collect();
    let mut under_way = JoinSet::new();
    let mut order = InOrder::default();
    loop {
        while let Some(slot) = free.last().copied()
            && let Turn::Task(number, task) = turns.next()
        {
            free.pop();
            let fetcher = fetcher.clone();
            under_way.spawn(async move { (slot, number, fetcher.answer(slot, task).await) });
        }
        let Some(done) = under_way.join_next().await else {
            return Ok(());
        };
        let (slot, number, answer) = done?;
        free.push(slot);
        turns.done(number);
        order
            .put(number, answer)
            .try_for_each(|answer| report.take(answer))?;
    }
}
