//! Where the results of one consumer arrive, and where it waits for them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::done::{Done, Loss};
use super::sizer::{Seen, Sizer};
use super::slot::Slot;

/// Why a consumer that waited goes on.
pub(crate) enum Wake {
    /// Results, and the position of the first of them.
    Done(u64, Done),
    /// The queue runs low: time to ask the iterator for more tasks.
    Hungry,
}

/// Which results a consumer of a stream wants next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Those from this position on.
    At(u64),
    Any,
}

/// Shared by a consumer, its batches, and the threads that fill it.
pub(crate) struct Sink {
    state: Mutex<State>,
    changed: Condvar,
}

pub(crate) struct State {
    arrived: Arrived,
    pub(crate) sizer: Sizer,
    /// Batches, tasks and bytes that are in the pool's queue.
    pub(crate) queued: Load,
    /// What is queued is all there will be, as far as one knows.
    pub(crate) exhausted: bool,
    /// Nobody waits for results any more.
    pub(crate) cancelled: bool,
    /// The consumer sleeps until this is done ...
    wanted: Option<Want>,
    /// ... or until so few batches are queued.
    low_water: Option<usize>,
}

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) batches: usize,
    pub(crate) tasks: u64,
    pub(crate) bytes: usize,
}

/// What has come in.
enum Arrived {
    /// For a map: by the position of the first task. Batches may be split, so only positions are
    /// stable.
    Stream(BTreeMap<u64, Done>),
    /// For single tasks: each has somebody else waiting for it.
    Slots(HashMap<u64, Arc<Slot>>),
}

impl Sink {
    fn new(arrived: Arrived, exhausted: bool) -> Arc<Sink> {
        Arc::new(Sink {
            state: Mutex::new(State {
                arrived,
                sizer: Sizer::default(),
                queued: Load::default(),
                exhausted,
                cancelled: false,
                wanted: None,
                low_water: None,
            }),
            changed: Condvar::new(),
        })
    }

    /// For a map.
    pub(crate) fn stream() -> Arc<Sink> {
        Sink::new(Arrived::Stream(BTreeMap::new()), false)
    }

    /// For tasks that are handed in one by one: any may be the last.
    pub(crate) fn slots() -> Arc<Sink> {
        Sink::new(Arrived::Slots(HashMap::new()), true)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // No code of the user runs under this lock, so poison would be our own panic: go on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores results. Wakes the consumer only if it waits for just these: on a busy machine waking
    /// costs more than the rest.
    pub(crate) fn put(&self, first: u64, mut done: Done) {
        let mut state = self.lock();
        if state.cancelled {
            return;
        }
        match &mut state.arrived {
            Arrived::Stream(results) => {
                results.insert(first, done);
                if matches!(state.wanted, Some(want) if want == Want::At(first) || want == Want::Any)
                {
                    drop(state);
                    self.changed.notify_one();
                }
            }
            Arrived::Slots(slots) if done.left() == 1 => {
                let slot = slots.remove(&first);
                drop(state);
                slot.inspect(|slot| slot.fill(done));
            }
            Arrived::Slots(slots) => {
                for position in first.. {
                    let Some(one) = done.split_first() else { break };
                    slots.remove(&position).inspect(|slot| slot.fill(one));
                }
            }
        }
    }

    /// Somebody will wait for this task.
    pub(crate) fn expect(&self, position: u64, slot: Arc<Slot>) {
        if let Arrived::Slots(slots) = &mut self.lock().arrived {
            slots.insert(position, slot);
        }
    }

    /// Gives a task up for which somebody waits. False if it has its result already.
    pub(crate) fn cancel_one(&self, position: u64) -> bool {
        let mut state = self.lock();
        let Arrived::Slots(slots) = &mut state.arrived else {
            return false;
        };
        let slot = slots.remove(&position);
        drop(state);
        slot.inspect(|slot| slot.fill(Done::lost(Loss::Cancelled)))
            .is_some()
    }

    pub(crate) fn observe(&self, seen: Seen) {
        self.lock().sizer.observe(seen);
    }

    /// A batch has left the pool's queue.
    pub(crate) fn dequeued(&self, mut state: MutexGuard<'_, State>, tasks: u64, bytes: usize) {
        state.queued.batches -= 1;
        state.queued.tasks -= tasks;
        state.queued.bytes -= bytes;
        let batches = state.queued.batches;
        if state.low_water.is_some_and(|low| batches <= low) {
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Blocks until what is wanted is done, or fewer than `low_water` batches are queued.
    pub(crate) fn wait(&self, want: Want, low_water: Option<usize>) -> Wake {
        let mut state = self.lock();
        loop {
            let wake = state
                .arrived
                .take(want)
                .map(|(at, done)| Wake::Done(at, done));
            let hungry = low_water.is_some_and(|low| state.queued.batches <= low);
            if let Some(wake) = wake.or(hungry.then_some(Wake::Hungry)) {
                (state.wanted, state.low_water) = (None, None);
                return wake;
            }
            (state.wanted, state.low_water) = (Some(want), low_water);
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nobody waits any more.
    pub(crate) fn cancel(&self) {
        let mut state = self.lock();
        state.cancelled = true;
        state.arrived = Arrived::Stream(BTreeMap::new());
    }
}

impl State {
    /// Does anybody wait for the task at this position?
    pub(crate) fn wants(&self, position: u64) -> bool {
        !self.cancelled
            && match &self.arrived {
                Arrived::Stream(_) => true,
                Arrived::Slots(slots) => slots.contains_key(&position),
            }
    }
}

impl Arrived {
    fn take(&mut self, want: Want) -> Option<(u64, Done)> {
        match (self, want) {
            (Arrived::Stream(results), Want::At(position)) => {
                results.remove(&position).map(|done| (position, done))
            }
            (Arrived::Stream(results), Want::Any) => results.pop_first(),
            (Arrived::Slots(_), _) => None,
        }
    }
}
