//! A program from start to exit status: alike for every model but for how it starts workers.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use harness::contestant::{Identity, Run, on_interrupt, wait_if_interrupted};
use harness::measure::whole::write_whole;
use harness::record::{Model, RunRecord};
use harness::say;

use crate::figure::LEAST_BLOCKS;
use crate::options::{Options, program};
use crate::picture::picture;
use crate::report::{Measured, Report, SpawnerRecord};
use crate::started::Starter;
use crate::traces::Traces;
use crate::{break_even, costs, limit, table};

/// What a variant does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// Its model.
    pub model: Model,
    /// How it starts workers.
    pub starter: Starter,
}

/// The program of a variant. Its result is the exit status of the process.
pub fn main(variant: Variant) -> ExitCode {
    let options = Options::read(variant.model);
    let result = run(variant, &options);
    wait_if_interrupted();
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say!("{}: {error:#}", program(variant.model));
            ExitCode::from(1)
        }
    }
}

/// The record of one run in this process, as the program of `variant` would do it with these arguments: for benches.
/// Nothing is printed but what fails, on stderr.
///
/// # Errors
/// If the arguments are wrong, or the run fails.
pub fn record<A>(variant: Variant, arguments: A) -> Result<RunRecord>
where
    A: IntoIterator<Item: Into<OsString>>,
{
    let model = variant.model;
    let always = [program(model), "--json", "--quiet"].map(OsString::from);
    let arguments = arguments.into_iter().map(Into::into);
    let options = Options::parse(model, always.into_iter().chain(arguments))?;
    Ok(measured(variant, &options)?.run)
}

/// Does what `options` ask for. Whether nothing was left behind.
fn run(variant: Variant, options: &Options) -> Result<bool> {
    // There may be nothing to clear up: but then, too, the status is that of an interrupted program.
    on_interrupt(|| ());
    let beside = options.beside.as_deref().map(read_record).transpose()?;
    let mut record = measured(variant, options)?;
    if let Some(beside) = beside {
        record.break_evens.splice(0..0, beside.break_evens);
    }
    conclude(&record, options)?;
    Ok(record.run.outcome.failed == 0)
}

fn measured(variant: Variant, options: &Options) -> Result<SpawnerRecord> {
    let identity = Identity {
        scenario: "spawner",
        case: case(options),
        model: variant.model,
        workers: options.workers(variant.model),
        version: env!("CARGO_PKG_VERSION"),
    };
    let before = Traces::now();
    let mut report = Report::new(Run::begin(identity), before);
    let measured = measure(variant, options, &mut report)?;
    Ok(report.finish(measured))
}

/// One way is a case, and what is asked of it.
fn case(options: &Options) -> Option<String> {
    let question = match () {
        () if options.limit => "limit",
        () if options.break_even => "break-even",
        () => "start",
    };
    (options.way != "all").then(|| format!("{question} {}", options.way))
}

fn measure(variant: Variant, options: &Options, report: &mut Report) -> Result<Measured> {
    let (ways, starter) = (options.ways(variant.model), variant.starter);
    let mut measured = Measured::default();
    if options.limit {
        let plan = (options.most, options.seed);
        measured.limits = limit::measure(&ways, plan, starter, report)?;
    } else if options.break_even {
        let plan = (options.samples, options.seed);
        measured.break_evens = break_even::measure(&ways, plan, starter, report)?;
    } else {
        measured.starts = costs::measure(&options.costs(variant.model), starter, report)?;
    }
    Ok(measured)
}

fn read_record(path: &Path) -> Result<SpawnerRecord> {
    let text = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let record = serde_json::from_slice(&text);
    record.with_context(|| format!("{}: is no record of a spawner", path.display()))
}

fn conclude(record: &SpawnerRecord, options: &Options) -> Result<()> {
    if options.common.json {
        let json = serde_json::to_string(record).context("cannot write the run record")?;
        print(&(json + "\n"))?;
    } else if options.limit {
        print(&table::limits(&record.limits))?;
    } else if options.break_even {
        print(&table::break_evens(&record.break_evens))?;
    } else {
        print(&table::costs(&record.starts))?;
    }
    if let Some(path) = &options.draw {
        let drawn = write_whole(path, &picture(&record.break_evens).file());
        drawn.with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    if record.left != Traces::default() {
        say!(
            "something was left behind, which is an error in this program: {:?}",
            record.left
        );
    }
    if !options.common.quiet {
        explain(record, options);
    }
    Ok(())
}

/// What one should know of the figures, and the command to try next.
fn explain(record: &SpawnerRecord, options: &Options) {
    let samples = options.samples;
    if options.limit {
        say!(
            "  memory is what all workers add to the whole tree of processes, over their number: medians with \
             95 % intervals, n = {LEAST_BLOCKS} blocks"
        );
    } else if options.break_even {
        say!("  two tasks by two workers, against both in place: n = {samples} blocks");
    } else {
        say!("  medians with 95 % intervals, n = {samples} blocks, each in an order of its own");
    }
    if record.run.unoptimised {
        say!("  built without optimisation: these times are not representative, add --release");
    }
    say!("  next: {}", next(record.run.model, options));
}

/// The command to try after the program of `model`.
fn next(model: Model, options: &Options) -> &'static str {
    match model {
        Model::Sequential => "cargo run --release -p spawner-threads",
        Model::Threads => "cargo run --release -p spawner-processes",
        _ if options.break_even || options.limit => "cargo versus run spawner",
        _ => "cargo run --release -p spawner-processes -- --break-even",
    }
}

fn print(text: &str) -> Result<()> {
    io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => anyhow::anyhow!("stdout: closed by its reader"),
            _ => anyhow::anyhow!("stdout: {error}"),
        })
}
