//! What a pool tells while it works.

use std::time::{Duration, Instant};

use crate::wire::outputs::Summary;
use crate::{Death, sys};

/// Something that has happened in a pool, see [`Builder::on_event`](crate::Builder::on_event).
///
/// A timeline is the [`Event::TasksDone`] of each worker, from `began` to `ended`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// A worker waits for tasks.
    #[non_exhaustive]
    WorkerStarted {
        /// Its place in the pool, from 0.
        worker: usize,
        /// Its process id.
        pid: u32,
        /// From the decision to start it, its job's setup included.
        took: Duration,
    },
    /// Results have come; of short tasks many at once, in the order in which the worker did them.
    #[non_exhaustive]
    TasksDone {
        /// The worker's place in the pool, from 0.
        worker: usize,
        /// Its process id.
        pid: u32,
        /// How many tasks.
        tasks: u64,
        /// When the first of them began, by the worker's clock.
        began: Instant,
        /// When the last of them ended.
        ended: Instant,
    },
    /// A worker has ended; it is replaced unless the pool is being shut down or made smaller.
    #[non_exhaustive]
    WorkerEnded {
        /// Its place in the pool, from 0.
        worker: usize,
        /// Its process id.
        pid: u32,
        /// Why.
        end: Ended,
    },
}

/// Turns times of workers into instants, all by the same two readings: so what touches does not overlap.
pub(crate) struct Clock {
    at: Instant,
    ns: u64,
}

impl Clock {
    /// The two readings that lay closest together of some: a thread may have to wait between them.
    pub(crate) fn set() -> Clock {
        let read = |_| {
            let before = sys::monotonic_ns();
            let at = Instant::now();
            (sys::monotonic_ns() - before, Clock { at, ns: before })
        };
        let read = (0..8).map(read).min_by_key(|(apart, _)| *apart);
        read.map_or_else(|| unreachable!("it was read"), |(_, clock)| clock)
    }

    /// Of a time since the clock was set, in nanoseconds of the monotonic clock.
    fn instant(&self, ns: u64) -> Instant {
        self.at + Duration::from_nanos(ns.saturating_sub(self.ns))
    }

    pub(crate) fn tasks_done(&self, worker: usize, pid: u32, summary: &Summary) -> Event {
        Event::TasksDone {
            worker,
            pid,
            tasks: summary.count,
            began: self.instant(summary.began_ns),
            ended: self.instant(summary.ended_ns),
        }
    }
}

/// Who is told of events.
pub(crate) type Hook = Box<dyn Fn(&Event) + Send + Sync>;

/// Why a worker has ended.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Ended {
    /// It died, or was killed for a task that took too long or was cancelled.
    Died(Death),
    /// It had reached a limit, see [`Builder::max_tasks_per_worker`](crate::Builder::max_tasks_per_worker).
    Recycled,
    /// It was not needed any more.
    Stopped,
}
