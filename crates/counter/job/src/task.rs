//! What a worker is given and what it gives back.

use std::convert::Infallible;
use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;

use harness::contestant::Stamp;
use serde::{Deserialize, Serialize};

use crate::gate::Gate;
use crate::mechanism::Mechanism;
use crate::sys;

/// What one worker does: its share of the increments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// How it counts.
    pub mechanism: Mechanism,
    /// Which one of the workers it is, from 0.
    pub worker: u32,
    /// How many increments are its.
    pub times: u64,
    /// How many rounds of [`critical::work`](crate::critical::work) belong to each of them.
    pub rounds: u64,
    /// The core that it stays on; none where it goes where the system sends it.
    pub core: Option<u32>,
    /// The file that is locked, for `file-lock`.
    pub lock: Option<PathBuf>,
}

/// What came of the task of one worker.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// Who counted, from when to when.
    pub stamp: Stamp,
    /// CPU time meanwhile, in nanoseconds; absent where the system does not tell.
    pub cpu_ns: Option<u64>,
}

/// Why a worker has not counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TaskError {
    /// It was not let go.
    #[error("{0}")]
    Gate(String),
    /// It cannot be kept on its core.
    #[error("cannot keep worker {worker} on core {core}: {cause}")]
    Pin {
        /// Which worker.
        worker: u32,
        /// Which core.
        core: u32,
        /// What the system says.
        cause: String,
    },
    /// Something that its mechanism needs failed.
    #[error("{mechanism}: {cause}")]
    Mechanism {
        /// Its name.
        mechanism: String,
        /// What the system says.
        cause: String,
    },
}

/// What all workers have counted, in their order.
///
/// # Errors
/// The cause, where one of them failed: not that others were sent home because of it.
pub fn all(results: Vec<Result<Counted, TaskError>>) -> Result<Vec<Counted>, TaskError> {
    let is_cause = |error: &&TaskError| !matches!(error, TaskError::Gate(_));
    let errors = || results.iter().filter_map(|result| result.as_ref().err());
    if let Some(cause) = errors().find(is_cause).or_else(|| errors().next()) {
        return Err(cause.clone());
    }
    Ok(results.into_iter().flatten().collect())
}

impl Task {
    /// Counts by `count` as soon as the `gate` is open, and says who did, and when. The same for every mechanism and
    /// model: what is compared is timed by the same lines.
    ///
    /// # Errors
    /// If the gate is not opened.
    pub fn at(&self, gate: &Gate, count: impl FnOnce()) -> Result<Counted, TaskError> {
        self.try_at(gate, || {
            count();
            Ok::<_, Infallible>(())
        })
    }

    /// The same for a mechanism that may fail.
    ///
    /// # Errors
    /// If the gate is not opened, or `count` fails.
    pub fn try_at<E: Display>(
        &self,
        gate: &Gate,
        count: impl FnOnce() -> Result<(), E>,
    ) -> Result<Counted, TaskError> {
        self.pin()?;
        gate.wait()
            .map_err(|error| TaskError::Gate(error.to_string()))?;
        let cpu_before = sys::cpu_time_of_this_thread();
        let (counted, stamp) = Stamp::of(count);
        let cpu_after = sys::cpu_time_of_this_thread();
        counted.map_err(|cause| self.failed(&cause))?;
        let cpu_ns = cpu_before
            .zip(cpu_after)
            .map(|(before, after)| after.saturating_sub(before));
        Ok(Counted { stamp, cpu_ns })
    }

    fn pin(&self) -> Result<(), TaskError> {
        let Some(core) = self.core else { return Ok(()) };
        sys::pin(core).map_err(|cause| TaskError::Pin {
            worker: self.worker,
            core,
            cause: cause.to_string(),
        })
    }

    /// The file for `file-lock`, opened for this worker alone; none for the other mechanisms.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn lock_file(&self) -> Result<Option<File>, TaskError> {
        let path = self.lock.as_ref();
        let open = |path: &PathBuf| OpenOptions::new().read(true).write(true).open(path);
        let opened: io::Result<_> = path.map(open).transpose();
        opened.map_err(|cause| self.failed(&cause))
    }

    /// The error of a mechanism for which something failed with that `cause`.
    pub fn failed(&self, cause: &dyn Display) -> TaskError {
        TaskError::Mechanism {
            mechanism: self.mechanism.name().to_owned(),
            cause: cause.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_told_and_not_its_consequences() {
        let counted = Counted {
            stamp: Stamp::of(|| ()).1,
            cpu_ns: None,
        };
        let sent_home = TaskError::Gate("called off".to_owned());
        let cause = TaskError::Pin {
            worker: 2,
            core: 7,
            cause: "no such core".to_owned(),
        };
        let failed = all(vec![
            Ok(counted),
            Err(sent_home.clone()),
            Err(cause.clone()),
        ]);
        assert_eq!(failed, Err(cause));
        assert_eq!(
            all(vec![Err(sent_home.clone()), Ok(counted)]),
            Err(sent_home)
        );
        assert_eq!(all(vec![Ok(counted); 2]), Ok(vec![counted; 2]));
    }
}
