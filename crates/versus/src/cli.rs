//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use harness::measure::runner::Limit;
use harness::record::Model;

const MODELS: [Model; 4] = [
    Model::Sequential,
    Model::Threads,
    Model::Processes,
    Model::Async,
];
const QUICK_BLOCKS: u32 = 10;
pub(crate) const FULL_BLOCKS: u32 = 20;

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
  versus commands 'sort a' 'sort -u a'  any programs against each other
  versus check                        what this machine is, and whether it is quiet
  versus report results/latest        the tables again, from the samples
  versus pages                        the overview of all that is in results
  versus diff results/a results/b     what changed between two measurements
  versus list                         what can be measured

Exit status: 0 done; 1 a measurement failed or the machine is not quiet; 2 wrong command line; 130 ended by Ctrl-C.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure scenarios, print the tables and write the results
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunOptions),
    /// Compare any programs, by the same method
    #[command(after_help = COMMANDS_EXAMPLES)]
    Commands(CommandsOptions),
    /// Say what this machine is, whether it is quiet, and what can be measured on it
    Check,
    /// Make the tables of a result folder again, from its samples alone
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportOptions),
    /// Make the overview of several result folders, and the page of each
    #[command(after_help = PAGES_EXAMPLES)]
    Pages(PagesOptions),
    /// Say what changed between two result folders of one machine
    Diff(DiffOptions),
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

fn blocks(asked: Option<NonZeroU32>, full: bool) -> u32 {
    let by_speed = if full { FULL_BLOCKS } else { QUICK_BLOCKS };
    asked.map_or(by_speed, NonZeroU32::get)
}

const COMMANDS_EXAMPLES: &str = "\
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

/// The numbers of workers, each once; those of the machine if none was asked for.
pub(crate) fn worker_counts(asked: &[NonZeroU32]) -> Vec<u32> {
    let mut counts: Vec<u32> = Vec::new();
    for count in asked.iter().map(|count| count.get()) {
        if !counts.contains(&count) {
            counts.push(count);
        }
    }
    if counts.is_empty() {
        let cores = std::thread::available_parallelism();
        counts.push(cores.map_or(1, |cores| cores.get() as u32));
    }
    counts
}

/// The limit that was asked for, or the usual one.
pub(crate) fn limit_of(asked: Option<Duration>) -> Limit {
    asked.map_or_else(Limit::default, Limit)
}

fn limit(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(limit) if limit.is_zero() => Err("no run ends within no time".to_owned()),
        Ok(limit) => Ok(limit),
        Err(error) => Err(error.to_string()),
    }
}

const REPORT_EXAMPLES: &str = "\
Examples:
  versus report results/latest
  versus report results/latest --splice README.md --splice crates/hasher/README.md
  versus report results/many --splice README.md --marker downloader-many

A file that is spliced into has, for every scenario NAME (or the NAME of --marker) that it shows, the two lines
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

    /// Put them between the markers of this name, instead of the scenario's: for a document that shows several
    /// measurements of one scenario
    #[arg(long, value_name = "NAME", requires = "splice")]
    pub(crate) marker: Option<String>,
}

const PAGES_EXAMPLES: &str = "\
Examples:
  versus pages
  versus pages results --splice README.md

Written are DIR/README.md and DIR/overview.svg, and the README.md of every folder in DIR that holds samples.jsonl.
Left out are results/latest, which every machine has another one of, and what an interrupted measurement left.

A file that is spliced into has the two lines
  <!-- versus:begin overview -->
  <!-- versus:end overview -->
and what stands between them is replaced.";

#[derive(Debug, Args)]
pub(crate) struct PagesOptions {
    /// The folder of result folders [default: results of the workspace]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    /// Put the picture and the overall table into this document, between its markers
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffOptions {
    /// The folder of the older measurement
    #[arg(value_name = "RESULTS")]
    pub(crate) before: PathBuf,

    /// The folder of the newer one
    #[arg(value_name = "RESULTS")]
    pub(crate) after: PathBuf,

    /// Also where they are of two machines, with a warning
    #[arg(long)]
    pub(crate) across_machines: bool,
}

fn model_parser() -> impl TypedValueParser<Value = Model> {
    PossibleValuesParser::new(MODELS.map(Model::name)).try_map(|name| {
        let found = MODELS.into_iter().find(|model| model.name() == name);
        found.ok_or("no such model")
    })
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
    fn workers_are_a_list_without_repetitions() {
        let counts = |args| worker_counts(&run(args).unwrap().workers);
        assert_eq!(counts("versus run --workers 4"), [4]);
        assert_eq!(counts("versus run --workers 2,1,2"), [2, 1]);
        assert_eq!(counts("versus run").len(), 1);
        run("versus run --workers 1,0").unwrap_err();
    }

    #[test]
    fn limits_have_units() {
        let limit = |args| run(args).unwrap().limit;
        assert_eq!(
            limit("versus run --limit 90s"),
            Some(Duration::from_secs(90))
        );
        run("versus run --limit 0s").unwrap_err();
        run("versus run --limit soon").unwrap_err();
    }
}
