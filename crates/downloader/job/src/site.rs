//! The site that is downloaded where nobody names a URL.

use std::env;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use downloader_site::Site;
use downloader_site::server::{self, Options};
use harness::say;

/// What makes a program of ours the site: an option that only a site has, and that [`Site`] gives first.
const LIFELINE: &str = "--until-stdin-closes";

/// Serves the site, if this process was started for that.
///
/// The site is a process of its own, lest its time be taken for the downloader's. But it is no other program:
/// cargo would build that only for those who ask for it, and `cargo run -p downloader-threads` shall work on an
/// empty machine. So every downloader has the server in it, and starts itself once more.
pub fn serve_if_asked() -> Option<ExitCode> {
    if env::args_os().nth(1)? != LIFELINE {
        return None;
    }
    Some(match server::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say!("site: {error:#}");
            ExitCode::FAILURE
        }
    })
}

/// Starts the site and waits until it listens. It ends with the value, or with this process.
pub(crate) fn start(seed: u64) -> Result<Site> {
    let program = env::current_exe().context("cannot tell which program this is")?;
    Site::start(program, ["--seed", &seed.to_string()]).context("cannot start the site to download")
}

/// How many pages of what kind, how far away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// 5 pages of 10 kB, 200 ms away
    FivePages,
    /// 200 pages of 10 kB, 20 ms away
    TwoHundred,
    /// 2,000 pages of 10 kB, 50 ms away
    TwoThousand,
    /// 300 compressed pages of 200 kB, no distance away: unpacking them is most of the work
    ShortWait,
}

impl Case {
    /// Its name on the command line and in records.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FivePages => "five-pages",
            Self::TwoHundred => "two-hundred",
            Self::TwoThousand => "two-thousand",
            Self::ShortWait => "short-wait",
        }
    }

    /// What it is, for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::FivePages => "5 pages of 10 kB, 200 ms away",
            Self::TwoHundred => "200 pages of 10 kB, 20 ms away",
            Self::TwoThousand => "2,000 pages of 10 kB, 50 ms away",
            Self::ShortWait => "300 compressed pages of 200 kB, no distance away",
        }
    }

    /// The URLs of its pages, at the site `base`.
    pub(crate) fn urls(self, base: &str) -> Vec<String> {
        let (pages, different, query) = match self {
            Self::FivePages => (5, 5, "size=10kB&latency=200ms"),
            Self::TwoHundred => (200, 200, "size=10kB&latency=20ms"),
            Self::TwoThousand => (2_000, 2_000, "size=10kB&latency=50ms"),
            // The site packs each once, which takes longer than to unpack it.
            Self::ShortWait => (300, 20, "size=200kB&encode=gzip"),
        };
        let page = |number| format!("{base}/page/{}?{query}", number % different + 1);
        (0..pages).map(page).collect()
    }
}
