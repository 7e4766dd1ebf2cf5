//! What workers are given and what they give back.

use std::ffi::OsString;

use harness::contestant::Stamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::error::HashError;

/// All tasks of a run, in the order of the input. Made as they are asked for: a tree of any size takes
/// no more memory than the names in the folders on the way to one of its files.
pub type Tasks = Box<dyn Iterator<Item = Task> + Send>;

/// One unit of work for a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Open this file and hash what is in it.
    Hash {
        /// Its name, as it was given or found.
        name: OsString,
        /// The digest that a list gives for it (`--check`).
        expected: Option<Digest>,
    },
    /// Nothing to do: it is in the sequence so that its answer comes out at its place.
    Known(Entry),
}

impl Task {
    /// The answer to a task that no worker could do, because of `error`.
    pub fn unanswered(self, error: &dyn std::error::Error) -> Answer {
        let entry = match self {
            Self::Known(entry) => entry,
            Self::Hash { name, expected } => {
                let result = Err(HashError::Worker(error.to_string()));
                Entry::Item(Item {
                    name,
                    expected,
                    result,
                })
            }
        };
        Answer { entry, stamp: None }
    }
}

/// What came of one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What there is to report.
    pub entry: Entry,
    /// Which worker did it, and when; none where there was nothing to do.
    pub stamp: Option<Stamp>,
}

/// One thing to report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// An item, hashed or not.
    Item(Item),
    /// Something in a directory that is neither a file nor a directory, and was left out.
    PassedOver(PassedOver),
    /// A line of a list that is no checksum line.
    Malformed {
        /// The list's name.
        list: OsString,
        /// The line's number, from 1.
        line: u64,
    },
    /// A list is at its end.
    ListEnd(ListEnd),
}

/// An item with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its name, as it was given or found; `-` is standard input.
    pub name: OsString,
    /// The digest that a list gives for it (`--check`).
    pub expected: Option<Digest>,
    /// Its digest, or why it has none.
    pub result: Result<Hashed, HashError>,
}

/// What was found in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// The digest of its bytes.
    pub digest: Digest,
    /// How many bytes there were.
    pub bytes: u64,
}

/// Something that a walk through a directory left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// What it is: `symbolic link`, for instance.
    pub kind: String,
}

/// The end of a list of checksums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEnd {
    /// The list's name.
    pub list: OsString,
    /// Why it could not be read, or not to its end.
    pub error: Option<HashError>,
}
