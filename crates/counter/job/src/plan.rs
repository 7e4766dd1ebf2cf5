//! What a run does.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use crate::mechanism::Mechanism;
use crate::task::Task;

/// What a run does: count by each of some mechanisms, one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// By which.
    pub mechanisms: Vec<Mechanism>,
    /// How many workers count together.
    pub workers: NonZeroU32,
    /// How many increments they do together; none for as many as suit the mechanism.
    pub increments: Option<u64>,
    /// Rounds of work that belong to each increment.
    pub rounds: u64,
    /// The cores to which workers are pinned, in turns; empty where they go where the system sends them.
    pub cores: Vec<u32>,
    /// The folder for shared memory; none for memory without a name.
    pub memory_in: Option<PathBuf>,
}

impl Plan {
    /// How many increments all workers do together by `mechanism`.
    pub fn increments(&self, mechanism: Mechanism) -> u64 {
        self.increments.unwrap_or_else(|| mechanism.increments())
    }

    /// The tasks of all workers for `mechanism`: shares that differ by 1 at most. `lock` is the file for `file-lock`.
    pub fn tasks(&self, mechanism: Mechanism, lock: Option<&Path>) -> Vec<Task> {
        let workers = self.workers.get();
        let increments = self.increments(mechanism);
        let (share, rest) = (
            increments / u64::from(workers),
            increments % u64::from(workers),
        );
        let task = |worker: u32| Task {
            mechanism,
            worker,
            times: share + u64::from(u64::from(worker) < rest),
            rounds: self.rounds,
            core: self.cores.iter().cycle().nth(worker as usize).copied(),
            lock: lock.map(Path::to_owned),
        };
        (0..workers).map(task).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::Alike;

    #[test]
    fn every_increment_is_somebody_s_and_cores_take_turns() {
        let plan = Plan {
            mechanisms: Vec::new(),
            workers: NonZeroU32::new(3).unwrap(),
            increments: Some(11),
            rounds: 0,
            cores: vec![4, 7],
            memory_in: None,
        };
        let tasks = plan.tasks(Mechanism::Alike(Alike::Atomic), None);
        let times: Vec<_> = tasks.iter().map(|task| task.times).collect();
        assert_eq!(times, [4, 4, 3]);
        let cores: Vec<_> = tasks.iter().map(|task| task.core).collect();
        assert_eq!(cores, [Some(4), Some(7), Some(4)]);
    }
}
