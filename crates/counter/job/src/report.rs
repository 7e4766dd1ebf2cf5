//! What came of counting: rows for people, and the run record.

use harness::contestant::Run;
use harness::record::{Outcome, RunRecord};
use serde::{Deserialize, Serialize};

use crate::mechanism::Mechanism;
use crate::plan::Plan;
use crate::task::Counted;

/// Takes what was counted by each mechanism.
#[derive(Debug)]
pub struct Report {
    run: Run,
    ready: bool,
    counts: Vec<Count>,
}

/// What came of one mechanism.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Its name.
    pub mechanism: String,
    /// How many increments were done.
    pub expected: u64,
    /// How many the count shows.
    pub counted: u64,
    /// From when the first worker was let go until the last had counted, in nanoseconds.
    pub elapsed_ns: u64,
    /// Time that all workers took, added up, in nanoseconds.
    pub busy_ns: u64,
    /// The part of it in which workers were on no core, from 0 to 1: asleep until a lock was free, or ready and not
    /// given a core. A worker that waits by spinning is on its core. Absent where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<f64>,
    /// The time of the quickest worker over that of the slowest, from 0 to 1: 1 where all had their turns alike.
    pub fairness: f64,
}

impl Count {
    /// Nanoseconds of the run an increment.
    pub fn nanoseconds(&self) -> f64 {
        self.elapsed_ns as f64 / self.expected.max(1) as f64
    }

    /// The share of the increments that are missing, from 0 to 1.
    pub fn lost(&self) -> f64 {
        self.expected.saturating_sub(self.counted) as f64 / self.expected.max(1) as f64
    }

    fn is_wrong_on_purpose(&self) -> bool {
        Mechanism::named(&self.mechanism).is_some_and(Mechanism::is_wrong_on_purpose)
    }
}

/// The run record, with what came of each mechanism beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CounterRecord {
    /// The record that every program of this project prints.
    #[serde(flatten)]
    pub run: RunRecord,
    /// What came of each mechanism.
    pub counts: Vec<Count>,
}

impl Report {
    pub(crate) fn new(run: Run) -> Self {
        Self {
            run,
            ready: false,
            counts: Vec::new(),
        }
    }

    /// The workers are ready and about to be let go. The first time, that ends the start-up of the run.
    pub fn workers_ready(&mut self) {
        if !self.ready {
            self.run.workers_ready();
            self.ready = true;
        }
    }

    /// Takes what the workers say of `mechanism`, in their order, and the `total` that was counted. `owner_end` is
    /// when the owner of a `channel` had counted the last message, on the clock of the stamps.
    pub fn take(
        &mut self,
        plan: &Plan,
        mechanism: Mechanism,
        total: u64,
        workers: &[Counted],
        owner_end: Option<u64>,
    ) {
        for worker in workers {
            self.run.task(Some(worker.stamp));
        }
        let starts = workers.iter().map(|worker| worker.stamp.start_ns());
        let ends = workers.iter().map(|worker| worker.stamp.end_ns());
        let times = || {
            workers
                .iter()
                .map(|worker| worker.stamp.duration().as_nanos() as u64)
        };
        let elapsed = ends.chain(owner_end).max().zip(starts.min());
        let busy_ns: u64 = times().sum();
        let cpu_ns: Option<u64> = workers.iter().map(|worker| worker.cpu_ns).sum();
        let slowest = times().max().unwrap_or(0).max(1);
        self.counts.push(Count {
            mechanism: mechanism.name().to_owned(),
            expected: plan.increments(mechanism),
            counted: total,
            elapsed_ns: elapsed.map_or(0, |(end, start)| end.saturating_sub(start)),
            busy_ns,
            waiting: cpu_ns.map(|cpu| busy_ns.saturating_sub(cpu) as f64 / busy_ns.max(1) as f64),
            fairness: times().min().unwrap_or(0) as f64 / slowest as f64,
        });
    }

    /// All was counted: what comes now is shutdown.
    pub fn work_done(&mut self) {
        self.run.work_done();
    }

    /// Ends the run, when the workers are gone.
    pub(crate) fn finish(self) -> CounterRecord {
        CounterRecord {
            run: self.run.finish(outcome(&self.counts)),
            counts: self.counts,
        }
    }
}

/// Items are increments. One that a cure lost has failed; those that are lost on purpose have not, and neither does
/// the checksum show them, for it is the same in every run: the number of all increments that were counted, or that
/// should have been where they are lost on purpose.
fn outcome(counts: &[Count]) -> Outcome {
    let (mut items, mut failed, mut sum) = (0, 0, 0_u64);
    for count in counts {
        items += count.expected;
        if count.is_wrong_on_purpose() {
            sum = sum.wrapping_add(count.expected);
        } else {
            failed += count.expected.abs_diff(count.counted);
            sum = sum.wrapping_add(count.counted);
        }
    }
    Outcome {
        items,
        failed,
        bytes: 0,
        checksum: format!("{sum:016x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(mechanism: &str, expected: u64, counted: u64) -> Count {
        Count {
            mechanism: mechanism.to_owned(),
            expected,
            counted,
            elapsed_ns: 100,
            busy_ns: 200,
            waiting: None,
            fairness: 1.0,
        }
    }

    #[test]
    fn what_is_lost_on_purpose_neither_fails_nor_changes_the_checksum() {
        let one = outcome(&[count("lost-update", 100, 60), count("atomic", 28, 28)]);
        let other = outcome(&[count("lost-update", 100, 99), count("atomic", 28, 28)]);
        assert_eq!(one, other);
        assert_eq!(
            (one.items, one.failed, one.checksum.as_str()),
            (128, 0, "0000000000000080")
        );
    }

    #[test]
    fn what_a_cure_loses_or_adds_has_failed_and_changes_the_checksum() {
        for counted in [27, 29] {
            let wrong = outcome(&[count("atomic", 28, counted)]);
            assert_eq!(wrong.failed, 1);
            assert_ne!(wrong.checksum, outcome(&[count("atomic", 28, 28)]).checksum);
        }
    }

    #[test]
    fn shares_are_of_what_was_expected() {
        assert!((count("lost-update", 100, 60).lost() - 0.4).abs() < 1e-9);
        assert!((count("atomic", 50, 50).nanoseconds() - 2.0).abs() < 1e-9);
        assert!(count("atomic", 0, 0).lost().abs() < 1e-9);
    }
}
