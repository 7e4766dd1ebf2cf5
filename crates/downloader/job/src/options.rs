//! The command line.

use std::ffi::OsString;
use std::fs;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use bytesize::ByteSize;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser};
use harness::contestant::CommonOptions;
use harness::record::Model;

use crate::client::authorities;
use crate::settings::Settings;
use crate::site::Case;

/// Download pages, many at once.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub(crate) struct Options {
    /// Pages to download. Without any: those of a small site of its own
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// Download the pages in FILE too, a URL a line; `-` is standard input
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input_file: Vec<PathBuf>,

    /// Keep the pages, in DIR; without it they are only measured
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Replace files that are there, instead of taking other names
    #[arg(long, requires = "out")]
    pub(crate) overwrite: bool,

    /// Keep what has come of pages that do not come whole, and go on with it next time
    #[arg(long, requires = "out")]
    pub(crate) resume: bool,

    /// Write what failed to FILE, as a list for --input-file
    #[arg(long, value_name = "FILE")]
    pub(crate) failed: Option<PathBuf>,

    /// Print a JSON object a page, instead of columns
    #[arg(long, conflicts_with = "json")]
    pub(crate) json_lines: bool,

    #[command(flatten)]
    pub(crate) fetching: FetchOptions,

    #[command(flatten)]
    pub(crate) sample: SampleOptions,

    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

/// How pages are fetched.
#[derive(Clone, Debug, Args)]
pub(crate) struct FetchOptions {
    /// How many pages of one host to fetch at once, at most
    #[arg(long, value_name = "N")]
    pub(crate) per_host: Option<NonZeroU32>,

    /// Give up on a server that is silent for so long
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    timeout: Duration,

    /// Give up on a page that takes longer, all tries together
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    deadline: Option<Duration>,

    /// Give up on a page that is larger, after decompression
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<ByteSize>,

    /// Try again so often after errors that may pass: 408, 429, 5xx but 501 and 505, no connection, silence, cut off
    #[arg(long, value_name = "N", default_value_t = 4)]
    retries: u32,

    /// Wait about so long before the first of these, and twice as long before each other
    #[arg(long, value_name = "TIME", default_value = "500ms", value_parser = humantime::parse_duration)]
    retry_wait: Duration,

    /// Wait no longer than so long for a page in all, also if its server asks to (Retry-After)
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = humantime::parse_duration)]
    retry_budget: Duration,

    /// Follow so many redirects
    #[arg(long, value_name = "N", default_value_t = 10)]
    redirects: usize,

    /// Trust the authorities in FILE (PEM), and not those of the system
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Connect directly, whatever `HTTP_PROXY` and the like say
    #[arg(long)]
    no_proxy: bool,
}

/// The site that is downloaded where no URL is given.
#[derive(Clone, Debug, Args)]
pub(crate) struct SampleOptions {
    /// Which pages of the site to download
    #[arg(long, value_enum, default_value_t = Case::FivePages)]
    pub(crate) case: Case,

    /// Seed of the site: the same seed gives the same pages
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Download them from the site at URL, that is there already (downloader-site), instead of starting one
    #[arg(long, value_name = "URL", conflicts_with_all = ["urls", "input_file"])]
    pub(crate) site: Option<String>,

    /// Only write the list of these pages to FILE
    #[arg(long, value_name = "FILE", requires = "site")]
    pub(crate) make_list: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  NAME                                         download 5 pages of a small site, which is started and ended
  NAME --case two-thousand --workers 50        more pages
  NAME https://example.org/ --out pages        keep a page
  NAME --input-file urls.txt --out pages --failed again.txt
  NAME --input-file again.txt --out pages      what failed, once more

A line a page on stdout, in the order of the input: status, bytes, seconds, URL, and where it is (without
--out: its SHA-256). What failed is named on stderr as well.
Exit status: 0 all done, 1 some pages failed, 2 wrong command line.";

impl Options {
    /// Reads the command line of the program for `model`. Ends the program if it is wrong (status 2)
    /// or asks for help.
    pub(crate) fn read(model: Model) -> Self {
        Self::parse(model, std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// The options of such a command line, whose first argument is the program.
    ///
    /// # Errors
    /// If it is wrong, or asks for help.
    pub(crate) fn parse<A>(model: Model, arguments: A) -> Result<Self, clap::Error>
    where
        A: IntoIterator<Item: Into<OsString> + Clone>,
    {
        let name = program(model);
        let mut command = Self::command()
            .name(name)
            .bin_name(name)
            .after_help(EXAMPLES.replace("NAME", name))
            .mut_arg("workers", |arg| arg.help(workers_help(model)));
        let matches = command.try_get_matches_from_mut(arguments)?;
        let options = Self::from_arg_matches(&matches)?;
        let workers = options.common.workers;
        if model == Model::Sequential && workers.is_some_and(|workers| workers.get() > 1) {
            let message = "this program has one worker; downloader-threads, downloader-async and downloader-processes have more";
            return Err(command.error(ErrorKind::ValueValidation, message));
        }
        Ok(options)
    }

    /// How many pages `model` may fetch at once.
    pub(crate) fn workers(&self, model: Model) -> NonZeroU32 {
        self.common.workers.unwrap_or(default_workers(model))
    }

    /// Whether the program downloads its own site.
    pub(crate) fn is_sample(&self) -> bool {
        self.urls.is_empty() && self.input_file.is_empty()
    }

    /// How each page is fetched; what has come of it so far is in the folder `parts`.
    pub(crate) fn settings(&self, parts: Option<PathBuf>) -> Result<Settings> {
        let fetching = &self.fetching;
        Ok(Settings {
            timeout: fetching.timeout,
            deadline: fetching.deadline,
            max_bytes: fetching.max_bytes.map(|size| size.as_u64()),
            retries: fetching.retries,
            retry_wait: fetching.retry_wait,
            retry_budget: fetching.retry_budget,
            redirects: fetching.redirects,
            authorities: self.authorities()?,
            // The site is on this very machine, where no proxy could reach it.
            proxies: !(fetching.no_proxy || self.is_sample()),
            parts,
            keep_parts: self.resume,
            notices: None,
        })
    }

    fn authorities(&self) -> Result<Option<Vec<u8>>> {
        let Some(path) = &self.fetching.ca_file else {
            return Ok(None);
        };
        let cannot = || format!("cannot read authorities from {}", path.display());
        let pem = fs::read(path).with_context(cannot)?;
        // Here, and not in each worker.
        authorities(&pem).with_context(cannot)?;
        Ok(Some(pem))
    }
}

/// Waiting costs a thread or a slot little, so there are many; a process has megabytes of its own.
fn default_workers(model: Model) -> NonZeroU32 {
    let workers = match model {
        Model::Sequential | Model::Command => 1,
        Model::Threads | Model::Async => 50,
        Model::Processes => 8,
    };
    NonZeroU32::new(workers).unwrap_or(NonZeroU32::MIN)
}

fn workers_help(model: Model) -> String {
    let workers = default_workers(model);
    let more = match model {
        Model::Processes => "; beyond 8, several share a process",
        _ => "",
    };
    format!("How many pages to fetch at once, at most [default: {workers}]{more}")
}

/// The name of the program for `model`.
pub(crate) fn program(model: Model) -> &'static str {
    match model {
        // The last one is no model of a variant.
        Model::Sequential | Model::Command => "downloader",
        Model::Threads => "downloader-threads",
        Model::Processes => "downloader-processes",
        Model::Async => "downloader-async",
    }
}
