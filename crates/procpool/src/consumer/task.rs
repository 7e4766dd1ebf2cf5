//! One task, handed in by itself.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::Job;
use crate::error::TaskError;
use crate::parent::batch::Batch;
use crate::parent::done::{Done, Loss};
use crate::parent::lane::Lane;
use crate::parent::shared::Shared;
use crate::parent::slot::Slot;
use crate::parent::turn::Turn;
use crate::parent::watch::withdraw;

/// A task that was handed in by [`Pool::submit`](crate::Pool::submit).
///
/// Dropping it does not stop the task. It may outlive the pool: what the pool did not get to before it
/// was shut down is [`Cause::Cancelled`](crate::Cause::Cancelled).
#[must_use = "without the handle the result is lost"]
pub struct Handle<J: Job> {
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    index: u64,
    /// To be given back in an error.
    task: J::Task,
    job: PhantomData<fn() -> J>,
}

impl<J: Job> Handle<J> {
    pub(crate) fn submit(shared: &Arc<Shared>, task: J::Task) -> Handle<J> {
        let index = shared.next_single.fetch_add(1, Ordering::Relaxed);
        let slot = Arc::new(Slot::default());
        let mut batch = Batch::new(Arc::clone(&shared.singles), index);
        match batch.push(&task, &shared.regions) {
            Ok(()) => {
                shared.singles.expect(index, Arc::clone(&slot));
                shared.queue.push_back(batch);
                // Whoever hands in one task mostly waits for it next.
                shared.dispatch(true);
                if !shared.queue.is_empty() {
                    // Many at once: every worker must be refilled as soon as it is done.
                    shared.release_promises();
                }
            }
            Err(cause) => slot.fill(Done::lost(Loss::TaskNotEncoded(cause))),
        }
        Handle {
            shared: Arc::clone(shared),
            slot,
            index,
            task,
            job: PhantomData,
        }
    }

    /// How many tasks were handed in to this pool by `submit` before this one.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Is there a result, so that [`Handle::wait`] does not block?
    pub fn is_done(&self) -> bool {
        self.slot.is_filled()
    }

    /// Blocks until the task is done.
    ///
    /// # Errors
    /// Why the task has no output.
    pub fn wait(self) -> Result<J::Output, TaskError<J>> {
        if !self.is_done() {
            self.read();
        }
        self.result()
    }

    /// Blocks until the task is done, but no longer than `limit`: then the handle is given back.
    ///
    /// # Errors
    /// The handle, if there is no result yet. It is the outer error; the inner one is the task's.
    pub fn wait_timeout(self, limit: Duration) -> Result<Result<J::Output, TaskError<J>>, Self> {
        self.shared.release_promises();
        if self.slot.wait(limit) {
            Ok(self.result())
        } else {
            Err(self)
        }
    }

    /// Gives the task up: its result is [`Cause::Cancelled`](crate::Cause::Cancelled) at once, unless
    /// there is one already. A task that has not begun does not begin; if it is running, its worker is
    /// killed and replaced, and tasks that shared the worker are done again.
    pub fn cancel(&self) {
        if self.shared.singles.cancel_one(self.index) {
            let lanes = self.shared.present();
            if lanes.iter().any(|lane| self.take_from(lane)) {
                self.shared.dispatch(false);
            }
        }
    }

    fn result(self) -> Result<J::Output, TaskError<J>> {
        let (index, task) = (self.index, self.task);
        let result = self.slot.take().next::<J>().expect("a slot has one result");
        result.map_err(|cause| TaskError { index, task, cause })
    }

    /// Reads what the worker sends, if it has this task alone and nobody else reads. Its own thread
    /// would have to be woken to wake us.
    fn read(&self) {
        let lanes = self.shared.present();
        let turn = |lane| Turn::for_task(&self.shared, lane, &self.shared.singles, self.index);
        let Some(mut turn) = lanes.iter().find_map(|lane| turn(lane)) else {
            return self.shared.release_promises();
        };
        while !self.is_done() && turn.read() && turn.goes_on() {}
    }

    /// Takes the task from a worker, if it has it.
    fn take_from(&self, lane: &Lane) -> bool {
        let mut state = lane.lock();
        let Some(worker) = &mut state.worker else {
            return false;
        };
        let mine = worker.in_flight.iter().find_map(|batch| {
            let inside = self.index.checked_sub(batch.first)?;
            let sink = Arc::ptr_eq(&batch.sink, &self.shared.singles);
            (sink && inside < batch.count).then_some(batch.number + inside)
        });
        let Some(number) = mine else {
            return false;
        };
        withdraw(&self.shared, lane, worker, number);
        self.shared.end_if_used_up(lane, &mut state);
        lane.note_load(&state);
        true
    }
}

impl<J: Job> fmt::Debug for Handle<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("job", &J::NAME)
            .field("index", &self.index)
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }
}
