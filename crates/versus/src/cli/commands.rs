//! `versus commands`.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::measuring::{blocks, limit};

pub(super) const EXAMPLES: &str = "\
Examples:
  versus commands 'gzip -kc big' 'pigz -kc big'
  versus commands 'xz -T{workers} -kc big' 'zstd -T{workers} -kc big' --workers 1,2
  versus commands --check-output 'sort words' 'sort --parallel=2 words'
  versus commands 'sh -c \"grep x a | sort\"' 'rg --sort path x a'

A command is started directly, in this folder; write sh -c where a shell is wanted. The first one is the
baseline, and runs twice a block. What commands print goes to /dev/null unless it is to be checked; some, like grep, then do less.";

#[derive(Debug, Default, Args)]
pub(crate) struct CommandsOptions {
    /// The command lines; {workers} stands for the number of workers
    #[arg(value_name = "COMMAND", required = true)]
    pub(crate) commands: Vec<String>,

    /// What the commands are called in tables, in their order [default: the names of their programs]
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,

    /// What {workers} stands for; a command that has it runs with each of several numbers [default: as
    /// many as cores may be used]
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    pub(crate) workers: Vec<NonZeroU32>,

    /// 20 counted blocks instead of 10
    #[arg(long)]
    pub(crate) full: bool,

    /// So many counted blocks; one more warms up
    #[arg(
        long,
        visible_alias = "rounds",
        value_name = "N",
        conflicts_with = "full"
    )]
    pub(crate) blocks: Option<NonZeroU32>,

    /// Fail if the commands do not all print the same
    #[arg(long)]
    pub(crate) check_output: bool,

    /// What the order of runs is made from [default: another one every time]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    /// Where the results go; results there are replaced when all is done [default: results/commands]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// How long a run may take before it counts as hung and is killed: 90s, 5m [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = limit)]
    pub(crate) limit: Option<Duration>,
}

impl CommandsOptions {
    /// How many blocks are counted.
    pub(crate) fn counted_blocks(&self) -> u32 {
        blocks(self.blocks, self.full)
    }
}
