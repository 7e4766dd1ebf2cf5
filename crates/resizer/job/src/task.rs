//! What workers are given and what they give back.

use std::ffi::OsString;

use harness::contestant::Stamp;
use resizer_pixels::{Format, Note};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::error::ResizeError;

/// All tasks of a run, in the order of the input. Made as they are asked for.
pub type Tasks = Box<dyn Iterator<Item = Task> + Send>;

/// One unit of work for a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Read this file, resize the picture in it, and write what it has become.
    Resize {
        /// Its name, as it was given or found.
        name: OsString,
        /// Where it goes, in the output folder.
        output: OsString,
        /// Whether it was found in a folder, and is passed over if it is no picture.
        found: bool,
    },
    /// Nothing to do: it is in the sequence so that its answer comes out at its place.
    Known(Entry),
}

impl Task {
    /// The answer to a task that no worker could do, because of `error`.
    pub fn unanswered(self, error: &dyn std::error::Error) -> Answer {
        let entry = match self {
            Self::Known(entry) => entry,
            Self::Resize { name, output, .. } => Entry::Picture(Picture {
                name,
                output,
                result: Err(ResizeError::Worker(error.to_string())),
            }),
        };
        Answer::known(entry)
    }
}

/// What came of one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What there is to report.
    pub entry: Entry,
    /// The size of the file, as far as it is known.
    pub bytes: u64,
    /// Which worker did it, and when; none where there was nothing to do.
    pub stamp: Option<Stamp>,
}

impl Answer {
    /// The answer where there is nothing to do.
    pub(crate) fn known(entry: Entry) -> Self {
        Self {
            entry,
            bytes: 0,
            stamp: None,
        }
    }
}

/// One thing to report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// A picture, resized or not.
    Picture(Picture),
    /// Something in a folder that was left out, by its kind: `symbolic link`, for instance.
    PassedOver(String),
}

/// A picture with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Its name, as it was given or found.
    pub name: OsString,
    /// Where it goes, in the output folder.
    pub output: OsString,
    /// What it has become, none if a file was there already and stays; or why it has become nothing.
    pub result: Result<Option<Made>, ResizeError>,
}

/// A picture that was resized and written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// Width and height before, in pixels.
    pub from: (u32, u32),
    /// Width and height now.
    pub to: (u32, u32),
    /// The format that it had.
    pub read: Format,
    /// The format that it was written in.
    pub written: Format,
    /// What there is to say of it.
    pub notes: Vec<Note>,
    /// The digest of the new file, where it is asked for.
    pub digest: Option<Digest>,
}
