//! A program from start to exit status: alike for every model but for how it counts.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use harness::contestant::{
    Identity, Noun, Run, Summary, available_workers, on_interrupt, terminal_width,
    wait_if_interrupted,
};
use harness::record::{Model, RunRecord};
use harness::say;

use crate::death::{self, Death};
use crate::mechanism::{Alike, Mechanism};
use crate::options::{Choice, Options, program};
use crate::plan::Plan;
use crate::report::{CounterRecord, Report};
use crate::table;

/// Counts as planned, and reports it.
pub type Spread = fn(&Plan, &mut Report) -> Result<()>;

/// Lets a worker die while it holds each of some locks, among as many workers as planned.
pub type Die = fn(&Plan) -> Result<Vec<Death>>;

/// What a variant does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// Its model.
    pub model: Model,
    /// How it counts.
    pub count: Spread,
    /// What it does for `--die`; none where there is nobody to find out.
    pub die: Option<Die>,
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
    let plan = options.plan(model)?;
    Ok(measured(variant, &plan, &options)?.run)
}

/// Does what `options` ask for. Whether nothing was lost that should not be.
fn run(variant: Variant, options: &Options) -> Result<bool> {
    // There may be nothing to clear up: but then, too, the status is that of an interrupted program.
    on_interrupt(|| ());
    let plan = options.plan(variant.model)?;
    if let (Some(_), Some(die)) = (options.die, variant.die) {
        print(&death::table(&die(&plan)?))?;
        return Ok(true);
    }
    let record = measured(variant, &plan, options)?;
    conclude(&record, options)?;
    Ok(record.run.outcome.failed == 0)
}

fn measured(variant: Variant, plan: &Plan, options: &Options) -> Result<CounterRecord> {
    let case = match options.mechanism {
        // As many increments as suit it: the same in every run.
        Choice::One(one) if options.increments.is_none() => Some(one.name().to_owned()),
        _ => None,
    };
    let identity = Identity {
        scenario: "counter",
        case,
        model: variant.model,
        workers: plan.workers.get(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let mut report = Report::new(Run::begin(identity));
    (variant.count)(plan, &mut report)?;
    Ok(report.finish())
}

fn conclude(record: &CounterRecord, options: &Options) -> Result<()> {
    if options.common.json {
        let json = serde_json::to_string(record).context("cannot write the run record")?;
        print(&(json + "\n"))?;
    } else {
        print(&table::counts(&record.counts))?;
    }
    if !options.common.quiet {
        for note in notes(record) {
            say!("{note}");
        }
        if record.counts.len() > 1 {
            // A timeline is of one mechanism: of all, it would be of as many runs, too short to be seen.
            unoptimised_note(record);
            say!(
                "  next: {} -- --mechanism mutex",
                program_command(record.run.model)
            );
            return Ok(());
        }
        let summary = Summary {
            record: &record.run,
            noun: Noun {
                one: "increment",
                many: "increments",
            },
            next: next(record.run.model),
            width: terminal_width(),
        };
        say!("{}", summary.text().trim_end());
    }
    Ok(())
}

fn unoptimised_note(record: &CounterRecord) {
    if record.run.unoptimised {
        say!("  built without optimisation: these times are not representative, add --release");
    }
}

fn program_command(model: Model) -> String {
    format!("cargo run --release -p {}", program(model))
}

fn print(text: &str) -> Result<()> {
    io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => anyhow::anyhow!("stdout: closed by its reader"),
            _ => anyhow::anyhow!("stdout: {error}"),
        })
}

/// What one should know of the figures.
fn notes(record: &CounterRecord) -> Vec<String> {
    let mut notes = Vec::new();
    for count in &record.counts {
        match Mechanism::named(&count.mechanism) {
            Some(Mechanism::OwnCopy) if record.run.model != Model::Sequential => notes.push(
                "own-copy is wrong on purpose: everyone has counted, each in a memory of their own; whoever asks \
                 finds nothing"
                    .to_owned(),
            ),
            Some(Mechanism::Alike(Alike::LostUpdate)) if record.run.model != Model::Sequential => {
                notes.push(race_note(count.counted < count.expected, record.run.workers));
            }
            Some(_) if count.counted != count.expected => notes.push(format!(
                "{} has not counted right, which it must: this is an error in this program",
                count.mechanism
            )),
            _ => {}
        }
    }
    notes
}

/// Whether the race showed, and if not, why that proves nothing.
fn race_note(showed: bool, workers: u32) -> String {
    let begin = "lost-update is wrong on purpose";
    if showed {
        format!("{begin}: what was counted between a look and the write after it is lost")
    } else if workers == 1 {
        format!("{begin}, but one worker races with nobody: give it --workers 2")
    } else if available_workers().get() == 1 {
        format!(
            "{begin}, but the race did not show: there is one core, so workers only take turns, and seldom between a \
             look and the write after it. It is wrong all the same"
        )
    } else {
        format!(
            "{begin}, but the race did not show in this run (too short, or the workers did not run at the same \
             time). It is wrong all the same"
        )
    }
}

/// The command to try after the program of `model`.
fn next(model: Model) -> &'static str {
    match model {
        Model::Sequential => "cargo run --release -p counter-threads",
        Model::Threads => "cargo run --release -p counter-processes",
        _ => "cargo run --release -p counter-processes -- --die holder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_race_that_did_not_show_is_still_called_wrong() {
        assert!(race_note(false, 2).contains("wrong"));
        assert!(race_note(false, 1).contains("--workers 2"));
        assert!(race_note(true, 2).contains("is lost"));
    }
}
