//! A program from start to exit status: alike for every model but for how it spreads the tasks.

use std::ffi::OsString;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use harness::contestant::{
    Identity, Noun, Progress, Run, Summary, remove_on_interrupt, terminal_width,
    wait_if_interrupted,
};
use harness::record::{Model, RunRecord};
use harness::say;
use tempfile::TempDir;

use crate::error::cause;
use crate::options::{Options, program};
use crate::report::{Finished, Report};
use crate::sample;
use crate::task::Tasks;
use crate::{checklist, inputs};

/// How a variant spreads the tasks: over so many workers, answers to the report in the order of the tasks.
pub type Spread = fn(Tasks, NonZeroU32, &mut Report) -> Result<()>;

/// The program of the variant that is built on `model` and spreads its tasks with `spread`. Its result
/// is the exit status of the process.
pub fn main(model: Model, spread: Spread) -> ExitCode {
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
    Ok(measured(model, spread, &options)?.record)
}

/// Does what `options` ask for. Whether nothing failed.
fn run(model: Model, spread: Spread, options: &Options) -> Result<bool> {
    if let Some(dir) = &options.sample.make_sample {
        sample::make(options.sample.case, options.sample.seed, dir)?;
        return Ok(true);
    }
    conclude(&measured(model, spread, options)?, options, model)
}

fn measured(model: Model, spread: Spread, options: &Options) -> Result<Finished> {
    let workers = options.workers(model);
    let input = Input::find(options)?;
    let identity = Identity {
        scenario: "hasher",
        case: input
            .sample
            .is_some()
            .then(|| options.sample.case.name().to_owned()),
        model,
        workers: workers.get(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let progress = progress(&input, options);
    let mut report = Report::new(program(model), options, Run::begin(identity), progress);
    spread(input.tasks(options), workers, &mut report).map_err(name_closed_stdout)?;
    report
        .finish()
        .map_err(Into::into)
        .map_err(name_closed_stdout)
}

/// What is hashed: what the user named, or a sample that is gone when this is dropped.
struct Input {
    files: Vec<OsString>,
    recursive: bool,
    sample: Option<TempDir>,
}

impl Input {
    fn find(options: &Options) -> Result<Self> {
        let mut files = options.files.clone();
        if files.is_empty() && options.check {
            files.push(inputs::STDIN.into());
        }
        if files.is_empty() {
            Self::sample(options)
        } else {
            Ok(Self {
                files,
                recursive: options.recursive,
                sample: None,
            })
        }
    }

    /// Makes the sample and goes into its folder, so that its names are the same wherever it is: the
    /// results of two models can be compared byte for byte.
    fn sample(options: &Options) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("hasher-sample-")
            .tempdir()
            .context("cannot make a temporary folder for the sample (set TMPDIR to one that can be written)")?;
        remove_on_interrupt(dir.path().to_owned());
        let case = options.sample.case;
        if !options.common.quiet {
            say!(
                "no files were named: making {} in {} (removed at the end)",
                case.title(),
                dir.path().display()
            );
        }
        sample::make(case, options.sample.seed, dir.path())?;
        std::env::set_current_dir(dir.path())
            .with_context(|| format!("cannot go to the folder {}", dir.path().display()))?;
        Ok(Self {
            files: vec![".".into()],
            recursive: true,
            sample: Some(dir),
        })
    }

    fn tasks(&self, options: &Options) -> Tasks {
        if options.check {
            checklist::tasks(self.files.clone())
        } else {
            inputs::tasks(self.files.clone(), self.recursive)
        }
    }
}

/// A bar over the bytes of all files; none while checking, as what a list names is only known at its end.
fn progress(input: &Input, options: &Options) -> Progress {
    if options.common.quiet || options.common.json || options.check {
        return Progress::hidden();
    }
    let (files, recursive) = (input.files.clone(), input.recursive);
    Progress::over_bytes(move |total| {
        inputs::count_bytes(&files, recursive, |bytes| {
            total.fetch_add(bytes, Ordering::Relaxed);
        });
    })
}

/// A reader that has seen enough (`| head -1`) is named as the cause, instead of the bare error.
fn name_closed_stdout(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref::<io::Error>() {
        Some(io) if io.kind() == io::ErrorKind::BrokenPipe => {
            anyhow::anyhow!("stdout: closed by its reader ({})", cause(io))
        }
        Some(io) => anyhow::anyhow!("stdout: {}", cause(io)),
        None => error,
    }
}

/// Prints the record and the summary, as far as they are wanted. Whether nothing failed.
fn conclude(finished: &Finished, options: &Options, model: Model) -> Result<bool> {
    if options.common.json {
        let record =
            serde_json::to_string(&finished.record).context("cannot write the run record")?;
        writeln!(io::stdout(), "{record}")
            .map_err(anyhow::Error::from)
            .map_err(name_closed_stdout)?;
    }
    if !(options.common.quiet || options.checking.status) {
        summarise(finished, model);
    }
    Ok(finished.record.outcome.failed == 0 && !finished.lists_failed)
}

fn summarise(finished: &Finished, model: Model) {
    for (kind, count) in &finished.passed_over {
        let plural = if *count == 1 { "" } else { "s" };
        say!("passed over {count} {kind}{plural}: only regular files are hashed");
    }
    let summary = Summary {
        record: &finished.record,
        noun: Noun {
            one: "file",
            many: "files",
        },
        next: next(model),
        width: terminal_width(),
    };
    say!("{}", summary.text().trim_end());
}

/// The command to try after the program of `model`.
fn next(model: Model) -> &'static str {
    match model {
        Model::Sequential => "cargo run --release -p hasher-threads",
        Model::Threads => "cargo run --release -p hasher-processes",
        _ => "cargo versus run hasher",
    }
}
