//! The command line.

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use harness::contestant::{CommonOptions, available_workers};
use harness::record::Model;

use crate::critical;
use crate::mechanism::Mechanism;
use crate::plan::Plan;
use crate::sys;

/// Count together, by every mechanism that there is: what each of them loses, and what it costs.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub(crate) struct Options {
    /// How to count, or `all`
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = parse_mechanism())]
    pub(crate) mechanism: Choice,

    /// How many increments all workers do together [default: what takes about 0.1 s]
    #[arg(long, value_name = "N")]
    pub(crate) increments: Option<u64>,

    /// Work of about so many nanoseconds that belongs to each increment: with the lock held, where there is one
    #[arg(long, value_name = "NS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=1_000_000_000))]
    pub(crate) critical: u64,

    /// Keep each worker on one core, in turns
    #[arg(long)]
    pub(crate) pin: bool,

    /// Show what happens when a worker dies while it holds the lock, instead of counting
    #[arg(long, value_name = "WHO", conflicts_with_all = ["mechanism", "increments", "critical", "pin", "json"])]
    pub(crate) die: Option<Victim>,

    /// Keep shared memory in a file in DIR [default: memory without a name, where the system has it]
    #[arg(long, value_name = "DIR")]
    pub(crate) memory_in: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

/// Which mechanisms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    All,
    One(Mechanism),
}

/// Who dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Victim {
    /// The worker that holds the lock
    Holder,
}

const EXAMPLES: &str = "\
Examples:
  NAME                                  all mechanisms, in about 2 s
  NAME --mechanism lost-update          the race (wrong on purpose)
  NAME --mechanism mutex --workers 8    more workers than cores
  NAME --critical 1000                  each increment with 1 us of work
  NAME --die holder                     a worker dies while it holds the lock

Two workers at least, if you do not say: one alone races with nobody.

Exit status: 0 done, 1 failed or a cure has lost something, 2 wrong command line.
Whether the race loses increments makes no difference to it.";

fn parse_mechanism() -> impl TypedValueParser<Value = Choice> {
    let names = Mechanism::ALL.into_iter().map(Mechanism::name);
    PossibleValuesParser::new(names.chain(["all"]))
        .map(|name| Mechanism::named(&name).map_or(Choice::All, Choice::One))
}

impl Options {
    /// Reads the command line of the program for `model`. Ends the program if it is wrong (status 2) or asks for help.
    pub(crate) fn read(model: Model) -> Self {
        Self::parse(model, std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// The options of such a command line, whose first argument is the program.
    ///
    /// # Errors
    /// If it is wrong, or asks for help.
    pub(crate) fn parse<A>(model: Model, arguments: A) -> Result<Self, clap::Error>
    where
        A: IntoIterator<Item: Into<OsString> + Clone>,
    {
        let name = program(model);
        let mut command = Self::command()
            .name(name)
            .after_help(EXAMPLES.replace("NAME", name));
        let matches = command.try_get_matches_from_mut(arguments)?;
        let options = Self::from_arg_matches(&matches)?;
        if let Some(message) = options.refused(model) {
            return Err(command.error(ErrorKind::ValueValidation, message));
        }
        Ok(options)
    }

    /// What is wrong with them for the program of `model`.
    fn refused(&self, model: Model) -> Option<&'static str> {
        let workers = self.common.workers.map_or(0, NonZeroU32::get);
        if model == Model::Sequential {
            let alone = workers <= 1 && self.die.is_none();
            return (!alone).then_some(
                "this program has one worker; counter-threads and counter-processes have more",
            );
        }
        (self.die.is_some() && workers == 1)
            .then_some("--die needs 2 workers at least: one that dies, and one that finds out")
    }

    /// What is to be done.
    pub(crate) fn plan(&self, model: Model) -> Result<Plan> {
        let mechanisms = match self.mechanism {
            Choice::All => Mechanism::ALL.to_vec(),
            Choice::One(one) => vec![one],
        };
        let cores = if self.pin {
            sys::cores().context("cannot tell which cores may be used, for --pin")?
        } else {
            Vec::new()
        };
        let plan = Plan {
            mechanisms,
            workers: self.workers(model),
            increments: self.increments,
            rounds: critical::rounds(self.critical),
            cores,
            memory_in: self.memory_in.clone(),
        };
        let sum = plan
            .mechanisms
            .iter()
            .try_fold(0_u64, |sum, one| sum.checked_add(plan.increments(*one)));
        if sum.is_none() {
            let (increments, count) = (plan.increments.unwrap_or(0), plan.mechanisms.len());
            bail!(
                "{increments} increments by each of {count} mechanisms are more than can be counted (2^64 - 1)"
            );
        }
        Ok(plan)
    }

    fn workers(&self, model: Model) -> NonZeroU32 {
        const TWO: NonZeroU32 = NonZeroU32::new(2).unwrap();
        match self.common.workers {
            Some(workers) => workers,
            None if model == Model::Sequential => NonZeroU32::MIN,
            None => available_workers().max(TWO),
        }
    }
}

/// The name of the program for `model`.
pub(crate) fn program(model: Model) -> &'static str {
    match model {
        // The last two are no models of a variant here.
        Model::Sequential | Model::Async | Model::Command => "counter",
        Model::Threads => "counter-threads",
        Model::Processes => "counter-processes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }
}
