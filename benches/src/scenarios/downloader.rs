//! Downloading pages of a site on this machine, some milliseconds away.

use std::env;
use std::process;

use anyhow::{Context, Result};
use criterion::Throughput;
use downloader::{Site, Spread, record, sequential, serve_site_if_asked};
use downloader_processes::FetchPages;
use harness::record::Model;

use super::runs;
use crate::Side;
use crate::group::Group;

const PAGES: u64 = 10;

pub(super) fn serve() {
    procpool::serve::<FetchPages>();
    if let Some(status) = serve_site_if_asked() {
        process::exit(i32::from(status != process::ExitCode::SUCCESS));
    }
}

pub(super) fn group() -> Group {
    Group {
        name: "downloader",
        throughput: Throughput::Elements(PAGES),
        long: true,
        sides: vec![
            (
                "sequential",
                Box::new(|| side(Model::Sequential, sequential::run)),
            ),
            (
                "threads",
                Box::new(|| side(Model::Threads, downloader_threads::run)),
            ),
            (
                "async",
                Box::new(|| side(Model::Async, downloader_async::run)),
            ),
            (
                "processes",
                Box::new(|| side(Model::Processes, downloader_processes::run)),
            ),
        ],
    }
}

/// With the number of workers that a program takes by itself: waiting costs no core.
fn side(model: Model, spread: Spread) -> Result<Side> {
    let program = env::current_exe().context("cannot tell which program this is")?;
    let site = Site::start(program, ["--seed=1"]).context("cannot start the site to download")?;
    Ok(runs(PAGES, move || {
        let page = |number| format!("{}/page/{number}?size=10kB&latency=10ms", site.url());
        let pages = (1..=PAGES).map(page);
        record(
            model,
            spread,
            ["--no-proxy".to_owned()].into_iter().chain(pages),
        )
    }))
}
