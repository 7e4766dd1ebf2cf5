//! What can go wrong: with the pool, or with one task.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Job;

/// Why a pool cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// The program is itself a worker, whose job was never served: starting a pool here would start
    /// programs without end.
    #[error(
        "this process is a worker for job `{job}`, which was never served: \
         call procpool::serve::<...>() for that job at the start of main"
    )]
    InsideWorker {
        /// The job that this process was started for.
        job: String,
    },
    /// The job's setup cannot be encoded.
    #[error("cannot encode the setup of job `{job}`: {message}")]
    SetupNotEncoded {
        /// The job's name.
        job: &'static str,
        /// What the encoder says.
        message: String,
    },
    /// The system refuses something that a worker needs: a process, a pipe, a thread.
    #[error("cannot {what} for a worker")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// A worker ended before it connected.
    #[error(
        "{death} before it connected; does the program call procpool::serve::<...>() \
         for job `{job}` at the start of main?"
    )]
    NeverConnected {
        /// The job's name.
        job: &'static str,
        /// How it ended.
        death: Death,
    },
    /// A worker neither connected nor ended in time.
    #[error(
        "worker {pid} did not connect within {after:?}; does the program call \
         procpool::serve::<...>() for job `{job}` at the start of main?"
    )]
    NoAnswer {
        /// The job's name.
        job: &'static str,
        /// The worker's process id.
        pid: u32,
        /// The limit, see [`Builder::start_timeout`](crate::Builder::start_timeout).
        after: Duration,
    },
    /// [`Job::new`] failed or panicked in a worker.
    #[error("job `{job}` cannot be set up in a worker: {message}")]
    SetupFailed {
        /// The job's name.
        job: &'static str,
        /// The job's error, or the panic.
        message: String,
    },
    /// [`Job::new`] took too long in a worker.
    #[error("job `{job}` was not set up in worker {pid} within {after:?}")]
    SetupTooLong {
        /// The job's name.
        job: &'static str,
        /// The worker's process id.
        pid: u32,
        /// The limit, see [`Builder::setup_timeout`](crate::Builder::setup_timeout).
        after: Duration,
    },
    /// The limit on open files is too low for so many workers.
    #[error(
        "{workers} workers need up to {needed} open files and the limit leaves {left}: \
         raise it (ulimit -n) or start fewer workers"
    )]
    TooFewDescriptors {
        /// How many workers were to be started.
        workers: usize,
        /// Files that may be open while they start.
        needed: u64,
        /// Files that may still be opened.
        left: u64,
    },
    /// A worker died while [`Job::new`] was running in it.
    #[error("{death} while job `{job}` was set up in it")]
    DiedInSetup {
        /// The job's name.
        job: &'static str,
        /// How it ended.
        death: Death,
    },
    /// Workers start, but die again and again before they have finished a single task.
    #[error("workers for job `{job}` die before they finish a task; last: {death}")]
    KeepDying {
        /// The job's name.
        job: &'static str,
        /// How the last one ended.
        death: Death,
    },
    /// The pool lost its workers while it was used, and could not replace them.
    #[error("no worker is left: {0}")]
    Lost(Arc<PoolError>),
}

/// A task that has no output, and why.
pub struct TaskError<J: Job> {
    /// The task's position in the map, or among those submitted, from 0.
    pub index: u64,
    /// The task itself, given back.
    pub task: J::Task,
    /// Why it has no output.
    pub cause: Cause<J::Error>,
}

// By hand: derives would ask that the job and its tasks be `Debug`.
impl<J: Job> fmt::Debug for TaskError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskError")
            .field("index", &self.index)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

impl<J: Job> fmt::Display for TaskError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl<J: Job> std::error::Error for TaskError<J> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.source()
    }
}

/// Why a task has no output.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause<E: std::error::Error + 'static> {
    /// The job's own error.
    #[error(transparent)]
    Job(E),
    /// The task panicked. The worker lives on, with a new job made from the setup.
    #[error("task panicked{}: {message}", At(.location.as_deref()))]
    Panicked {
        /// The panic's message.
        message: String,
        /// `file:line:column`, unless the job has its own panic hook.
        location: Option<String>,
        /// The job's frames, see [`Builder::backtraces`](crate::Builder::backtraces).
        backtrace: Option<String>,
    },
    /// The task ended its worker, and the pool was told not to retry.
    #[error("{0}")]
    WorkerDied(Death),
    /// The task ran longer than it may, and its worker was killed for it.
    #[error("timed out after {limit:?}; worker {pid} was killed")]
    TimedOut {
        /// The worker's process id.
        pid: u32,
        /// The limit, see [`Builder::task_timeout`](crate::Builder::task_timeout).
        limit: Duration,
    },
    /// It was given up by [`Handle::cancel`](crate::Handle::cancel), or the pool was shut down first.
    #[error("cancelled")]
    Cancelled,
    /// The task ended every worker that tried it.
    #[error("given up after {attempts} attempts; last: {last}")]
    GivenUp {
        /// How many workers died.
        attempts: u32,
        /// How the last one died.
        last: Death,
    },
    /// The task cannot be encoded, and was never sent.
    #[error("cannot encode the task: {0}")]
    TaskNotEncoded(String),
    /// The worker cannot decode the task: `Serialize` and `Deserialize` do not fit together.
    #[error("cannot decode the task in the worker: {0}")]
    TaskNotDecoded(String),
    /// The worker did the task and cannot encode its output or error.
    #[error("cannot encode the output: {0}")]
    OutputNotEncoded(String),
    /// The output arrived and cannot be decoded.
    #[error("cannot decode the output: {0}")]
    OutputNotDecoded(String),
    /// No worker is left to do the task, and none can be started.
    #[error("no worker left: {0}")]
    NoWorker(Arc<PoolError>),
}

/// Writes ` at src/main.rs:7:9`, or nothing.
struct At<'a>(Option<&'a str>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .map_or(Ok(()), |location| write!(f, " at {location}"))
    }
}

/// How a worker died.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Death {
    /// Its process id.
    pub pid: u32,
    /// What ended it.
    pub end: WorkerEnd,
    /// The last lines that it wrote to its standard error or output.
    pub stderr: Vec<String>,
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "worker {} {}", self.pid, self.end)?;
        match self.stderr.last() {
            Some(line) => write!(f, " (its last line: {line:?})"),
            None => Ok(()),
        }
    }
}

/// What ended a worker process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkerEnd {
    /// It exited by itself.
    Exited(i32),
    /// A signal ended it.
    Killed(i32),
    /// It was ended by the pool: it had closed its channels or sent nonsense, or did not end by itself.
    Broken,
}

impl fmt::Display for WorkerEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            WorkerEnd::Exited(status) => write!(f, "exited with status {status}"),
            WorkerEnd::Killed(signal) => {
                write!(f, "was killed by signal {signal}")?;
                crate::sys::signal_name(signal).map_or(Ok(()), |name| write!(f, " ({name})"))
            }
            WorkerEnd::Broken => f.write_str("broke off its channels"),
        }
    }
}
