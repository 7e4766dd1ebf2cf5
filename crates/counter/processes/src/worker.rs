//! A worker: this program once more, with the memory that all have mapped.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use counter::{Counted, Task, TaskError, critical};
use procpool::{Handle, Job};
use serde::{Deserialize, Serialize};

use crate::count;
use crate::mechanisms::channel;
use crate::shared::Region;

/// How long a look at one worker takes, before all are looked at again.
const LOOK: Duration = Duration::from_millis(20);

/// Counts in the memory that all have mapped.
pub struct CountTogether(Region);

/// A task, and where to find what it takes besides memory.
#[derive(Serialize, Deserialize)]
pub struct Assignment {
    /// What to do.
    pub(crate) task: Task,
    /// Where the owner of the count is met, for `channel`.
    pub(crate) owner: Option<String>,
}

impl Job for CountTogether {
    const NAME: &'static str = "count together";
    type Setup = PathBuf;
    type Task = Assignment;
    type Output = Result<Counted, TaskError>;
    type Error = NoMemory;

    fn new(path: PathBuf) -> Result<Self, NoMemory> {
        Region::open(&path)
            .map(Self)
            .map_err(|error| NoMemory(format!("{error:#}")))
    }

    fn run(&mut self, assignment: Assignment) -> Result<Self::Output, NoMemory> {
        Ok(self.count(&assignment))
    }
}

impl CountTogether {
    fn count(&self, Assignment { task, owner }: &Assignment) -> Result<Counted, TaskError> {
        let owner = owner.as_deref().map(channel::connect).transpose();
        let owner = owner.map_err(|cause| task.failed(&cause))?;
        match task.rounds {
            0 => count(task, self.0.shared(), owner.as_ref(), || ()),
            rounds => count(task, self.0.shared(), owner.as_ref(), || {
                critical::work(rounds);
            }),
        }
    }
}

/// A worker has no memory in common with the others.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{0}")]
pub struct NoMemory(pub(crate) String);

/// What all workers give back, in their order.
///
/// # Errors
/// As soon as one has died. It may have held what the others are waiting for, so they are ended too.
pub(crate) fn results(
    processes: Vec<Handle<CountTogether>>,
) -> Result<Vec<Result<Counted, TaskError>>> {
    let mut results: Vec<_> = processes.iter().map(|_| None).collect();
    let mut waiting: VecDeque<_> = processes.into_iter().enumerate().collect();
    while let Some((number, process)) = waiting.pop_front() {
        match process.wait_timeout(LOOK) {
            Ok(Ok(result)) => results[number] = Some(result),
            Ok(Err(lost)) => {
                for (_, process) in &waiting {
                    process.cancel();
                }
                return Err(lost.into());
            }
            Err(process) => waiting.push_back((number, process)),
        }
    }
    Ok(results.into_iter().flatten().collect())
}
