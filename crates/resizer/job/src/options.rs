//! The command line.

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use bytesize::ByteSize;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};
use harness::contestant::{CommonOptions, available_workers};
use harness::record::Model;
use resizer_pixels::{Fit, Format, Settings};

use crate::misbehave::Misbehaviour;
use crate::sample::Case;

/// Resize pictures, on several workers at once.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub(crate) struct Options {
    /// Pictures to resize, and with --recursive folders of them. Without any: a sample
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<OsString>,

    /// Write to this folder, which is made if it is not there. Of folders, the trees are kept
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Resize the pictures in folders too, in the byte order of their paths
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Replace files that exist
    #[arg(long)]
    pub(crate) overwrite: bool,

    /// Make one picture of all results, too: FILE ends in .jpg, .png or .webp
    #[arg(long, value_name = "FILE")]
    pub(crate) contact_sheet: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) picture: PictureOptions,

    #[command(flatten)]
    pub(crate) sample: SampleOptions,

    /// Do something wrong at the picture NAME: panic, abort, overflow the stack or take all memory
    #[arg(long, value_name = "NAME=HOW", hide = true, action = clap::ArgAction::Append)]
    pub(crate) misbehave: Vec<Misbehaviour>,

    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

/// What becomes of each picture.
#[derive(Clone, Debug, Args)]
pub(crate) struct PictureOptions {
    /// The new size in pixels; 800 is 800x800
    #[arg(short, long, value_name = "WIDTHxHEIGHT")]
    size: Option<Size>,

    /// How a picture of another shape gets into that size
    #[arg(long, value_enum, default_value_t = How::Inside)]
    fit: How,

    /// Make small pictures larger, too
    #[arg(long)]
    enlarge: bool,

    /// Write in this format
    #[arg(long, value_enum, default_value_t = Kind::Same)]
    format: Kind,

    /// Quality of JPEG and lossy WebP
    #[arg(short, long, value_name = "1..100", default_value_t = 85, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,

    /// Filter in linear light: right for fine patterns of strong contrast, and slower
    #[arg(long)]
    linear: bool,

    /// Decode JPEG at a smaller scale: quicker, and a little less sharp
    #[arg(long)]
    fast: bool,

    /// Refuse pictures that take more memory than this, each
    #[arg(long, value_name = "BYTES", default_value = "512MB")]
    memory: ByteSize,
}

/// The sample that is resized where no picture is named.
#[derive(Clone, Debug, Args)]
pub(crate) struct SampleOptions {
    /// Which sample to make; its --size is the default, also for pictures that are named
    #[arg(long, value_enum)]
    case: Option<Case>,

    /// Seed of the sample: the same seed gives the same files
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Only make the sample, in DIR
    #[arg(long, value_name = "DIR", conflicts_with = "paths")]
    pub(crate) make_sample: Option<PathBuf>,
}

impl SampleOptions {
    pub(crate) fn case(&self) -> Case {
        self.case.unwrap_or(Case::Large)
    }
}

/// [`Fit`], on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum How {
    /// All of the picture is seen, and one side may be shorter
    Inside,
    /// The size is filled, and what is too much on two sides is cut off
    Cover,
    /// The picture is stretched
    Exact,
}

/// [`Format`], on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// That of each picture
    Same,
    Jpeg,
    Png,
    Webp,
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    width: u32,
    height: u32,
}

/// What the file formats can say: more is a slip of the keyboard.
const LONGEST_SIDE: u32 = 65_535;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (width, height) = text.split_once(['x', 'X']).unwrap_or((text, text));
        let side = |text: &str| {
            let side = text.parse().ok();
            side.filter(|side| (1..=LONGEST_SIDE).contains(side))
        };
        side(width)
            .zip(side(height))
            .map(|(width, height)| Self { width, height })
            .ok_or_else(|| {
                format!("800x600 is meant, or 800, with 1 to {LONGEST_SIDE} pixels a side")
            })
    }
}

const EXAMPLES: &str = "\
Examples:
  NAME                                              resize sample photos, which are made and removed
  NAME --case small                                 another sample
  NAME --size 800 --out web *.jpg                   to at most 800x800
  NAME --size 300 --fit cover --out thumbs -r PHOTOS  all in a folder, to squares
  NAME --size 1600 --format webp --out web -r PHOTOS  as WebP

A line on stdout is: name, size, new name, new size, and what there is to note, between tabs.
Exit status: 0 all done, 1 some pictures failed, 2 wrong command line.";

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
        if let Some((kind, message)) = options.complaint(model) {
            return Err(command.error(kind, message));
        }
        Ok(options)
    }

    /// What is wrong with the options together.
    fn complaint(&self, model: Model) -> Option<(ErrorKind, &'static str)> {
        let many = |workers: NonZeroU32| workers.get() > 1;
        if model == Model::Sequential && self.common.workers.is_some_and(many) {
            let message =
                "this program has one worker; resizer-threads and resizer-processes have more";
            return Some((ErrorKind::ValueValidation, message));
        }
        if self.paths.is_empty() {
            return None;
        }
        let missing = match (&self.out, self.picture.size, self.sample.case) {
            (None, _, _) => "say by --out DIR where the resized pictures go",
            (_, None, None) => "say by --size WIDTHxHEIGHT how large they are to be",
            _ => return None,
        };
        Some((ErrorKind::MissingRequiredArgument, missing))
    }

    /// How many workers share the job of `model`.
    pub(crate) fn workers(&self, model: Model) -> NonZeroU32 {
        match self.common.workers {
            Some(workers) => workers,
            None if model == Model::Sequential => NonZeroU32::MIN,
            None => available_workers(),
        }
    }

    /// What becomes of each picture.
    pub(crate) fn settings(&self) -> Settings {
        let picture = &self.picture;
        let side = self.sample.case().side();
        let Size { width, height } = picture.size.unwrap_or(Size {
            width: side,
            height: side,
        });
        Settings {
            width,
            height,
            fit: match picture.fit {
                How::Inside => Fit::Inside,
                How::Cover => Fit::Cover,
                How::Exact => Fit::Exact,
            },
            enlarge: picture.enlarge,
            format: match picture.format {
                Kind::Same => None,
                Kind::Jpeg => Some(Format::Jpeg),
                Kind::Png => Some(Format::Png),
                Kind::Webp => Some(Format::WebP),
            },
            quality: picture.quality,
            linear: picture.linear,
            fast: picture.fast,
            memory: picture.memory.as_u64(),
        }
    }
}

/// The name of the program for `model`.
pub(crate) fn program(model: Model) -> &'static str {
    match model {
        // The last one is no model of a variant.
        Model::Sequential | Model::Command => "resizer",
        Model::Threads => "resizer-threads",
        Model::Processes => "resizer-processes",
        Model::Async => "resizer-async",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_one_side_or_two() {
        let size = |text: &str| {
            text.parse()
                .ok()
                .map(|size: Size| (size.width, size.height))
        };
        assert_eq!(size("800"), Some((800, 800)));
        assert_eq!(size("800x600"), Some((800, 600)));
        assert_eq!(size("1X65535"), Some((1, 65_535)));
        for text in [
            "",
            "x",
            "800x",
            "0",
            "1x0",
            "65536",
            "8x6x4",
            "-1",
            "800 x 600",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
