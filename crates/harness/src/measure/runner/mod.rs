//! One run: a fresh process, timed from outside, and what it said of itself.

mod guard;
mod looks;
mod process;
mod reply;
mod service;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

pub use guard::{adopt_orphans, kill_current, left_by_others};
use looks::Looks;
use process::{Ended, Stdout};
pub use reply::ReplyError;
pub use service::Service;

use crate::measure::samples::{ContestantPlan, MemorySample, Output, Sample};
use crate::record::RunRecord;

/// The first counted block, whose runs keep their spans.
const BLOCK_WITH_SPANS: u32 = 1;

/// A contestant that is ready to start: its program is known, and its arguments are filled in.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// The scenario that it takes part in, which its records must name too.
    pub scenario: String,
    /// The case.
    pub case: String,
    /// Whether some items of that case are bad on purpose, so that it ends with status 1.
    pub failing: bool,
    /// Its name, model and workers.
    pub plan: ContestantPlan,
    /// What is started.
    pub start: Start,
    /// What it is to print.
    pub reply: Reply,
    /// Whether it may say by its exit status, [`DECLINED`], that it cannot do its job here. Programs that are not of
    /// the workspace may.
    pub may_decline: bool,
}

/// The exit status of a program that cannot do its job here, and has said why on stderr: a library is not installed,
/// say. Test drivers know it as that of a skipped test.
pub const DECLINED: i32 = 77;

/// What a contestant prints on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// One run record.
    Record,
    /// Something that must be the same in every run of every contestant.
    Output,
    /// Whatever it likes; it goes to `/dev/null`.
    Nothing,
}

impl Reply {
    fn stdout(self) -> Stdout {
        match self {
            Self::Record | Self::Output => Stdout::Kept,
            Self::Nothing => Stdout::Dropped,
        }
    }
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

/// How long a run may take before it counts as hung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub Duration);

/// Ten minutes.
impl Default for Limit {
    fn default() -> Self {
        Self(Duration::from_mins(10))
    }
}

/// Runs `entrant` once in `folder` and waits for it.
///
/// # Errors
///
/// If it cannot be started, takes longer than `limit` (it is then killed with all that it started), does
/// not end with status 0 (1 in a failing case), leaves something running in the background, or prints something else than one
/// run record that agrees with the plan. Such a run has no time.
pub fn run(entrant: &Entrant, turn: Turn, folder: &Path, limit: Limit) -> Result<Sample, RunError> {
    let fail = |fault| entrant.error(Some(turn.block), fault);
    let ended = process::run(&entrant.start, folder, entrant.reply.stdout(), limit)
        .and_then(|ended| entrant.ended(ended))
        .map_err(fail)?;
    let (mut record, output) = entrant.answer(ended.stdout).map_err(fail)?;
    if let Some(record) = record.as_mut().filter(|_| turn.block != BLOCK_WITH_SPANS) {
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
        cpu: ended.usage.cpu,
        switches: ended.usage.switches,
        faults: ended.usage.faults,
        record,
        output,
        more: std::collections::BTreeMap::new(),
    })
}

/// Runs `entrant` once in `folder`, untimed, and looks at its memory meanwhile, for the `pass`-th time.
/// Nothing if the system does not tell.
///
/// # Errors
///
/// As [`run`].
pub fn memory(
    entrant: &Entrant,
    pass: u32,
    folder: &Path,
    limit: Limit,
) -> Result<Option<MemorySample>, RunError> {
    let fail = |fault| entrant.error(None, fault);
    let mut looks = Looks::default();
    let ended = process::run_observed(
        &entrant.start,
        folder,
        entrant.reply.stdout(),
        limit,
        |root| looks.look(root),
    )
    .map_err(fail)?;
    let ended = entrant.ended(ended).map_err(fail)?;
    entrant.answer(ended.stdout).map_err(fail)?;
    Ok(looks.sample(entrant, pass))
}

impl Entrant {
    /// Fails unless it ended as it must.
    fn ended(&self, ended: Ended) -> Result<Ended, Fault> {
        match (self.failing, ended.status.code()) {
            (_, Some(DECLINED)) if self.may_decline => Err(Fault::NotHere {
                reason: process::last_line(ended.stderr)
                    .unwrap_or_else(|| "it does not say why".to_owned()),
            }),
            (false, _) => succeeded(ended),
            (true, Some(1)) => Ok(ended),
            (true, Some(0)) => Err(Fault::Content),
            (true, _) => Err(failed(ended)),
        }
    }

    fn answer(&self, stdout: Option<File>) -> Result<(Option<RunRecord>, Option<Output>), Fault> {
        match (self.reply, stdout) {
            (Reply::Record, Some(stdout)) => Ok((Some(reply::read(stdout, self)?), None)),
            (Reply::Output, Some(stdout)) => Ok((None, Some(reply::digest(stdout)?))),
            (Reply::Nothing, _) | (_, None) => Ok((None, None)),
        }
    }

    fn error(&self, block: Option<u32>, fault: Fault) -> RunError {
        RunError {
            scenario: self.scenario.clone(),
            case: self.case.clone(),
            contestant: self.plan.name.clone(),
            workers: self.plan.workers,
            run: block.map_or("memory run".to_owned(), |block| format!("block {block}")),
            fault: Box::new(fault),
        }
    }
}

/// Runs the program that makes the input of a case, in `folder`. Whatever it prints is dropped.
///
/// # Errors
///
/// If it cannot be started or does not end with status 0.
pub fn make_input(start: &Start, folder: &Path, limit: Limit) -> Result<(), Fault> {
    succeeded(process::run(start, folder, Stdout::Dropped, limit)?).map(drop)
}

fn succeeded(ended: Ended) -> Result<Ended, Fault> {
    if ended.status.success() {
        return Ok(ended);
    }
    Err(failed(ended))
}

fn failed(ended: Ended) -> Fault {
    Fault::Ended {
        status: ended.status,
        stderr: process::last_lines(ended.stderr),
    }
}

/// Why a run gave no sample.
#[derive(Debug, thiserror::Error)]
#[error("{scenario}, case {case}, {run}, workers {workers}: contestant `{contestant}` {fault}")]
pub struct RunError {
    /// In which scenario.
    pub scenario: String,
    /// In which case.
    pub case: String,
    /// Which contestant.
    pub contestant: String,
    /// With how many workers.
    pub workers: u32,
    /// In which run: `block 3` (0 is the warm-up), or `memory run`.
    pub run: String,
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
    /// It cannot do its job here, as it says itself.
    #[error("says that it cannot do this here: {reason}")]
    NotHere {
        /// Why not.
        reason: String,
    },
    /// It says that all is well in a case where it is not.
    #[error("ended with exit status: 0 in a case that is `failing`, where it is 1")]
    Content,
    /// It took too long and was killed.
    #[error(
        "did not end within {}, hung as it seems, and was killed with all that it had started \
         ({killed} process{}); allow it more by --limit",
        humantime::format_duration(*limit),
        if *killed == 1 { "" } else { "es" }
    )]
    Hung {
        /// How long it had.
        limit: Duration,
        /// How many processes were killed.
        killed: usize,
    },
    /// It ended before its work did.
    #[error(
        "ended and left {left} running in the background, which was killed: \
         its time is not that of its work, so let it stay in the foreground until all is done"
    )]
    Background {
        /// What it left.
        left: String,
    },
    /// A service is not there for the contestants.
    #[error("{what}{stderr}")]
    NotReady {
        /// What it did instead.
        what: String,
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
