//! A program from start to exit status: alike for every model but for how it spreads the tasks.

use std::ffi::OsString;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use downloader_site::Site;
use harness::contestant::{
    Identity, Noun, Progress, Run, Summary, on_interrupt, terminal_width, wait_if_interrupted,
};
use harness::record::{Model, RunRecord};
use harness::say;

use crate::descriptors;
use crate::error::of_system;
use crate::failed::Failed;
use crate::names::Names;
use crate::notices::Noticeboard;
use crate::options::{Options, program};
use crate::parts::Parts;
use crate::report::{Lines, Out, Report};
use crate::site;
use crate::task::{COUNTED, Download, Tasks};
use crate::urls;

/// How a variant spreads a download: over its workers, answers to the report in the order of the tasks.
pub type Spread = fn(Download, &mut Report) -> Result<()>;

/// Files that a worker has open at most: the connection, another one that is being made, the page, a runtime's.
const FILES_A_WORKER: u64 = 8;

/// The program of the variant that is built on `model` and spreads its tasks with `spread`. Its result
/// is the exit status of the process.
pub fn main(model: Model, spread: Spread) -> ExitCode {
    if let Some(ended) = site::serve_if_asked() {
        return ended;
    }
    let options = Options::read(model);
    let result = run(model, spread, &options);
    wait_if_interrupted();
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say!("{}: {error:#}", program(model));
            ExitCode::from(1)
        }
    }
}

/// The record of one run in this process, as the program of `model` would do it with these arguments: for benches.
/// Nothing is printed but what fails, on stderr.
///
/// # Errors
/// If the arguments are wrong, or the run fails.
pub fn record<A>(model: Model, spread: Spread, arguments: A) -> Result<RunRecord>
where
    A: IntoIterator<Item: Into<OsString>>,
{
    let always = [program(model), "--json", "--quiet"].map(OsString::from);
    let arguments = arguments.into_iter().map(Into::into);
    let options = Options::parse(model, always.into_iter().chain(arguments))?;
    measured(model, spread, &options)
}

/// Does what `options` ask for. Whether nothing failed.
fn run(model: Model, spread: Spread, options: &Options) -> Result<bool> {
    if let (Some(path), Some(site)) = (&options.sample.make_list, &options.sample.site) {
        let list = options.sample.case.urls(site).join("\n");
        std::fs::write(path, list + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(true);
    }
    // There may be nothing to clear up: but then, too, the status is that of an interrupted program.
    on_interrupt(|| ());
    conclude(&measured(model, spread, options)?, options, model)
}

fn measured(model: Model, spread: Spread, options: &Options) -> Result<RunRecord> {
    let Input { tasks, count, site } = Input::find(options)?;
    let asked = options.workers(model);
    let workers = at_most(asked, count);
    descriptors::allow(u64::from(workers.get()) * FILES_A_WORKER)?;
    let out = out(options)?;
    let progress = progress(options, count);
    let board = noticeboard(&progress);
    let mut settings = options.settings(out.as_ref().map(|out| out.parts.folder().to_owned()))?;
    settings.notices = board.as_ref().map(|board| board.folder().to_owned());
    let download = Download {
        tasks,
        count,
        workers,
        per_host: options.fetching.per_host.map(NonZeroU32::get),
        settings,
    };
    let identity = Identity {
        scenario: "downloader",
        case: options
            .is_sample()
            .then(|| options.sample.case.name().to_owned()),
        model,
        workers: options.common.workers.unwrap_or(workers).get(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let failed = failed(options)?;
    let run = Run::begin(identity);
    let mut report = Report::new(program(model), run, progress, lines(options), out, failed);
    spread(download, &mut report).map_err(name_closed_stdout)?;
    let record = report.finish()?;
    // Not before: what the site takes is waited for here, and is no part of the run.
    drop((site, board));
    Ok(record)
}

/// What is downloaded: what the user named, or a site that is gone when this is dropped.
struct Input {
    tasks: Tasks,
    count: Option<usize>,
    site: Option<Site>,
}

impl Input {
    fn find(options: &Options) -> Result<Self> {
        let (mut urls, mut site) = (options.urls.clone(), None);
        if options.is_sample() {
            let base = match &options.sample.site {
                Some(base) => base.clone(),
                None => site.insert(sample(options)?).url().to_owned(),
            };
            urls = options.sample.case.urls(&base);
        }
        let files = &options.input_file;
        let names: Vec<_> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let mut tasks = urls::tasks(urls, files)
            .with_context(|| format!("cannot read URLs from {}", names.join(", ")))?;
        let first: Vec<_> = tasks.by_ref().take(COUNTED).collect();
        if first.is_empty() {
            bail!("there is no URL in {}", names.join(", "));
        }
        Ok(Self {
            count: Some(first.len()).filter(|count| *count < COUNTED),
            tasks: Box::new(first.into_iter().chain(tasks)),
            site,
        })
    }
}

fn sample(options: &Options) -> Result<Site> {
    let site = site::start(options.sample.seed)?;
    if !options.common.quiet {
        say!(
            "no URL was named: downloading {}, from a site on this machine ({})",
            options.sample.case.title(),
            site.url()
        );
    }
    Ok(site)
}

/// No more workers than tasks.
fn at_most(workers: NonZeroU32, count: Option<usize>) -> NonZeroU32 {
    let count = count.and_then(|count| u32::try_from(count).ok());
    count
        .and_then(NonZeroU32::new)
        .map_or(workers, |count| workers.min(count))
}

fn out(options: &Options) -> Result<Option<Out>> {
    let Some(folder) = &options.out else {
        return Ok(None);
    };
    Ok(Some(Out {
        folder: folder.clone(),
        parts: Parts::open(folder, options.resume)?,
        names: Names::default(),
        overwrite: options.overwrite,
    }))
}

fn failed(options: &Options) -> Result<Option<Failed>> {
    refuse_own_input(options)?;
    let create = |path: &std::path::PathBuf| {
        Failed::create(path).with_context(|| format!("cannot write {}", path.display()))
    };
    options.failed.as_ref().map(create).transpose()
}

/// A list is read as it is needed: what is written to it meanwhile would be read as its rest, without an end.
fn refuse_own_input(options: &Options) -> Result<()> {
    let Some(failed) = options
        .failed
        .as_ref()
        .and_then(|path| path.canonicalize().ok())
    else {
        return Ok(());
    };
    for input in &options.input_file {
        if input.canonicalize().is_ok_and(|input| input == failed) && failed.is_file() {
            bail!(
                "{} cannot be the list that is read and that of what failed: name another file for --failed",
                input.display()
            );
        }
    }
    Ok(())
}

fn progress(options: &Options, count: Option<usize>) -> Progress {
    if options.common.quiet || options.common.json {
        return Progress::hidden();
    }
    Progress::over_items(count.map(|count| count as u64))
}

/// Where workers tell what they are at; none where nobody looks. Nor where there can be no folder for it: it is only
/// looked at.
fn noticeboard(progress: &Progress) -> Option<Noticeboard> {
    let board = progress.is_shown().then(|| Noticeboard::open().ok())??;
    progress.show_running(board.reader());
    Some(board)
}

fn lines(options: &Options) -> Lines {
    match options {
        Options { common, .. } if common.json => Lines::None,
        Options {
            json_lines: true, ..
        } => Lines::Json,
        _ => Lines::Text,
    }
}

/// A reader that has seen enough (`| head -1`) is named as the cause, instead of the bare error.
fn name_closed_stdout(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<io::Error>() {
        Ok(io) => name_stdout(io),
        Err(error) => error,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn name_stdout(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => {
            anyhow::anyhow!("stdout: closed by its reader ({})", of_system(&error))
        }
        _ => anyhow::anyhow!("output cannot be written: {}", of_system(&error)),
    }
}

/// Prints the record and the summary, as far as they are wanted. Whether nothing failed.
fn conclude(record: &RunRecord, options: &Options, model: Model) -> Result<bool> {
    if options.common.json {
        let text = serde_json::to_string(record).context("cannot write the run record")?;
        writeln!(io::stdout(), "{text}").map_err(name_stdout)?;
    }
    if !options.common.quiet {
        let summary = Summary {
            record,
            noun: Noun {
                one: "page",
                many: "pages",
            },
            next: next(model),
            width: terminal_width(),
        };
        say!("{}", summary.text().trim_end());
    }
    Ok(record.outcome.failed == 0)
}

/// The command to try after the program of `model`.
fn next(model: Model) -> &'static str {
    match model {
        Model::Sequential => "cargo run --release -p downloader-threads",
        Model::Threads => "cargo run --release -p downloader-async",
        Model::Async => "cargo run --release -p downloader-processes",
        _ => "cargo versus run downloader",
    }
}
