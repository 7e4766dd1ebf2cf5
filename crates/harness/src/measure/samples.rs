//! The samples file: everything that was measured, one JSON object a line.
//!
//! The first line is the [`Header`] (plan, options, machine), every other line one [`Sample`]. Tables
//! and charts are made from this file alone, so that a reader can check and redo them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::measure::environment::Environment;
use crate::record::{CpuTime, Model, RunRecord};

mod file;

pub use file::{Samples, SamplesError, Writer, read};

/// The version of the samples file that this harness writes, and the newest that it reads.
pub const SCHEMA: u32 = 1;

/// One line of a samples file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "lowercase")]
pub enum Line {
    /// The first line.
    Header(Header),
    /// Every other line.
    Sample(Sample),
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
    /// Its cases, in the order of `scenario.toml`.
    pub cases: Vec<CasePlan>,
    /// Its contestants, in the order of `scenario.toml`.
    pub contestants: Vec<ContestantPlan>,
    /// The contestant that others are compared with. It runs twice in every block.
    pub baseline: String,
}

/// One case of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CasePlan {
    /// Its name: `many-small`.
    pub name: String,
    /// What it is, for people: `20,000 files of 1 kB`.
    pub title: String,
}

/// One contestant of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContestantPlan {
    /// Its name: `threads`, or `python-threads` for a reference program.
    pub name: String,
    /// Its model.
    pub model: Model,
    /// How many workers it was given. The sequential one has 1.
    pub workers: u32,
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
    /// What the run said of itself. Its spans are kept for the first counted block only: a timeline
    /// needs one run, and they are most of the file.
    pub record: RunRecord,
    /// Fields that a newer harness wrote, kept.
    #[serde(flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}
