//! The run record: what one run of one variant says about itself.
//!
//! A variant prints it with `--json` as one JSON object on stdout, and so does a reference program in
//! any other language that wants to be measured alike. It is the only thing that the two sides of the
//! harness share: contestants write it, `measure` reads it.
//!
//! Times are nanoseconds. Points in time are nanoseconds since the run began, on the monotonic clock.

use serde::{Deserialize, Serialize};

/// The version of the record that this harness writes, and the newest that it reads.
pub const SCHEMA: u32 = 1;

/// One run of one variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of this format: [`SCHEMA`]. A reader refuses a newer one than it knows.
    pub schema: u32,
    /// The job that was done: `hasher`, for instance.
    pub scenario: String,
    /// The size or shape of the sample input; absent where the user gave the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// How the job was spread.
    pub model: Model,
    /// How many tasks could be under way at once: for most models, how many threads or processes there were.
    pub workers: u32,
    /// In how many processes the workers were, where each process had several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processes: Option<u32>,
    /// Version of the program.
    pub version: String,
    /// Whether the program was built without optimisation, so that its times mean little.
    #[serde(default)]
    pub unoptimised: bool,
    /// How long each part of the run took.
    pub phases: Phases,
    /// CPU time of the run over all its workers; absent where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuTime>,
    /// What came of it.
    pub outcome: Outcome,
    /// How long single tasks took; absent if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
    /// For how long workers were at tasks, added up over all of them, in nanoseconds. What of it was no CPU
    /// time they waited. Absent where nobody told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busy_ns: Option<u64>,
    /// What each worker did when. Neighbouring tasks of a worker may be merged into one span.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
}

impl RunRecord {
    /// What one of its workers is called: `thread`, for instance. A `slot` is room for one task beside others
    /// on the same thread.
    pub fn worker(&self) -> &'static str {
        match self.model {
            Model::Async => "slot",
            Model::Processes if self.processes.is_some() => "slot",
            Model::Processes => "process",
            Model::Threads => "thread",
            Model::Sequential | Model::Command => "worker",
        }
    }
}

/// How a job is spread over workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// One worker does it all, in the order of the input.
    Sequential,
    /// Threads of one process, which share its memory.
    Threads,
    /// Processes, each with memory of its own.
    Processes,
    /// Tasks of an asynchronous runtime.
    Async,
    /// Any program, which does not say how it spreads its work. No variant is of this model.
    Command,
}

impl Model {
    /// The name in records, tables and options: `threads`, for instance.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::Async => "async",
            Self::Command => "command",
        }
    }
}

/// The parts of a run, one after another. What comes before them (making a sample input) is not timed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// From the beginning of the run until the workers are ready.
    pub startup_ns: u64,
    /// From then until the last result was taken.
    pub work_ns: u64,
    /// From then until the workers are gone.
    pub shutdown_ns: u64,
}

impl Phases {
    /// All of it.
    pub fn total_ns(&self) -> u64 {
        self.startup_ns + self.work_ns + self.shutdown_ns
    }
}

/// CPU time, as the system accounts for it, over the program and every child that it waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuTime {
    /// Spent in the programs' own code.
    pub user_ns: u64,
    /// Spent in the system on their behalf.
    pub system_ns: u64,
}

impl CpuTime {
    /// User and system time together.
    pub fn total_ns(&self) -> u64 {
        self.user_ns + self.system_ns
    }
}

/// What came of a run. Two models that did the same job have equal outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How many items there were, failed ones included.
    pub items: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How many bytes of input the work went through.
    pub bytes: u64,
    /// A digest over the results in the order of the input, in hexadecimal. Equal for equal results.
    pub checksum: String,
}

/// How long single tasks took, by nearest rank over all tasks of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// Half of the tasks took at most this long.
    pub p50_ns: u64,
    /// Nine in ten took at most this long.
    pub p90_ns: u64,
    /// 99 in 100 took at most this long.
    pub p99_ns: u64,
    /// The longest.
    pub max_ns: u64,
}

/// Something that a worker did, from when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Which worker, from 0.
    pub worker: u32,
    /// The number of the task in the input, from 0; of the first one, where several were merged.
    pub task: u64,
    /// How many tasks this span stands for.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub tasks: u64,
    /// What the worker did.
    pub kind: SpanKind,
    /// When it began, since the run began.
    pub start_ns: u64,
    /// When it ended, since the run began.
    pub end_ns: u64,
    /// For how long of that time it was at it: less than the whole where several tasks were merged
    /// with the gaps between them.
    pub busy_ns: u64,
}

/// What a worker does. Between its spans it is idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpanKind {
    /// Doing a task, as far as the variant can tell calculating.
    Computing,
    /// Doing a task, and known to wait for something outside: an answer, a lock.
    Waiting,
}

fn one() -> u64 {
    1
}

// serde passes a reference.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_one(tasks: &u64) -> bool {
    *tasks == 1
}
