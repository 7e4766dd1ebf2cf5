//! A program from start to exit status: alike for every model but for how its workers talk.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use harness::contestant::{
    Identity, Noun, Run, Summary, on_interrupt, terminal_width, wait_if_interrupted,
};
use harness::record::{Model, RunRecord};
use harness::say;

use crate::options::{Options, Place, program, workers};
use crate::plan::Plan;
use crate::report::{MessengerRecord, Report};
use crate::table;

/// Has two workers talk as planned, and reports it.
pub type Spread = fn(&Plan, &mut Report) -> Result<()>;

/// The program of a variant. Its result is the exit status of the process.
pub fn main(model: Model, spread: Spread) -> ExitCode {
    let options = Options::read(model);
    let result = run(model, spread, &options);
    wait_if_interrupted();
    match result {
        Ok(()) => ExitCode::SUCCESS,
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
    Ok(measured(model, spread, &options)?.run)
}

fn run(model: Model, spread: Spread, options: &Options) -> Result<()> {
    // There may be nothing to clear up: but then, too, the status is that of an interrupted program.
    on_interrupt(|| ());
    conclude(&measured(model, spread, options)?, options)
}

fn measured(model: Model, spread: Spread, options: &Options) -> Result<MessengerRecord> {
    let plan = options.plan(model)?;
    let identity = Identity {
        scenario: "messenger",
        case: options.case(),
        model,
        workers: workers(model),
        version: env!("CARGO_PKG_VERSION"),
    };
    let mut report = Report::new(Run::begin(identity), &plan);
    let done = spread(&plan, &mut report);
    wait_if_interrupted();
    if done.is_err() && !options.common.json {
        // How far it came.
        print(&table::cells(report.cells()))?;
    }
    done?;
    Ok(report.finish())
}

fn conclude(record: &MessengerRecord, options: &Options) -> Result<()> {
    if options.common.json {
        let json = serde_json::to_string(record).context("cannot write the run record")?;
        print(&(json + "\n"))?;
    } else {
        print(&table::cells(&record.cells))?;
    }
    if options.common.quiet {
        return Ok(());
    }
    for note in notes(record, options.place) {
        say!("  {note}");
    }
    if record.run.spans.len() > workers(record.run.model) as usize {
        // A timeline is of one talk: each has a second worker of its own.
        say!("  next: {}", next(record.run.model));
        return Ok(());
    }
    let summary = Summary {
        record: &record.run,
        noun: Noun {
            one: "message",
            many: "messages",
        },
        next: next(record.run.model),
        width: terminal_width(),
    };
    say!("{}", summary.text().trim_end());
    Ok(())
}

/// What one should know of the figures.
fn notes(record: &MessengerRecord, place: Place) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if record.run.model != Model::Sequential {
        notes.push(match place {
            Place::Same => {
                "both workers on one core: one that looks again and again (spin) keeps the other from answering"
            }
            Place::Other => {
                "each worker on a core of its own: one that sleeps is woken on another core"
            }
            Place::Free => {
                "the system puts both workers on one core or on two, which is not the same: try --place same, --place \
                 other"
            }
        });
    }
    if record.run.unoptimised {
        notes.push("built without optimisation: these times are not representative, add --release");
    }
    notes
}

fn print(text: &str) -> Result<()> {
    io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => anyhow::anyhow!("stdout: closed by its reader"),
            _ => anyhow::anyhow!("stdout: {error}"),
        })
}

/// The command to try after the program of `model`.
fn next(model: Model) -> &'static str {
    match model {
        Model::Sequential => "cargo run --release -p messenger-threads",
        Model::Threads => "cargo run --release -p messenger-processes",
        _ => "cargo run --release -p messenger-processes -- --place same",
    }
}
