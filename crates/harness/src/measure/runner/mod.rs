//! One run: a fresh process, timed from outside, and what it said of itself.

mod process;
mod reply;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use process::Ended;
pub use reply::ReplyError;

use crate::measure::samples::{ContestantPlan, Sample};

/// The first counted block, whose runs keep their spans.
const BLOCK_WITH_SPANS: u32 = 1;

/// A contestant that is ready to start: its program is known, and its arguments are filled in.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// The scenario that it takes part in, which its records must name too.
    pub scenario: String,
    /// The case.
    pub case: String,
    /// Its name, model and workers.
    pub plan: ContestantPlan,
    /// What is started.
    pub start: Start,
}

/// A program and its arguments.
#[derive(Clone, Debug)]
pub struct Start {
    /// A path, or a name that is looked up in `PATH`.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

/// When a run is made.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// In which block; 0 is the warm-up.
    pub block: u32,
    /// In which place of the block, from 0.
    pub position: u32,
    /// Whether it is the baseline's second run in this block.
    pub control: bool,
}

/// Runs `entrant` once in `folder` and waits for it.
///
/// # Errors
///
/// If it cannot be started, does not end with status 0, or prints something else than one run record
/// that agrees with the plan. Such a run has no time.
pub fn run(entrant: &Entrant, turn: Turn, folder: &Path) -> Result<Sample, RunError> {
    let fail = |fault| RunError {
        scenario: entrant.scenario.clone(),
        case: entrant.case.clone(),
        contestant: entrant.plan.name.clone(),
        block: turn.block,
        fault: Box::new(fault),
    };
    let ended = succeed(&entrant.start, folder).map_err(fail)?;
    let mut record = reply::read(ended.stdout, entrant).map_err(|error| fail(error.into()))?;
    if turn.block != BLOCK_WITH_SPANS {
        record.spans = Vec::new();
    }
    Ok(Sample {
        scenario: entrant.scenario.clone(),
        case: entrant.case.clone(),
        contestant: entrant.plan.name.clone(),
        workers: entrant.plan.workers,
        block: turn.block,
        position: turn.position,
        control: turn.control,
        wall_ns: ended.wall_ns,
        cpu: ended.cpu,
        switches: None,
        faults: None,
        record: Some(record),
        output: None,
        more: std::collections::BTreeMap::new(),
    })
}

/// Runs the program that makes the input of a case, in `folder`. Whatever it prints is dropped.
///
/// # Errors
///
/// If it cannot be started or does not end with status 0.
pub fn make_input(start: &Start, folder: &Path) -> Result<(), Fault> {
    succeed(start, folder).map(drop)
}

fn succeed(start: &Start, folder: &Path) -> Result<Ended, Fault> {
    let ended = process::run(start, folder)?;
    if ended.status.success() {
        return Ok(ended);
    }
    Err(Fault::Ended {
        status: ended.status,
        stderr: process::last_lines(ended.stderr),
    })
}

/// Why a run gave no sample.
#[derive(Debug, thiserror::Error)]
#[error("{scenario}, case {case}, block {block}: contestant `{contestant}` {fault}")]
pub struct RunError {
    /// In which scenario.
    pub scenario: String,
    /// In which case.
    pub case: String,
    /// Which contestant.
    pub contestant: String,
    /// In which block; 0 is the warm-up.
    pub block: u32,
    /// What went wrong.
    pub fault: Box<Fault>,
}

/// What went wrong in a run. Reads on after the name of what was run.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No process.
    #[error("cannot be started: {}: {cause}", program.display())]
    Start {
        /// What was to be started.
        program: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// The harness could not do its own part.
    #[error("could not be observed: {0}")]
    Observe(io::Error),
    /// It failed, was killed, or could not do all of its items.
    #[error("ended with {status}{stderr}")]
    Ended {
        /// How it ended.
        status: ExitStatus,
        /// What it last wrote on stderr, after a line break; empty if it wrote nothing.
        stderr: String,
    },
    /// It printed no usable record.
    #[error(transparent)]
    Reply(#[from] ReplyError),
}

impl Fault {
    /// Whether the program ended as programs do when the user presses Ctrl-C. The terminal sends the
    /// signal to every process in the foreground, so that a contestant may end before the harness
    /// knows that it was interrupted.
    pub fn looks_interrupted(&self) -> bool {
        match self {
            Self::Ended { status, .. } => process::interrupted(*status),
            _ => false,
        }
    }
}
