//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use harness::record::Model;

const MODELS: [Model; 4] = [
    Model::Sequential,
    Model::Threads,
    Model::Processes,
    Model::Async,
];
const QUICK_BLOCKS: u32 = 10;
const FULL_BLOCKS: u32 = 20;

/// Compares threads with processes on this machine
///
/// Builds the programs of the scenarios, runs them in randomised blocks, prints what it found and
/// writes it to results/latest. Without a command: `versus run --quick`.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  versus                              measure everything, quickly
  versus run hasher --full            one scenario, with twice as many blocks
  versus run --models processes       processes against the baseline only
  versus report results/latest        the tables again, from the samples
  versus list                         what can be measured

Exit status: 0 done; 1 a measurement failed; 2 wrong command line; 130 ended by Ctrl-C.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure scenarios, print the tables and write the results
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunOptions),
    /// Make the tables of a result folder again, from its samples alone
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportOptions),
    /// Say which scenarios there are, with their cases and contestants
    List,
}

impl Default for Command {
    fn default() -> Self {
        Self::Run(RunOptions::default())
    }
}

const RUN_EXAMPLES: &str = "\
Examples:
  versus run                                     all scenarios, quickly
  versus run hasher --cases many-small --full    one case, well
  versus run hasher --references                 with the programs in other languages
  versus run hasher --seed 7 --out results/mine  an order that can be repeated";

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

    /// Workers of every contestant but the sequential one [default: as many as cores may be used]
    #[arg(long, value_name = "N", value_parser = one_number)]
    pub(crate) workers: Option<NonZeroU32>,

    /// Only contestants of these models; the baseline runs in any case
    #[arg(long, value_name = "MODEL,...", value_delimiter = ',', value_parser = model_parser())]
    pub(crate) models: Vec<Model>,

    /// Only these cases
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
}

impl RunOptions {
    /// How many blocks are counted.
    pub(crate) fn counted_blocks(&self) -> u32 {
        let by_speed = if self.full { FULL_BLOCKS } else { QUICK_BLOCKS };
        self.blocks.map_or(by_speed, NonZeroU32::get)
    }
}

const REPORT_EXAMPLES: &str = "\
Examples:
  versus report results/latest
  versus report results/latest --splice README.md --splice crates/hasher/README.md

A file that is spliced into has, for every scenario NAME that it shows, the two lines
  <!-- versus:begin NAME -->
  <!-- versus:end NAME -->
and what stands between them is replaced.";

#[derive(Debug, Args)]
pub(crate) struct ReportOptions {
    /// The folder with samples.jsonl
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// Put the tables into this document, between its markers
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Vec<PathBuf>,
}

fn model_parser() -> impl TypedValueParser<Value = Model> {
    PossibleValuesParser::new(MODELS.map(Model::name)).try_map(|name| {
        let found = MODELS.into_iter().find(|model| model.name() == name);
        found.ok_or("no such model")
    })
}

fn one_number(text: &str) -> Result<NonZeroU32, String> {
    if text.contains(',') {
        return Err(
            "lists are not supported yet: give one number, and run again for each".to_owned(),
        );
    }
    text.parse().map_err(|error| format!("{error}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn run(args: &str) -> Result<RunOptions, String> {
        let cli = Cli::try_parse_from(args.split(' ')).map_err(|error| error.to_string())?;
        match cli.command.unwrap_or_default() {
            Command::Run(options) => Ok(options),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn blocks_are_10_and_20_and_what_one_wants() {
        for (args, blocks) in [
            ("versus", 10),
            ("versus run", 10),
            ("versus run --quick", 10),
            ("versus run --full", 20),
            ("versus run --rounds 3", 3),
            ("versus run --blocks 5", 5),
        ] {
            assert_eq!(run(args).unwrap().counted_blocks(), blocks, "{args}");
        }
        run("versus run --blocks 0").unwrap_err();
        run("versus run --quick --full").unwrap_err();
    }

    #[test]
    fn models_are_a_list_and_a_typo_is_answered_with_the_nearest() {
        let options = run("versus run --models processes,threads").unwrap();
        assert_eq!(options.models, [Model::Processes, Model::Threads]);
        let error = run("versus run --models proceses").unwrap_err();
        assert!(error.contains("'processes'"), "{error}");
    }

    #[test]
    fn a_list_of_workers_is_refused_in_words() {
        assert_eq!(
            run("versus run --workers 4").unwrap().workers,
            NonZeroU32::new(4)
        );
        let error = run("versus run --workers 1,2").unwrap_err();
        assert!(error.contains("lists are not supported yet"), "{error}");
    }
}
