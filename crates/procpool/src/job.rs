//! What a worker does.

use std::error::Error;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A job that worker processes can do.
///
/// No code crosses the boundary: parent and worker are the same program, and [`Job::NAME`] finds the
/// job in it. Setup, tasks, outputs and errors cross encoded by `postcard`, so their types must not
/// need a self-describing format (`#[serde(untagged)]`, `flatten` and `skip_serializing_if` do).
pub trait Job: Sized + 'static {
    /// Finds the job in the worker; different for each job of a program.
    const NAME: &'static str;
    /// What every worker gets once, before its first task.
    type Setup: Serialize + DeserializeOwned;
    /// One unit of work.
    type Task: Serialize + DeserializeOwned;
    /// What comes of a task.
    type Output: Serialize + DeserializeOwned;
    /// Why a task, or the setup, failed.
    type Error: Serialize + DeserializeOwned + Error + 'static;

    /// Runs once in each worker before its first task, and again after a task has panicked.
    ///
    /// # Errors
    /// The job's own; the pool then does not start.
    fn new(setup: Self::Setup) -> Result<Self, Self::Error>;

    /// Does a task. It may run more than once: when a worker dies, those of its tasks whose outputs
    /// had not arrived are run again.
    ///
    /// # Errors
    /// The job's own; they come back as [`Cause::Job`](crate::Cause::Job).
    fn run(&mut self, task: Self::Task) -> Result<Self::Output, Self::Error>;
}

/// The error of a job that has none (serde does not know [`std::convert::Infallible`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Never {}
