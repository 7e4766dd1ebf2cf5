//! Looking at the memory of a run again and again, while it runs.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Entrant;
use crate::measure::samples::MemorySample;
use crate::sys::processes::{self, Memory, Process, Schedule};

/// Between two looks, once the run is no longer a short one.
const PAUSE: Duration = Duration::from_millis(20);
const FIRST_PAUSE: Duration = Duration::from_millis(1);

/// What looks have seen so far.
#[derive(Default)]
pub(super) struct Looks {
    /// Those that saw anything.
    count: u32,
    pause: Option<Duration>,
    /// The sums at the look with the greatest PSS.
    peak: Memory,
    peak_rss: u64,
    processes: u32,
    /// What was last seen of each thread.
    schedules: BTreeMap<u32, Schedule>,
}

impl Looks {
    /// Looks at the tree of `root`. Says how long to wait before the next look: short at first, so that a
    /// run of some milliseconds is seen too.
    pub(super) fn look(&mut self, root: u32) -> Duration {
        let tree = processes::tree(root);
        self.add_memory(&tree);
        let schedules = tree.into_iter().flat_map(processes::schedules);
        self.schedules
            .extend(schedules.map(|one| (one.thread, one)));
        let pause = self.pause.map_or(FIRST_PAUSE, |last| (last * 2).min(PAUSE));
        self.pause = Some(pause);
        pause
    }

    fn add_memory(&mut self, tree: &[Process]) {
        let seen: Vec<Memory> = tree
            .iter()
            .filter_map(|one| processes::memory(*one))
            .collect();
        if seen.is_empty() {
            return;
        }
        let sum = |figure: fn(&Memory) -> u64| seen.iter().map(figure).sum::<u64>();
        let now = Memory {
            pss: sum(|one| one.pss),
            private: sum(|one| one.private),
            rss: sum(|one| one.rss),
        };
        self.count += 1;
        self.processes = self.processes.max(seen.len() as u32);
        self.peak_rss = self.peak_rss.max(now.rss);
        if now.pss > self.peak.pss {
            self.peak = now;
        }
    }

    /// All that was seen; nothing if no look saw anything.
    pub(super) fn sample(self, entrant: &Entrant, pass: u32) -> Option<MemorySample> {
        let sum = |figure: fn(&Schedule) -> u64| {
            let known = (!self.schedules.is_empty()).then_some(&self.schedules)?;
            Some(known.values().map(figure).sum())
        };
        let (ran_ns, delayed_ns) = (sum(|one| one.ran_ns), sum(|one| one.delayed_ns));
        (self.count > 0).then(|| MemorySample {
            scenario: entrant.scenario.clone(),
            case: entrant.case.clone(),
            contestant: entrant.plan.name.clone(),
            workers: entrant.plan.workers,
            pass,
            peak_pss_bytes: self.peak.pss,
            private_bytes: self.peak.private,
            shared_bytes: self.peak.pss.saturating_sub(self.peak.private),
            peak_rss_sum_bytes: self.peak_rss,
            processes: self.processes,
            looks: self.count,
            ran_ns,
            delayed_ns,
        })
    }
}
