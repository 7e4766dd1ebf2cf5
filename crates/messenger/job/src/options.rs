//! The command line.

use std::ffi::OsString;
use std::num::NonZeroU32;

use anyhow::{Context, Result, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use harness::contestant::CommonOptions;
use harness::record::Model;

use crate::payload::Payload;
use crate::plan::{Mode, Plan};
use crate::sys;
use crate::way::Way;

/// Exchange messages between two workers, by every way that there is: what a round trip costs, and how many come
/// through.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub(crate) struct Options {
    /// By which ways, as a list with commas, or `all`
    #[arg(
        long,
        value_name = "NAMES",
        default_value = "all",
        value_delimiter = ','
    )]
    way: Vec<String>,

    /// With which payloads, as a list with commas, or `all`: 0B, and the powers of 4 up to 64MiB
    #[arg(long, value_name = "SIZES", default_value = "64B,16KiB,1MiB", value_delimiter = ',', value_parser = parse_payload)]
    payload: Vec<Size>,

    /// What is measured [default: both]
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    mode: Vec<Mode>,

    /// How many round trips, and how many messages of a stream [default: 2 to 5000, by the payload]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    messages: Option<u64>,

    /// How often everything is measured, each time in another order; an interval takes 6
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    blocks: u32,

    /// What the orders are made from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Where the two workers are
    #[arg(long, value_name = "WHERE", default_value = "free")]
    pub(crate) place: Place,

    /// Write and check every byte of every message, and not only the first and the last eight: the times are then
    /// those of writing and checking
    #[arg(long)]
    verify: bool,

    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

/// Where two workers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// On one core, which they share
    Same,
    /// Each on a core of its own
    Other,
    /// Where the system sends them
    Free,
}

/// A payload, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    All,
    One(Payload),
}

const EXAMPLES: &str = "\
Examples:
  NAME                                             all ways, three payloads
  NAME --payload all --mode round-trip             from nothing to 64 MiB
  NAME --way WAY --payload 4KiB --messages 100000  one way, for long
  NAME --place same                                both workers on one core

WAYS

Exit status: 0 done, 1 failed, 2 wrong command line.";

fn parse_payload(text: &str) -> Result<Size, String> {
    match text {
        "all" => Ok(Size::All),
        text => text.parse().map(Size::One),
    }
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
        let (name, ways) = (program(model), Way::of(model));
        let names: Vec<_> = ways.iter().map(|way| way.name()).collect();
        let last = names.last().copied().unwrap_or("all");
        let list = format!("Ways: {}", names.join(", "));
        let help = EXAMPLES.replace("WAYS", &list).replace("WAY", last);
        let parser = PossibleValuesParser::new(names.into_iter().chain(["all"])).map(|name| name);
        let mut command = Self::command()
            .name(name)
            .mut_arg("way", |arg| arg.value_parser(parser))
            .after_help(help.replace("NAME", name));
        let matches = command.try_get_matches_from_mut(arguments)?;
        let options = Self::from_arg_matches(&matches)?;
        if let Some(message) = options.refused(model) {
            return Err(command.error(ErrorKind::ValueValidation, message));
        }
        Ok(options)
    }

    /// What is wrong with them for the program of `model`.
    fn refused(&self, model: Model) -> Option<&'static str> {
        let asked = self.common.workers.map(NonZeroU32::get);
        if asked.is_none_or(|asked| asked == workers(model)) {
            return None;
        }
        Some(if model == Model::Sequential {
            "this program has one worker; messenger-threads and messenger-processes have two"
        } else {
            "it takes two workers to talk, no more and no less"
        })
    }

    /// What is to be done.
    pub(crate) fn plan(&self, model: Model) -> Result<Plan> {
        let named = |way: &Way| {
            self.way
                .iter()
                .any(|name| name == "all" || name == way.name())
        };
        let mut payloads = Vec::new();
        for size in &self.payload {
            match size {
                Size::All => payloads.append(&mut Payload::all()),
                Size::One(one) => payloads.push(*one),
            }
        }
        payloads.sort_unstable();
        payloads.dedup();
        let has = |mode: &Mode| self.mode.is_empty() || self.mode.contains(mode);
        Ok(Plan {
            ways: Way::of(model).into_iter().filter(named).collect(),
            payloads,
            modes: [Mode::RoundTrip, Mode::Stream]
                .into_iter()
                .filter(has)
                .collect(),
            blocks: self.blocks,
            seed: self.seed,
            messages: self.messages,
            verify: self.verify,
            cores: self.cores()?,
        })
    }

    /// The payload, if it alone says what a run does: its name is that of the case then.
    pub(crate) fn case(&self) -> Option<String> {
        match self.payload.as_slice() {
            [Size::One(payload)] if self.messages.is_none() => {
                Some(payload.to_string().to_ascii_lowercase())
            }
            _ => None,
        }
    }

    fn cores(&self) -> Result<[Option<u32>; 2]> {
        if self.place == Place::Free {
            return Ok([None; 2]);
        }
        let cores = sys::cores().context("cannot tell which cores may be used, for --place")?;
        match (self.place, cores.as_slice()) {
            (Place::Same, [one, ..]) => Ok([Some(*one); 2]),
            (_, [one, other, ..]) => Ok([Some(*one), Some(*other)]),
            _ => bail!("--place other needs two cores, and this process may use one"),
        }
    }
}

/// How many workers the program for `model` has.
pub(crate) fn workers(model: Model) -> u32 {
    if model == Model::Sequential { 1 } else { 2 }
}

/// The name of the program for `model`.
pub(crate) fn program(model: Model) -> &'static str {
    match model {
        // The last two are no models of a variant here.
        Model::Sequential | Model::Async | Model::Command => "messenger",
        Model::Threads => "messenger-threads",
        Model::Processes => "messenger-processes",
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
