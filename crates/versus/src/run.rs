//! `versus run`: builds, measures, writes, prints.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use harness::measure::environment::Environment;
use harness::measure::results::{ResultsFolder, SAMPLES};
use harness::measure::samples::{Header, Sample, Samples, Writer};
use tempfile::TempDir;

use crate::cargo::{self, Executables};
use crate::choice;
use crate::cli::RunOptions;
use crate::failure::Failure;
use crate::interrupt;
use crate::measure::Measurement;
use crate::progress::Progress;
use crate::session::{Session, command_again};
use crate::tables;
use crate::workspace::Workspace;
use harness::say;

pub(crate) fn run(options: &RunOptions) -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    let scenarios = choice::choose(&workspace, options)?;
    let (workers, seed) = (
        options.workers.map_or_else(cores, NonZeroU32::get),
        seed(options),
    );
    let session = Session {
        root: &workspace.root,
        scenarios: &scenarios,
        blocks: options.counted_blocks(),
        workers,
        seed,
        command: command_again(options, workers, seed),
    };
    let default_place = workspace.root.join("results").join("latest");
    let place = options.out.as_deref().unwrap_or(&default_place);
    // Before anything else: nobody wants to learn at the end that nothing can be written.
    let results = ResultsFolder::prepare(place).map_err(anyhow::Error::from)?;
    let inputs = inputs_folder()?;
    interrupt::watch()?;
    session.announce(inputs.path(), place);
    let executables = cargo::build(&workspace.root, &session.packages())?;
    let header = session.header(Environment::read(&workspace.root), now_s());
    measure(&session, &executables, inputs, &header, results)
}

fn measure(
    session: &Session<'_>,
    executables: &Executables,
    inputs: TempDir,
    header: &Header,
    results: ResultsFolder,
) -> Result<(), Failure> {
    let writer = Writer::create(&results.path().join(SAMPLES), header)
        .with_context(|| format!("cannot write {SAMPLES} in {}", results.path().display()))?;
    let mut measurement = Measurement {
        session,
        executables,
        inputs: inputs.path(),
        writer,
        samples: Vec::new(),
        progress: Progress::new(session.runs()),
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
        Ok(tables::write(
            results.path(),
            &Samples {
                samples: samples.clone(),
                ..Samples::new(header.clone())
            },
        )?)
    });
    let findings = match measured {
        Ok(findings) => findings,
        Err(failure) => return Err(keep(results, &samples, failure)),
    };
    let place = results.publish().map_err(anyhow::Error::from)?;
    tables::print(header, &findings)?;
    say!("results are in {}", place.display());
    Ok(())
}

/// What was measured before the failure is not lost.
fn keep(results: ResultsFolder, samples: &[Sample], failure: Failure) -> Failure {
    if !samples.is_empty() {
        let (count, kept) = (samples.len(), results.keep());
        say!(
            "versus: {count} samples so far are kept: versus report {}",
            kept.display()
        );
    }
    failure
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

/// Another one every time, so that no order is favoured for ever. Short enough to be typed.
fn seed(options: &RunOptions) -> u64 {
    options
        .seed
        .unwrap_or_else(|| RandomState::new().hash_one(0) % 1_000_000)
}

fn cores() -> u32 {
    thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
}

fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
