//! `versus run`: which scenarios, with which options.

use std::hash::{BuildHasher, RandomState};

use crate::carry_out::carry_out;
use crate::choice;
use crate::cli::{RunOptions, limit_of, worker_counts};
use crate::failure::Failure;
use crate::references::References;
use crate::resume;
use crate::session::{Session, command_again};
use crate::workspace::Workspace;

/// The folder of result folders in the workspace.
pub(crate) const RESULTS: &str = "results";
/// The one in it that a measurement goes to which was not told otherwise.
pub(crate) const LATEST: &str = "latest";

pub(crate) fn run(options: &RunOptions) -> Result<(), Failure> {
    if let Some(folder) = &options.resume {
        return resume::resume(folder, options);
    }
    let workspace = Workspace::find()?;
    let scenarios = choice::choose(&workspace, options)?;
    let (workers, seed) = (worker_counts(&options.workers), new_seed(options.seed));
    let references = References::look(&scenarios, &workspace.root, options.python.as_deref())?;
    let session = Session {
        root: &workspace.root,
        scenarios: &scenarios,
        blocks: options.counted_blocks(),
        command: command_again(options, &scenarios, &workers, seed, &references),
        workers,
        seed,
        limit: limit_of(options.limit),
        check_output: false,
        references,
    };
    let default_place = workspace.root.join(RESULTS).join(LATEST);
    let place = options.out.as_deref().unwrap_or(&default_place);
    carry_out(&session, place, None)
}

/// Another one every time, so that no order is favoured for ever. Short enough to be typed.
pub(crate) fn new_seed(asked: Option<u64>) -> u64 {
    asked.unwrap_or_else(|| RandomState::new().hash_one(0) % 1_000_000)
}
