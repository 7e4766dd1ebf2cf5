//! What a pool tells while it works.

use std::time::{Duration, Instant};

use crate::Death;

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
