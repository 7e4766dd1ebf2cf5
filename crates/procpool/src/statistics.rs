//! What a pool and its workers have done.

use std::time::{Duration, Instant};

/// What a pool has done, from its start to its shutdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Tasks whose results have come from a worker, errors included.
    pub tasks: u64,
    /// Worker processes that were started.
    pub started: u64,
    /// Workers that died before the shutdown; those that the pool ended for a task's sake (time limit,
    /// cancelled) are among them.
    pub died: u64,
    /// Workers that the pool ended because they had reached a limit.
    pub recycled: u64,
    /// The same for each place in the pool, also for those that [`Pool::resize`](crate::Pool::resize)
    /// has removed.
    pub workers: Vec<WorkerStatistics>,
}

/// What the workers at one place in the pool, one after the other, have done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerStatistics {
    /// Which place, from 0.
    pub worker: usize,
    /// The process that is there now.
    pub pid: Option<u32>,
    /// Tasks whose results have come, errors included.
    pub tasks: u64,
    /// Processes that were started there.
    pub started: u64,
    /// Those of them that died.
    pub died: u64,
    /// Those of them that were ended because they had reached a limit.
    pub recycled: u64,
    /// Their CPU time, user and system, as far as the system tells. That of a process that died may
    /// lack its last 10 ms.
    pub cpu: Duration,
    /// The greatest peak of resident memory of one of them, in bytes (Linux: its own `VmHWM`, see
    /// proc(5)). That of a process that died may lack its last tenth of a second.
    pub peak_memory: Option<u64>,
    /// Time spent on tasks.
    pub busy: Duration,
    /// The rest of the time since the pool started, start-up of workers included.
    pub idle: Duration,
}

impl Report {
    pub(crate) fn of(workers: Vec<WorkerStatistics>) -> Report {
        let sum = |count: fn(&WorkerStatistics) -> u64| workers.iter().map(count).sum();
        Report {
            tasks: sum(|worker| worker.tasks),
            started: sum(|worker| worker.started),
            died: sum(|worker| worker.died),
            recycled: sum(|worker| worker.recycled),
            workers,
        }
    }
}

/// The same while it is being counted.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    pub(crate) tasks: u64,
    pub(crate) started: u64,
    pub(crate) died: u64,
    pub(crate) recycled: u64,
    /// Of processes that have ended.
    pub(crate) cpu_ns: u64,
    pub(crate) peak: u64,
    pub(crate) units: u64,
    pub(crate) busy: Duration,
    since: Instant,
}

impl Tally {
    pub(crate) fn new() -> Tally {
        Tally {
            tasks: 0,
            started: 0,
            died: 0,
            recycled: 0,
            cpu_ns: 0,
            peak: 0,
            units: 0,
            busy: Duration::ZERO,
            since: Instant::now(),
        }
    }

    pub(crate) fn statistics(&self, worker: usize, pid: Option<u32>) -> WorkerStatistics {
        WorkerStatistics {
            worker,
            pid,
            tasks: self.tasks,
            started: self.started,
            died: self.died,
            recycled: self.recycled,
            cpu: Duration::from_nanos(self.cpu_ns),
            peak_memory: (self.peak != 0).then_some(self.peak),
            busy: self.busy,
            idle: self.since.elapsed().saturating_sub(self.busy),
        }
    }
}
