//! The command line.

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser};
use harness::contestant::{CommonOptions, available_workers};
use harness::record::Model;

use crate::lines::Style;
use crate::sample::Case;

/// Print or check SHA-256 digests, as sha256sum does, on several workers at once.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub(crate) struct Options {
    /// Files to hash (with --check: lists to check); `-` is standard input. Without any: a sample
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,

    /// Hash the regular files in directories too, in the byte order of their paths
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Write `SHA256 (NAME) = DIGEST`
    #[arg(long, conflicts_with = "check")]
    pub(crate) tag: bool,

    /// End lines in NUL, and do not escape names
    #[arg(short, long, conflicts_with = "check")]
    pub(crate) zero: bool,

    /// Write `*` before names
    #[arg(short, long, conflicts_with = "check", overrides_with = "text")]
    pub(crate) binary: bool,

    /// Write a blank before names, which is the default
    #[arg(short, long, conflicts_with_all = ["check", "tag"], overrides_with = "binary")]
    pub(crate) text: bool,

    /// Read digests from the files and check them; --quiet then leaves out files that are right
    #[arg(short, long, conflicts_with = "recursive")]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) checking: CheckOptions,

    #[command(flatten)]
    pub(crate) sample: SampleOptions,

    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

/// What only means something with --check. (--quiet, which all programs have, does here as well: it
/// leaves out the lines of items that are right.)
#[derive(Clone, Debug, Args)]
pub(crate) struct CheckOptions {
    /// With --check: print nothing, the exit status says it all
    // As in GNU, the last of --quiet, --status and --warn counts.
    #[arg(long, requires = "check", overrides_with_all = ["quiet", "warn"])]
    pub(crate) status: bool,

    /// With --check: fail for malformed lines too
    #[arg(long, requires = "check")]
    pub(crate) strict: bool,

    /// With --check: say nothing of files that are not there
    #[arg(long, requires = "check")]
    pub(crate) ignore_missing: bool,

    /// With --check: name every malformed line
    #[arg(short, long, requires = "check", overrides_with_all = ["quiet", "status"])]
    pub(crate) warn: bool,
}

/// The sample that is hashed where no file is named.
#[derive(Clone, Debug, Args)]
pub(crate) struct SampleOptions {
    /// Which sample to make
    #[arg(long, value_enum, default_value_t = Case::FewLarge)]
    pub(crate) case: Case,

    /// Seed of the sample: the same seed gives the same files
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Only make the sample, in DIR
    #[arg(long, value_name = "DIR", conflicts_with = "files")]
    pub(crate) make_sample: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  NAME                                hash a sample, which is made and removed
  NAME --case many-small              another sample
  NAME *.iso > SHA256SUMS             digests of some files
  NAME --recursive DIR > SHA256SUMS   digests of all files in DIR
  NAME --check SHA256SUMS             are they still the same?

Exit status: 0 all done, 1 some items failed, 2 wrong command line.";

impl Options {
    /// Reads the command line of the program for `model`. Ends the program if it is wrong (status 2)
    /// or asks for help.
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
            .bin_name(name)
            .after_help(EXAMPLES.replace("NAME", name));
        let matches = command.try_get_matches_from_mut(arguments)?;
        let options = Self::from_arg_matches(&matches)?;
        if model == Model::Sequential
            && options
                .common
                .workers
                .is_some_and(|workers| workers.get() > 1)
        {
            let message =
                "this program has one worker; hasher-threads and hasher-processes have more";
            return Err(command.error(ErrorKind::ValueValidation, message));
        }
        Ok(options)
    }

    /// How many workers share the job of `model`.
    pub(crate) fn workers(&self, model: Model) -> NonZeroU32 {
        match self.common.workers {
            Some(workers) => workers,
            None if model == Model::Sequential => NonZeroU32::MIN,
            None => available_workers(),
        }
    }

    pub(crate) fn style(&self) -> Style {
        Style {
            tag: self.tag,
            zero: self.zero,
            binary: self.binary,
        }
    }
}

/// The name of the program for `model`.
pub(crate) fn program(model: Model) -> &'static str {
    match model {
        // The last one is no model of a variant.
        Model::Sequential | Model::Command => "hasher",
        Model::Threads => "hasher-threads",
        Model::Processes => "hasher-processes",
        Model::Async => "hasher-async",
    }
}
