//! What workers are given and what they give back.

use std::num::NonZeroU32;

use harness::contestant::Stamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::error::DownloadError;
use crate::settings::Settings;

/// All tasks of a run, in the order of the input. Made as they are asked for.
pub type Tasks = Box<dyn Iterator<Item = Task> + Send>;

/// A list of so many tasks is not counted before the work begins: it is read as it is needed.
pub const COUNTED: usize = 4_096;

/// What is to be spread.
pub struct Download {
    /// The tasks.
    pub tasks: Tasks,
    /// How many there are; none if they are not counted, because they are [`COUNTED`] at least.
    pub count: Option<usize>,
    /// How many may be under way at once; no more than there are tasks, if that is known.
    pub workers: NonZeroU32,
    /// How many of them may be from one host.
    pub per_host: Option<u32>,
    /// How each is to be fetched.
    pub settings: Settings,
}

/// One unit of work for a worker: a URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The URL, as it was given.
    pub url: String,
    /// The name of the file that collects what has come so far; no other task has the same.
    pub(crate) part: String,
    /// Why it cannot be fetched, if that is known already. It is in the sequence so that its answer comes out
    /// at its place.
    pub(crate) fault: Option<DownloadError>,
}

impl Task {
    /// The answer to a task that no worker could do, because of `cause`.
    pub fn unanswered(self, cause: &dyn std::error::Error) -> Answer {
        self.answer(Err(DownloadError::Worker(cause.to_string())), 0, None)
    }

    pub(crate) fn answer(
        self,
        result: Result<Fetched, DownloadError>,
        tries: u32,
        stamp: Option<Stamp>,
    ) -> Answer {
        Answer {
            url: self.url,
            part: self.part,
            result,
            tries,
            stamp,
        }
    }
}

/// What came of one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The URL, as it was given.
    pub url: String,
    pub(crate) part: String,
    /// What was fetched, or why nothing was.
    pub result: Result<Fetched, DownloadError>,
    /// How often it was tried.
    pub tries: u32,
    /// Which worker did it, and when; none where there was nothing to do.
    pub stamp: Option<Stamp>,
}

/// A page that came whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The status of the answer: 200, for instance.
    pub status: u16,
    /// How many bytes the page has, after decompression.
    pub bytes: u64,
    /// The digest of these bytes.
    pub digest: Digest,
    /// The name that the server wants it to be saved under, exactly as it says.
    pub name: Option<String>,
    /// How many of the bytes were there from an earlier run.
    pub resumed: u64,
}
