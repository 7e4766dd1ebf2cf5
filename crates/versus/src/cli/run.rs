//! `versus run`.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use harness::record::Model;

use super::measuring::{blocks, limit};

const MODELS: [Model; 4] = [
    Model::Sequential,
    Model::Threads,
    Model::Processes,
    Model::Async,
];

pub(super) const EXAMPLES: &str = "\
Examples:
  versus run                                     all scenarios, quickly
  versus run hasher --cases many-small --full    one case, well
  versus run hasher --references                 with the programs in other languages
  versus run hasher --references --python 3.13   with this Python
  versus run hasher --workers 1,2,4              how it scales
  versus run hasher --seed 7 --out results/mine  an order that can be repeated
  versus run --resume results/latest.partial-x   go on where a measurement was interrupted";

#[derive(Debug, Default, Args)]
pub(crate) struct RunOptions {
    /// The scenarios to measure [default: all]
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,

    /// 10 counted blocks a case, which is the default
    #[arg(long, conflicts_with = "full")]
    pub(crate) quick: bool,

    /// 20 counted blocks a case
    #[arg(long)]
    pub(crate) full: bool,

    /// So many counted blocks a case; one more warms up
    #[arg(long, visible_alias = "rounds", value_name = "N", conflicts_with_all = ["quick", "full"])]
    pub(crate) blocks: Option<NonZeroU32>,

    /// Workers of every contestant but the sequential one; each runs with each of several numbers
    /// [default: what the scenario says, or as many as cores may be used]
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    pub(crate) workers: Vec<NonZeroU32>,

    /// Only contestants of these models; the baseline runs in any case
    #[arg(long, value_name = "MODEL,...", value_delimiter = ',', value_parser = model_parser())]
    pub(crate) models: Vec<Model>,

    /// Only these cases [default: all but those on request]
    #[arg(long, value_name = "CASE,...", value_delimiter = ',')]
    pub(crate) cases: Vec<String>,

    /// What the order of runs and the sample inputs are made from [default: another one every time]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    /// Where the results go; results there are replaced when all is done [default: results/latest of
    /// the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Also run the reference programs, which are not part of the workspace
    #[arg(long)]
    pub(crate) references: bool,

    /// The interpreter of the reference programs in Python: a program, or a version that is in PATH or of
    /// pyenv, like 3.13 [default: python3 or python in PATH, else the newest of pyenv]
    #[arg(long, value_name = "PROGRAM", requires = "references")]
    pub(crate) python: Option<String>,

    /// How long a run may take before it counts as hung and is killed: 90s, 5m [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = limit)]
    pub(crate) limit: Option<Duration>,

    /// Go on with the interrupted measurement in this folder, which says what is measured
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "scenarios", "quick", "full", "blocks", "workers", "models", "cases", "seed", "references", "python"
    ])]
    pub(crate) resume: Option<PathBuf>,
}

impl RunOptions {
    /// How many blocks are counted.
    pub(crate) fn counted_blocks(&self) -> u32 {
        blocks(self.blocks, self.full)
    }
}

fn model_parser() -> impl TypedValueParser<Value = Model> {
    PossibleValuesParser::new(MODELS.map(Model::name)).try_map(|name| {
        let found = MODELS.into_iter().find(|model| model.name() == name);
        found.ok_or("no such model")
    })
}
