//! What came of a run: the run record, with what was measured beside it.

use harness::contestant::{Run, Stamp};
use harness::record::{Outcome, RunRecord};
use serde::{Deserialize, Serialize};

use crate::break_even::BreakEven;
use crate::costs::StartCost;
use crate::limit::Limit;
use crate::traces::Traces;

/// The run record, with what was measured beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpawnerRecord {
    /// The record that every program of this project prints. Its items are workers that were started.
    #[serde(flatten)]
    pub run: RunRecord,
    /// What workers cost to start and to end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<StartCost>,
    /// How many of them can live at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// From which length of a task on they are worth it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub break_evens: Vec<BreakEven>,
    /// What was left behind when all workers were gone: nothing, or this is an error in this program.
    pub left: Traces,
}

/// Takes what was started while it is measured.
#[derive(Debug)]
pub(crate) struct Report {
    run: Run,
    is_ready: bool,
    before: Traces,
    workers: u64,
}

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) starts: Vec<StartCost>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) break_evens: Vec<BreakEven>,
}

impl Report {
    pub(crate) fn new(run: Run, before: Traces) -> Self {
        Self {
            run,
            is_ready: false,
            before,
            workers: 0,
        }
    }

    /// Pools are there, or nothing has to be. The first time, that ends the start-up of the run.
    pub(crate) fn workers_ready(&mut self) {
        if !self.is_ready {
            self.run.workers_ready();
            self.is_ready = true;
        }
    }

    /// Takes how many workers came, and when they were started and ended.
    pub(crate) fn started(&mut self, workers: u32, stamp: Stamp) {
        self.workers_ready();
        self.workers += u64::from(workers);
        self.run.task(Some(stamp));
    }

    /// Ends the run, when all workers are gone.
    pub(crate) fn finish(mut self, measured: Measured) -> SpawnerRecord {
        self.run.work_done();
        let left = Traces::left(self.before);
        let outcome = Outcome {
            items: self.workers,
            failed: u64::from(left != Traces::default()),
            bytes: 0,
            checksum: format!("{:016x}", self.workers),
        };
        SpawnerRecord {
            run: self.run.finish(outcome),
            starts: measured.starts,
            limits: measured.limits,
            break_evens: measured.break_evens,
            left,
        }
    }
}

#[cfg(test)]
pub(crate) fn test_report() -> Report {
    let identity = harness::contestant::Identity {
        scenario: "spawner",
        case: None,
        model: harness::record::Model::Threads,
        workers: 1,
        version: "0",
    };
    Report::new(Run::begin(identity), Traces::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_workers_and_what_is_not_left_has_not_failed() {
        let mut report = test_report();
        report.started(3, Stamp::of(|| ()).1);
        report.started(4, Stamp::of(|| ()).1);
        // Other tests run in other threads, with files of their own, but not so many.
        report.before = Traces {
            threads: 1000,
            children: 1000,
            descriptors: 1000,
        };
        let outcome = report.finish(Measured::default()).run.outcome;
        assert_eq!((outcome.items, outcome.failed), (7, 0));
        assert_eq!(outcome.checksum, "0000000000000007");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_left_open_has_failed() {
        let mut report = test_report();
        report.before = Traces::default();
        let record = report.finish(Measured::default());
        assert_eq!(record.run.outcome.failed, 1);
        assert!(record.left.descriptors > 0);
    }
}
