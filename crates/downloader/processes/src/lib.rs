//! Downloading pages with processes: procpool's workers, each of which waits for some pages at once.
//!
//! Compare with `downloader-threads` and `downloader-async`: same order, other primitives.
#![warn(missing_docs)]

mod shares;

use anyhow::Result;
use downloader::{Answer, Download, DownloadError, Fetcher, Report, Settings, Task, Turn, Turns};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use procpool::{Job, Pool};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::shares::Shares;

/// Fetches the pages of `download`, its number of workers at once, and hands the answers to `report`, in the
/// order of the tasks.
///
/// # Errors
/// If the processes cannot be started or `report` cannot be written.
pub fn run(download: Download, report: &mut Report) -> Result<()> {
    // Processes are this program once more, megabytes each: there are few, and each has several workers, which
    // are tasks of a runtime of its own. It has a client of its own too: connections are not shared.
    let shares = Shares::of(&download);
    let pool = Pool::<FetchPages>::builder()
        .workers(shares.processes as usize)
        .start(Setup {
            settings: download.settings,
            at_once: shares.at_once,
            per_host: shares.per_host,
        })?;
    if shares.at_once > 1 {
        report.in_processes(shares.processes);
    }
    report.workers_ready();

    // 50 pages at once are, say, 5 processes with 10 each: they get a bundle of URLs and give a bundle of
    // answers. A bundle whose worker died has answers too.
    pool.map(shares.bundles(download.tasks))
        .flat_map(|bundle| bundle.unwrap_or_else(|lost| unanswered(lost.task, &lost.cause)))
        .try_for_each(|answer| report.take(answer))?;
    report.work_done();

    // The processes are waited for. One that crashed has cost no more than the bundle it was at.
    pool.shutdown()?;
    Ok(())
}

fn unanswered(bundle: Vec<Task>, cause: &dyn std::error::Error) -> Vec<Answer> {
    let bundle = bundle.into_iter();
    bundle.map(|task| task.unanswered(cause)).collect()
}

/// What a process is told when it starts: nothing is seen from here that is not sent.
#[derive(Serialize, Deserialize)]
pub struct Setup {
    settings: Settings,
    /// How many pages it may fetch at once: its share.
    at_once: u16,
    /// Its share of those from one host.
    per_host: Option<u32>,
}

/// Each process has a job of its own, with a runtime and a client that it uses for all its bundles.
pub struct FetchPages {
    runtime: Runtime,
    fetcher: Fetcher,
    at_once: u16,
    per_host: Option<u32>,
}

impl Job for FetchPages {
    const NAME: &'static str = "fetch pages";
    type Setup = Setup;
    type Task = Vec<Task>;
    type Output = Vec<Answer>;
    type Error = DownloadError;

    fn new(setup: Setup) -> Result<Self, DownloadError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            runtime: runtime.map_err(|error| DownloadError::Worker(error.to_string()))?,
            fetcher: Fetcher::new(&setup.settings)?,
            at_once: setup.at_once,
            per_host: setup.per_host,
        })
    }

    fn run(&mut self, bundle: Vec<Task>) -> Result<Vec<Answer>, DownloadError> {
        Ok(self.runtime.block_on(self.fetch_all(bundle)))
    }
}

impl FetchPages {
    async fn fetch_all(&self, bundle: Vec<Task>) -> Vec<Answer> {
        let mut turns = Turns::new(bundle.into_iter(), self.per_host);
        let mut free: Vec<_> = (0..self.at_once).rev().collect();
        let mut under_way = FuturesUnordered::new();
        let mut answers = Vec::new();
        loop {
            while let Some(slot) = free.last().copied()
                && let Turn::Task(number, task) = turns.next()
            {
                free.pop();
                under_way
                    .push(async move { (slot, number, self.fetcher.answer(slot, task).await) });
            }
            let Some((slot, number, answer)) = under_way.next().await else {
                break;
            };
            free.push(slot);
            turns.done(number);
            answers.push((number, answer));
        }
        answers.sort_unstable_by_key(|(number, _)| *number);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}
