//! The samples file: everything that was measured, one JSON object a line.
//!
//! The first line is the [`Header`] (plan, options, machine); every other line is one run ([`Sample`]),
//! one look at the memory of a contestant ([`MemorySample`]), what the machine was like around a
//! block ([`BlockState`]), the making of an input ([`InputMade`]), or why a contestant does not run ([`NotRun`]). Tables
//! and charts are made from this file alone, so that a reader can check and redo them.
//!
//! Schema 2 added the last four kinds of lines and the fields whose documentation says so; files of
//! schema 1 are read as ones in which all of that is absent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::measure::environment::Environment;
use crate::record::{CpuTime, Model, RunRecord};

mod file;

pub use file::{Samples, SamplesError, Writer, read};

/// The version of the samples file that this harness writes, and the newest that it reads.
pub const SCHEMA: u32 = 2;

/// One line of a samples file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "lowercase")]
pub enum Line {
    /// The first line.
    Header(Header),
    /// One timed run.
    Sample(Sample),
    /// The memory of one contestant. Since schema 2.
    Memory(MemorySample),
    /// The machine around a block. Since schema 2.
    Block(BlockState),
    /// The input of a case was made. Since schema 2.
    Input(InputMade),
    /// A contestant does not run. Since schema 2.
    #[serde(rename = "not-run")]
    NotRun(NotRun),
}

/// What was measured, how, and on which machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of this format: [`SCHEMA`].
    pub schema: u32,
    /// Version of `versus`.
    pub version: String,
    /// The command that made the file, for whoever wants to repeat it.
    pub command: String,
    /// When it began, in seconds since 1970 UTC.
    pub started_s: u64,
    /// The seed of the order of runs (and of sample inputs).
    pub seed: u64,
    /// Counted blocks per case; one more, number 0, warms up and is not counted.
    pub blocks: u32,
    /// Whether all commands have to print the same. Since schema 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub check_output: bool,
    /// What was compared, in the order in which tables show it.
    pub scenarios: Vec<ScenarioPlan>,
    /// The machine it ran on.
    pub environment: Environment,
}

/// What was compared in one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioPlan {
    /// Its name: `hasher`.
    pub name: String,
    /// The question that it asks, in one sentence.
    pub question: String,
    /// What the article says of this kind of work. Since schema 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<Article>,
    /// Its cases, in the order of `scenario.toml`.
    pub cases: Vec<CasePlan>,
    /// Its contestants, in the order of `scenario.toml`.
    pub contestants: Vec<ContestantPlan>,
    /// The contestant that others are compared with. It runs twice in every block.
    pub baseline: String,
}

/// What the article that these programs answer says of a kind of work, in our words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// What it says, in one short sentence.
    pub claim: String,
    /// What it advises: `threads`, `processes`, `either`, in a word or few.
    pub advice: String,
}

/// One case of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CasePlan {
    /// Its name: `many-small`.
    pub name: String,
    /// What it is, for people: `20,000 files of 1 kB`.
    pub title: String,
    /// Whether some of its items are bad on purpose: every contestant fails in the same number of them, and ends
    /// with status 1. Since schema 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failing: bool,
}

/// One contestant of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContestantPlan {
    /// Its name: `threads`, or `python-threads` for a reference program.
    pub name: String,
    /// Its model.
    pub model: Model,
    /// How many workers it was given. The sequential one has 1. One name may be there with several
    /// numbers: contestants are told apart by name and workers.
    pub workers: u32,
    /// The command line as the user gave it, where contestants are commands. Since schema 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Whether what it makes is its own: its checksum must stay the same, but need not be the baseline's. Since
    /// schema 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_checksum: bool,
}

impl ContestantPlan {
    /// Whether `workers` is how many it has: a command that was not told may have any number.
    pub fn has_known_workers(&self) -> bool {
        self.command
            .as_ref()
            .is_none_or(|command| command.contains("{workers}"))
    }
}

/// One run of one contestant, as seen from outside, with what it said of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Which scenario.
    pub scenario: String,
    /// Which case.
    pub case: String,
    /// Which contestant.
    pub contestant: String,
    /// With how many workers.
    pub workers: u32,
    /// In which block; 0 is the warm-up.
    pub block: u32,
    /// In which place of the block, from 0.
    pub position: u32,
    /// Whether this is the second run of the baseline in its block, made only to show the noise floor.
    pub control: bool,
    /// From before the program was started until it had been waited for.
    pub wall_ns: u64,
    /// CPU time of the program and of every descendant that was waited for; absent where the system
    /// does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuTime>,
    /// Context switches of the same processes; absent where the system does not tell. Since schema 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches: Option<Switches>,
    /// Page faults of the same processes; absent where the system does not tell. Since schema 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faults: Option<Faults>,
    /// What the run said of itself; absent for commands, which say nothing. Its spans are kept for the
    /// first counted block only: a timeline needs one run, and they are most of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RunRecord>,
    /// What a command printed; absent for contestants with a record, and where outputs need not agree.
    /// Since schema 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Output>,
    /// Fields that a newer harness wrote, kept.
    #[serde(flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}

/// How often something else had the processor in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switches {
    /// Because it had to wait: for data, a lock, another worker.
    pub voluntary: u64,
    /// Because its time was over, or somebody more urgent came.
    pub involuntary: u64,
}

/// How often memory was touched that was not there yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// Served from memory.
    pub minor: u64,
    /// Served from a disk.
    pub major: u64,
}

/// What a command printed on stdout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub checksum: String,
}

/// The memory of one contestant and all its descendants, from a run of its own: looking at memory takes
/// time, which a timed run must not lose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemorySample {
    /// Which scenario.
    pub scenario: String,
    /// Which case.
    pub case: String,
    /// Which contestant.
    pub contestant: String,
    /// With how many workers.
    pub workers: u32,
    /// Which of its memory runs, from 0.
    pub pass: u32,
    /// The greatest sum of PSS over the tree of processes that any look saw, in bytes. PSS counts a page
    /// that n processes share as 1/n for each, so the sum counts every page once. A peak between two
    /// looks is not seen.
    pub peak_pss_bytes: u64,
    /// At the same look: pages that one process alone has, in bytes.
    pub private_bytes: u64,
    /// At the same look: the rest of the PSS, so every shared page once, in bytes. Pages that processes
    /// outside the tree share too (libraries) count by the tree's share only.
    pub shared_bytes: u64,
    /// The greatest sum of RSS over the tree, in bytes. It counts a shared page once *a process*.
    pub peak_rss_sum_bytes: u64,
    /// The most processes that any look saw at once.
    pub processes: u32,
    /// How many looks there were. Few looks at a short run may have missed the peak.
    pub looks: u32,
    /// CPU time over all threads of the tree, as far as looks saw it (what a thread did after the last
    /// look at it is not in it), in nanoseconds; absent where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran_ns: Option<u64>,
    /// Time in which those threads were ready to run and had no processor, seen by the same looks, in
    /// nanoseconds. To be set against [`MemorySample::ran_ns`], not against the wall time. It is of the
    /// memory run, where the harness itself takes some processor time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delayed_ns: Option<u64>,
}

/// The input of a case was made. It counts for nothing but the estimate of how long the next measurement
/// takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputMade {
    /// Of which scenario.
    pub scenario: String,
    /// Of which case.
    pub case: String,
    /// How long it took until it was on the disk, in nanoseconds.
    pub took_ns: u64,
}

/// A reference program does not run in a case, and why not. Its figures are missing, never made up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRun {
    /// Which scenario.
    pub scenario: String,
    /// Which case.
    pub case: String,
    /// Which contestant, with any number of workers.
    pub contestant: String,
    /// Why not, in one line.
    pub reason: String,
}

/// What the machine was like around a block. Whether that is good enough is for the analysis to say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockState {
    /// Which scenario.
    pub scenario: String,
    /// Which case.
    pub case: String,
    /// Which block; 0 is the warm-up.
    pub block: u32,
    /// Effective cores right before it: how many times the work of one busy thread was done by as many
    /// busy threads as there are processors to be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores_before: Option<f64>,
    /// Effective cores right after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores_after: Option<f64>,
    /// The share of all processors' time during the block that the hypervisor says it gave to others:
    /// 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steal_share: Option<f64>,
    /// The share of the block's time in which some task of the system waited for a processor (PSI): 0
    /// to 1. Contestants with more threads than processors raise it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure_share: Option<f64>,
    /// The share of the block's time in which the group of processes that this belongs to was held back
    /// by its quota, summed over its processors: may be more than 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttled_share: Option<f64>,
    /// The share of all processors' time during the block that programs used which belong to neither
    /// contestants nor harness: 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others_share: Option<f64>,
}
