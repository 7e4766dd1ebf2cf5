//! The command line.

mod commands;
mod measuring;
mod results;
mod run;

use clap::{Parser, Subcommand};

pub(crate) use commands::CommandsOptions;
pub(crate) use measuring::{FULL_BLOCKS, limit_of, worker_counts};
pub(crate) use results::{DiffOptions, PagesOptions, ReportOptions};
pub(crate) use run::RunOptions;

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
    #[command(after_help = run::EXAMPLES)]
    Run(RunOptions),
    /// Compare any programs, by the same method
    #[command(after_help = commands::EXAMPLES)]
    Commands(CommandsOptions),
    /// Say what this machine is, whether it is quiet, and what can be measured on it
    Check,
    /// Make the tables of a result folder again, from its samples alone
    #[command(after_help = results::REPORT_EXAMPLES)]
    Report(ReportOptions),
    /// Make the overview of several result folders, and the page of each
    #[command(after_help = results::PAGES_EXAMPLES)]
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::CommandFactory;
    use harness::record::Model;

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
