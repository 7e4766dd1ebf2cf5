//! What a variant is given: all tasks, and what each worker must know.

use std::ffi::OsString;
use std::num::NonZeroU32;

use resizer_pixels::Settings;
use serde::{Deserialize, Serialize};

use crate::misbehave::Misbehaviour;
use crate::task::Tasks;

/// Everything that is to be done, and by how many.
pub struct Batch {
    /// The pictures, in the order of the input.
    pub tasks: Tasks,
    /// How many workers share them.
    pub workers: NonZeroU32,
    /// What each worker must know.
    pub work: Work,
}

/// What a worker must know. Crosses to worker processes, so it holds values and nothing that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// What becomes of a picture.
    pub settings: Settings,
    /// The folder that resized pictures go to.
    pub out: OsString,
    /// A folder on the same file system, for what is not whole yet. It is removed by whoever made it, so that
    /// a worker that is killed leaves nothing.
    pub parts: OsString,
    /// Whether files that exist are replaced.
    pub overwrite: bool,
    /// Whether each output is to have a digest: for records.
    pub digests: bool,
    /// What to do wrong, at which pictures: for tests of what that costs.
    pub misbehave: Vec<Misbehaviour>,
}
