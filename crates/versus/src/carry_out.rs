//! A measurement from its plan to its results: builds, measures, writes, prints.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use harness::measure::environment::Environment;
use harness::measure::results::{ResultsFolder, SAMPLES, remove_partial};
use harness::measure::runner;
use harness::measure::samples::{Line, Samples, Writer};
use harness::say;
use tempfile::TempDir;

use crate::cargo::{self, Executables};
use crate::estimate;
use crate::failure::Failure;
use crate::interrupt;
use crate::measure::Measurement;
use crate::progress::Progress;
use crate::resume;
use crate::session::Session;
use crate::tables;

/// What an interrupted measurement left.
#[derive(Debug)]
pub(crate) struct Earlier {
    pub(crate) samples: Samples,
    /// Where that is.
    pub(crate) folder: PathBuf,
}

/// Measures what the session says, or what is left of it, and puts the results at `place`.
pub(crate) fn carry_out(
    session: &Session<'_>,
    place: &Path,
    earlier: Option<Earlier>,
) -> Result<(), Failure> {
    // Before anything else: nobody wants to learn at the end that nothing can be written.
    let results = ResultsFolder::prepare(place).map_err(anyhow::Error::from)?;
    let inputs = inputs_folder()?;
    interrupt::watch()?;
    runner::adopt_orphans();
    for left in runner::left_by_others() {
        say!(
            "versus: warning: {left} is left of a measurement that was killed, and disturbs this one: end it"
        );
    }
    session.announce(inputs.path(), place);
    estimate::announce(session);
    let executables = cargo::build(session.root, &session.packages())?;
    let header = session.header(environment(session), now_s());
    let samples = match &earlier {
        Some(earlier) => resume::goes_on(&header, &earlier.samples)?,
        None => Samples::new(header),
    };
    let writer = begin(&results, &samples)?;
    // What cannot be kept is removed, and that is what has no samples.
    let held = !samples.samples.is_empty();
    let measured = measure(session, &executables, inputs, samples, writer, results);
    // All of it that counts is in the new folder, wherever that is by now.
    if let Some(Earlier { folder, .. }) = earlier.filter(|_| held) {
        let removed = remove_partial(&folder);
        if !removed.with_context(|| format!("cannot remove {}", folder.display()))? {
            say!(
                "{} is left as it is: it is not the folder of an interrupted measurement alone",
                folder.display()
            );
        }
    }
    measured
}

/// Writes everything that there is already.
fn begin(results: &ResultsFolder, samples: &Samples) -> anyhow::Result<Writer> {
    let cannot = || format!("cannot write {SAMPLES} in {}", results.path().display());
    let path = results.path().join(SAMPLES);
    let mut writer = Writer::create(&path, &samples.header).with_context(cannot)?;
    let lines = samples.samples.iter().cloned().map(Line::Sample);
    let lines = lines.chain(samples.memory.iter().cloned().map(Line::Memory));
    let lines = lines.chain(samples.blocks.iter().cloned().map(Line::Block));
    let lines = lines.chain(samples.not_run.iter().cloned().map(Line::NotRun));
    for line in lines.chain(samples.inputs.iter().cloned().map(Line::Input)) {
        writer.append(&line).with_context(cannot)?;
    }
    Ok(writer)
}

fn measure(
    session: &Session<'_>,
    executables: &Executables,
    inputs: TempDir,
    samples: Samples,
    writer: Writer,
    results: ResultsFolder,
) -> Result<(), Failure> {
    let mut measurement = Measurement {
        session,
        executables,
        inputs: inputs.path(),
        writer,
        progress: Progress::new(session.runs(), samples.samples.len() + samples.memory.len()),
        samples,
    };
    let measured = measurement.all();
    let Measurement {
        writer,
        samples,
        progress,
        ..
    } = measurement;
    // A bar that is still there would be drawn into what is said from here on.
    drop(progress);
    // Here, so that a large folder does not stay for as long as somebody reads the tables in a pager.
    drop(inputs);
    let measured = measured.and_then(|()| {
        writer.finish().context("cannot write samples.jsonl")?;
        Ok(tables::write(results.path(), &samples)?)
    });
    let findings = match measured {
        Ok(findings) => findings,
        Err(failure) => return Err(keep(results, &samples, failure)),
    };
    let place = results.publish().map_err(anyhow::Error::from)?;
    tables::print(&samples.header, &findings)?;
    say!("results are in {}", place.display());
    Ok(())
}

/// What was measured before the failure is not lost.
fn keep(results: ResultsFolder, samples: &Samples, failure: Failure) -> Failure {
    let count = samples.samples.len();
    if count > 0 {
        let kept = results.keep();
        let kept = kept.display();
        say!("versus: {count} samples so far are kept: versus report {kept}");
        say!("versus: to go on with them: versus run --resume {kept}");
    }
    failure
}

/// Commands are built by nobody here.
fn environment(session: &Session<'_>) -> Environment {
    let environment = Environment::read(session.root);
    if session.is_of_commands() {
        return Environment {
            compiler: None,
            commit: None,
            ..environment
        };
    }
    environment
}

fn inputs_folder() -> anyhow::Result<TempDir> {
    let above = std::env::temp_dir();
    let folder = tempfile::Builder::new()
        .prefix("versus-")
        .tempdir_in(&above)
        .with_context(|| format!("cannot make a folder for inputs in {}", above.display()))?;
    interrupt::remove_at_end(folder.path());
    Ok(folder)
}

fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
