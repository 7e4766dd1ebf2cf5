//! What the parent's threads share: the queue of batches, and one lane for each worker.
//!
//! Whoever has reason to believe that a worker has room fills its lane: the consumer after it has
//! queued a batch, a lane's own thread after outputs have come. So an idle worker is reached without
//! waking a thread in between, and a busy one is refilled without the consumer.
//!
//! Locks are taken in the order lane, queue, sink. Only a lane's lock is held while sending.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::batch::Batch;
use crate::child::Process;
use crate::link::Recipe;
use crate::page::Page;
use crate::pool::Report;
use crate::queue::Queue;
use crate::wire::Sender;

/// The load of a lane without a worker: no batch is small enough for it.
pub(crate) const CLOSED: usize = usize::MAX;
/// More batches than this are never with one worker.
const MAX_DEPTH: usize = 2;

pub(crate) struct Shared {
    pub(crate) recipe: Recipe,
    pub(crate) retries: u32,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) queue: Queue,
    pub(crate) stopping: AtomicBool,
    /// Lane threads that have not ended, and what the pool did; changes are announced.
    pub(crate) running: Mutex<Running>,
    pub(crate) changed: Condvar,
}

#[derive(Default)]
pub(crate) struct Running {
    pub(crate) threads: usize,
    /// Lanes whose workers can still be replaced.
    pub(crate) open_lanes: usize,
    pub(crate) report: Report,
}

/// One worker after the other.
#[derive(Default)]
pub(crate) struct Lane {
    pub(crate) state: Mutex<LaneState>,
    /// Batches with the worker, to be read without the lock; a hint, the state decides.
    load: AtomicUsize,
    /// The process that lives now or is starting. Not in the state: it must be possible to kill a
    /// worker while someone blocks in a send to it.
    pub(crate) process: Mutex<Option<Arc<Process>>>,
}

#[derive(Default)]
pub(crate) struct LaneState {
    /// `None` while there is no worker, or it is to stop.
    pub(crate) tasks: Option<Sender>,
    pub(crate) page: Option<Arc<Page>>,
    /// With the worker, in the order sent; tasks whose results have come are cut off.
    pub(crate) in_flight: VecDeque<Batch>,
    /// Results that this worker has sent.
    pub(crate) received: u64,
}

impl Lane {
    pub(crate) fn lock(&self) -> MutexGuard<'_, LaneState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn process(&self) -> Option<Arc<Process>> {
        self.process
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_process(&self, process: Option<Arc<Process>>) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = process;
    }

    /// From here on nothing is sent; returns what was.
    pub(crate) fn close(&self) -> LaneState {
        let mut state = self.lock();
        let left = std::mem::take(&mut *state);
        self.note_load(&state);
        left
    }

    /// To be called whenever the number of batches in flight, or the worker, has changed.
    pub(crate) fn note_load(&self, state: &LaneState) {
        let load = if state.tasks.is_some() {
            state.in_flight.len()
        } else {
            CLOSED
        };
        self.load.store(load, Ordering::SeqCst);
    }
}

impl Shared {
    pub(crate) fn new(recipe: Recipe, retries: u32, workers: usize) -> Shared {
        let lanes: Vec<Lane> = (0..workers).map(|_| Lane::default()).collect();
        for lane in &lanes {
            lane.note_load(&lane.lock());
        }
        Shared {
            recipe,
            retries,
            lanes,
            queue: Queue::default(),
            stopping: AtomicBool::new(false),
            running: Mutex::new(Running {
                open_lanes: workers,
                ..Running::default()
            }),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub(crate) fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a batch behind the others, and hands it out if a worker has room.
    pub(crate) fn push(&self, batch: Batch) {
        self.queue.push_back(batch);
        self.dispatch();
    }

    /// Sends queued batches to workers with room: the idle ones first, so that no task waits behind
    /// another while a worker has nothing to do.
    pub(crate) fn dispatch(&self) {
        for level in 0..MAX_DEPTH {
            for lane in &self.lanes {
                if lane.load.load(Ordering::SeqCst) == level {
                    self.refill(lane, &mut lane.lock(), level + 1);
                }
            }
        }
    }

    /// Fills a lane up to so many batches.
    pub(crate) fn refill(&self, lane: &Lane, state: &mut LaneState, level: usize) {
        while state.in_flight.len() < level {
            let Some(tasks) = &state.tasks else { return };
            let Some(mut batch) = self.queue.take(state.in_flight.len(), self.lanes.len()) else {
                return;
            };
            let sent = tasks.send(batch.message());
            state.in_flight.push_back(batch);
            if sent.is_err() {
                // The worker is dying. Its own thread will notice, and care for what is in flight.
                state.tasks = None;
                lane.process().inspect(|process| process.kill());
            }
            lane.note_load(state);
        }
    }

    pub(crate) fn refill_fully(&self, lane: &Lane, state: &mut LaneState) {
        self.refill(lane, state, MAX_DEPTH);
    }

    /// Sleeps, unless the pool is being shut down.
    pub(crate) fn pause(&self, pause: Duration) {
        let running = self.running();
        drop(
            self.changed
                .wait_timeout_while(running, pause, |_| !self.stopping()),
        );
    }
}
