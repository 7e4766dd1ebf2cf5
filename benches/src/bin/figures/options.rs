//! The command line.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::blocks::Plan;
use crate::cores::Cores;
use crate::figure::Figure;

const QUICK_BLOCKS: u32 = 10;
const BLOCKS: u32 = 20;

/// Says whether procpool and the harness cost what they are meant to cost
///
/// Measures it against the least that its work can cost, both in turns and in random order, and prints
/// a table with ratios, their intervals, and whether each target is met.
#[derive(Debug, Parser)]
#[command(name = "figures", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Only these figures [default: all]
    #[arg(value_name = "FIGURE")]
    figures: Vec<Figure>,

    /// So many counted blocks a figure; one more warms up [default: 20, or 10 with --quick]
    #[arg(long, value_name = "N")]
    blocks: Option<NonZeroU32>,

    /// Fewer and shorter blocks: for a look, not for a claim
    #[arg(long)]
    quick: bool,

    /// What the order is made from [default: another one every time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

const EXAMPLES: &str = "\
Examples:
  figures                          every figure, in about a minute
  figures --quick round-trip       a look at one of them
  figures --blocks 40 --seed 7     narrower intervals, and an order that can be repeated

Exit status: 0 measured, targets met or not; 1 something failed; 2 wrong command line.";

impl Options {
    /// In the order in which they must be measured, each once.
    pub(crate) fn figures(&self) -> BTreeSet<Figure> {
        if self.figures.is_empty() {
            Figure::value_variants().iter().copied().collect()
        } else {
            self.figures.iter().copied().collect()
        }
    }

    pub(crate) fn plan(&self) -> Plan {
        let by_speed = if self.quick { QUICK_BLOCKS } else { BLOCKS };
        let milliseconds = if self.quick { 30 } else { 100 };
        // Short enough to be typed.
        let another = || RandomState::new().hash_one(0) % 1_000_000;
        Plan {
            blocks: self.blocks.map_or(by_speed, NonZeroU32::get),
            length: Duration::from_millis(milliseconds),
            seed: self.seed.unwrap_or_else(another),
            cores: Cores::new(),
            quick: self.quick,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn options(arguments: &str) -> Options {
        Options::try_parse_from(arguments.split(' ')).unwrap()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn blocks_are_20_or_10_or_what_one_wants() {
        for (arguments, blocks) in [
            ("figures", 20),
            ("figures --quick", 10),
            ("figures --quick --blocks 3", 3),
        ] {
            assert_eq!(options(arguments).plan().blocks, blocks, "{arguments}");
        }
    }

    #[test]
    fn memory_comes_first_wherever_it_was_named() {
        let figures = options("figures start memory start").figures();
        assert_eq!(Vec::from_iter(figures), [Figure::Memory, Figure::Start]);
        assert_eq!(options("figures").figures().first(), Some(&Figure::Memory));
    }
}
