//! A program from start to exit status: alike for every model but for how it spreads the tasks.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
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

use crate::batch::{Batch, Work};
use crate::contact_sheet::ContactSheet;
use crate::error::cause;
use crate::inputs::{Inputs, LeftOut};
use crate::names::Names;
use crate::options::{Options, program};
use crate::out::Out;
use crate::report::{Finished, Report, Setting};
use crate::sample;

/// How a variant spreads the tasks of a batch over its workers; answers to the report, in the order of the tasks.
pub type Spread = fn(Batch, &mut Report) -> Result<()>;

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
        sample::make(options.sample.case(), options.sample.seed, dir)?;
        return Ok(true);
    }
    conclude(&measured(model, spread, options)?, options, model)
}

fn measured(model: Model, spread: Spread, options: &Options) -> Result<Finished> {
    let places = Places::find(options)?;
    let sheet = places.sheet.as_ref();
    sheet.map_or(Ok(()), ContactSheet::check)?;
    let out = Out::open(&places.out)?;
    let inputs = places.inputs(options, &out);
    let workers = options.workers(model);
    let identity = Identity {
        scenario: "resizer",
        case: (places.sample.is_some()).then(|| options.sample.case().name().to_owned()),
        model,
        workers: workers.get(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let progress = progress(&inputs, options);
    let work = work(options, &out);
    let setting = Setting {
        program: program(model),
        out: out.folder.clone(),
        lines: !options.common.json,
        list: sheet.is_some(),
    };
    let mut report = Report::new(setting, Run::begin(identity), progress);
    let batch = Batch {
        tasks: inputs.tasks(Names::new(work.settings.format)),
        workers,
        work,
    };
    spread(batch, &mut report).map_err(name_closed_stdout)?;
    let finished = report
        .finish()
        .map_err(Into::into)
        .map_err(name_closed_stdout)?;
    // Not before: one picture of all is no part of what is spread.
    sheet.map_or(Ok(()), |sheet| sheet.make(&finished.results))?;
    Ok(finished)
}

/// Where everything is: what the user named, or a sample that is gone when this is dropped.
struct Places {
    paths: Vec<OsString>,
    out: PathBuf,
    sheet: Option<ContactSheet>,
    sample: Option<TempDir>,
}

impl Places {
    fn find(options: &Options) -> Result<Self> {
        let sheet = options.contact_sheet.as_ref();
        let mut places = Self {
            paths: options.paths.clone(),
            out: options.out.clone().unwrap_or_else(|| "resized".into()),
            sheet: sheet.map(|path| ContactSheet {
                path: path.clone(),
                overwrite: options.overwrite,
            }),
            sample: None,
        };
        if places.paths.is_empty() {
            places.make_sample(options)?;
        }
        Ok(places)
    }

    /// Makes the sample and goes into its folder, so that its names are the same wherever it is: the
    /// results of two models can be compared byte for byte. Results go there too, unless the user says where.
    fn make_sample(&mut self, options: &Options) -> Result<()> {
        let dir = tempfile::Builder::new()
            .prefix("resizer-sample-")
            .tempdir()
            .context("cannot make a temporary folder for the sample (set TMPDIR to one that can be written)")?;
        remove_on_interrupt(dir.path().to_owned());
        let case = options.sample.case();
        if !options.common.quiet {
            say!(
                "no pictures were named: making {} in {} (removed at the end)",
                case.title(),
                dir.path().display()
            );
        }
        sample::make(case, options.sample.seed, &dir.path().join("photos"))?;
        let of_user = self.sheet.as_mut().map(|sheet| &mut sheet.path);
        let out = options.out.as_ref().map(|_| &mut self.out);
        for path in of_user.into_iter().chain(out) {
            *path = std::path::absolute(&*path)
                .with_context(|| format!("cannot tell where {} is", path.display()))?;
        }
        std::env::set_current_dir(dir.path())
            .with_context(|| format!("cannot go to the folder {}", dir.path().display()))?;
        self.paths = vec!["photos".into()];
        self.sample = Some(dir);
        Ok(())
    }

    fn inputs(&self, options: &Options, out: &Out) -> Inputs {
        let sheet = self.sheet.iter().map(|sheet| sheet.path.as_path());
        Inputs {
            paths: self.paths.clone(),
            recursive: options.recursive || self.sample.is_some(),
            left_out: LeftOut::new([self.out.as_path(), out.parts()].into_iter().chain(sheet)),
        }
    }
}

fn work(options: &Options, out: &Out) -> Work {
    Work {
        settings: options.settings(),
        out: out.folder.clone().into(),
        parts: out.parts().into(),
        overwrite: options.overwrite,
        digests: options.common.json,
        misbehave: options.misbehave.clone(),
    }
}

/// A bar over the bytes of all files.
fn progress(inputs: &Inputs, options: &Options) -> Progress {
    if options.common.quiet || options.common.json {
        return Progress::hidden();
    }
    let inputs = inputs.clone();
    Progress::over_bytes(move |total| {
        inputs.count_bytes(|bytes| {
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
    if !options.common.quiet {
        summarise(finished, options.contact_sheet.as_deref(), model);
    }
    Ok(finished.record.outcome.failed == 0)
}

fn summarise(finished: &Finished, sheet: Option<&Path>, model: Model) {
    let count = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    };
    for (kind, passed) in &finished.passed_over {
        let many = kind.replacen("file ", "files ", 1);
        let plural = if many == *kind {
            format!("{kind}s")
        } else {
            many
        };
        say!("passed over {}", count(*passed, kind, &plural));
    }
    if finished.kept > 0 {
        let files = count(finished.kept, "file that exists", "files that exist");
        let them = if finished.kept == 1 { "it" } else { "them" };
        say!("kept {files} (--overwrite replaces {them})");
    }
    if let Some(sheet) = sheet {
        say!("all results at once: {}", sheet.display());
    }
    let summary = Summary {
        record: &finished.record,
        noun: Noun {
            one: "picture",
            many: "pictures",
        },
        next: next(model),
        width: terminal_width(),
    };
    say!("{}", summary.text().trim_end());
}

/// The command to try after the program of `model`.
fn next(model: Model) -> &'static str {
    match model {
        Model::Sequential => "cargo run --release -p resizer-threads",
        Model::Threads => "cargo run --release -p resizer-processes",
        _ => "cargo versus run resizer",
    }
}
