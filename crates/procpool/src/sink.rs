//! Where the results of one map arrive, and where its consumer waits for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::{Death, PoolError};
use crate::outputs::Outputs;
use crate::sizer::{Seen, Sizer};

/// What has become of some consecutive tasks.
pub(crate) enum Done {
    Outputs(Outputs),
    /// One task, whose last worker died.
    Dead {
        death: Death,
        attempts: u32,
    },
    /// Tasks that nobody can do any more.
    NoWorker {
        count: usize,
        error: Arc<PoolError>,
    },
}

/// Why a consumer that waited goes on.
pub(crate) enum Wake {
    /// The results that it waited for.
    Done(Done),
    /// The queue runs low: time to ask the iterator for more tasks.
    Hungry,
}

/// Shared by a map, its batches, and the threads that fill it.
#[derive(Default)]
pub(crate) struct Sink {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(crate) struct State {
    /// By the position of the first task. Batches may be split, so only positions are stable.
    done: BTreeMap<u64, Done>,
    pub(crate) sizer: Sizer,
    /// Batches and tasks that are in the pool's queue.
    pub(crate) queued: usize,
    pub(crate) queued_tasks: usize,
    /// The iterator has ended: what is queued is all there will be.
    pub(crate) exhausted: bool,
    /// The map was dropped: nobody waits for results.
    pub(crate) cancelled: bool,
    /// The consumer sleeps until this position is done ...
    waiting: Option<u64>,
    /// ... or until so few batches are queued.
    low_water: Option<usize>,
}

impl Sink {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // No code of the user runs under this lock, so poison would be our own panic: go on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores results. Wakes the consumer only if it waits for just these: on a busy machine waking
    /// costs more than the rest.
    pub(crate) fn put(&self, first: u64, done: Done) {
        let mut state = self.lock();
        if state.cancelled {
            return;
        }
        state.done.insert(first, done);
        if state.waiting == Some(first) {
            drop(state);
            self.changed.notify_one();
        }
    }

    pub(crate) fn observe(&self, seen: Seen) {
        self.lock().sizer.observe(seen);
    }

    /// A batch has left the pool's queue.
    pub(crate) fn dequeued(&self, mut state: MutexGuard<'_, State>, tasks: usize) {
        state.queued -= 1;
        state.queued_tasks -= tasks;
        if state.low_water.is_some_and(|low| state.queued <= low) {
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Blocks until the tasks from `next` on are done, or fewer than `low_water` batches are queued.
    pub(crate) fn wait(&self, next: u64, low_water: Option<usize>) -> Wake {
        let mut state = self.lock();
        loop {
            if let Some(done) = state.done.remove(&next) {
                (state.waiting, state.low_water) = (None, None);
                return Wake::Done(done);
            }
            if low_water.is_some_and(|low| state.queued <= low) {
                (state.waiting, state.low_water) = (None, None);
                return Wake::Hungry;
            }
            (state.waiting, state.low_water) = (Some(next), low_water);
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn cancel(&self) {
        let mut state = self.lock();
        state.cancelled = true;
        state.done.clear();
    }
}
