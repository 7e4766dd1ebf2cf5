//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser};
use harness::contestant::CommonOptions;
use harness::record::Model;

use crate::costs;
use crate::figure::LEAST_BLOCKS;
use crate::way::Way;

/// Start workers and end them: what that costs, how many can live at once, from which task on they are worth it.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub(crate) struct Options {
    /// How to start workers, or `all`
    #[arg(long, value_name = "NAME", default_value = "all")]
    pub(crate) way: String,

    /// How often everything is done, and once more to warm up
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) samples: u32,

    /// Start them from a process with so much touched memory as well, 512MiB for instance
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) ballast: Option<u64>,

    /// Find how many workers can live at once, and what each of them takes
    #[arg(long, conflicts_with_all = ["samples", "ballast", "break_even", "workers"])]
    pub(crate) limit: bool,

    /// Start no more than so many for `--limit`
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "limit",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) most: u32,

    /// Find from which length of a task on two workers are worth it
    #[arg(long, conflicts_with_all = ["ballast", "workers"])]
    pub(crate) break_even: bool,

    /// Draw what `--break-even` found, as SVG
    #[arg(long, value_name = "FILE", requires = "break_even")]
    pub(crate) draw: Option<PathBuf>,

    /// Draw and list as well what another variant has recorded with `--break-even --json`
    #[arg(long, value_name = "RECORD", requires = "break_even")]
    pub(crate) beside: Option<PathBuf>,

    /// Decides the order in which things are measured
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

const EXAMPLES: &str = "\
Examples:
  NAME                                      1, 2, 4, 16 and 64 workers by every way
  NAME --workers 8 --samples 100            8 workers, more often
  NAME --ballast 512MiB --workers 1         beside a large parent
  NAME --limit --most 2000                  how many can live at once
  NAME --break-even --draw break-even.svg   from which task on they are worth it

Exit status: 0 done, 1 failed or the system gave fewer workers than were asked for, 2 wrong command line.
For --limit, what the system gives is the answer: 0.";

/// How many workers at a time, where nobody says.
const COUNTS: [u32; 5] = [1, 2, 4, 16, 64];

fn parse_size(text: &str) -> Result<u64, String> {
    let size: Result<ByteSize, _> = text.parse();
    let size = size.map_err(|_| "a size is needed, 512MiB for instance".to_owned())?;
    Ok(size.as_u64())
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
        let mut command = Self::command_of(model);
        let matches = command.try_get_matches_from_mut(arguments)?;
        let options = Self::from_arg_matches(&matches)?;
        if let Some(message) = options.refused(model) {
            return Err(command.error(ErrorKind::ValueValidation, message));
        }
        Ok(options)
    }

    fn command_of(model: Model) -> clap::Command {
        let name = program(model);
        let ways = Way::of(model).into_iter().map(Way::name);
        let ways = PossibleValuesParser::new(ways.chain(["all"]));
        Self::command()
            .name(name)
            .after_help(EXAMPLES.replace("NAME", name))
            .mut_arg("way", |way| way.value_parser(ways))
    }

    /// What is wrong with them for the program of `model`.
    fn refused(&self, model: Model) -> Option<String> {
        if model == Model::Sequential && (self.limit || self.break_even) {
            let message = "this program starts no worker; spawner-threads and spawner-processes do";
            return Some(message.to_owned());
        }
        (self.break_even && self.samples < LEAST_BLOCKS)
            .then(|| format!("--break-even needs {LEAST_BLOCKS} samples at least, for an interval"))
    }

    /// By which ways.
    pub(crate) fn ways(&self, model: Model) -> Vec<Way> {
        Way::named(&self.way).map_or_else(|| Way::of(model), |way| vec![way])
    }

    /// What is measured of starting and ending.
    pub(crate) fn costs(&self, model: Model) -> costs::Plan {
        let workers = self.common.workers;
        costs::Plan {
            ways: self.ways(model),
            counts: workers.map_or_else(|| COUNTS.to_vec(), |workers| vec![workers.get()]),
            samples: self.samples,
            ballast_bytes: self.ballast,
            seed: self.seed,
        }
    }

    /// How many workers there are at once, at most.
    pub(crate) fn workers(&self, model: Model) -> u32 {
        if self.limit {
            self.most
        } else if self.break_even {
            2
        } else {
            self.costs(model).counts.into_iter().max().unwrap_or(1)
        }
    }
}

/// The name of the program for `model`.
pub(crate) fn program(model: Model) -> &'static str {
    match model {
        // The last two are no models of a variant here.
        Model::Sequential | Model::Async | Model::Command => "spawner",
        Model::Threads => "spawner-threads",
        Model::Processes => "spawner-processes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        for model in [Model::Sequential, Model::Threads, Model::Processes] {
            Options::command_of(model).debug_assert();
        }
    }

    #[test]
    fn a_size_has_a_unit_or_is_in_bytes() {
        assert_eq!(parse_size("512MiB"), Ok(512 << 20));
        assert_eq!(parse_size("4096"), Ok(4096));
        assert!(parse_size("much").is_err());
    }
}
