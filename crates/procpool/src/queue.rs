//! The batches that no worker has yet. Short: the consumer only keeps it from running empty.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::batch::Batch;
use crate::error::PoolError;
use crate::sink::{Done, Sink};
use crate::sizer::MAX_BYTES;

#[derive(Default)]
pub(crate) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    batches: VecDeque<Batch>,
    /// Set when the last lane has given up.
    broken: Option<Arc<PoolError>>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push_back(&self, batch: Batch) {
        self.insert(batch, VecDeque::push_back);
    }

    /// For what is queued again: its consumer may be waiting for it already.
    pub(crate) fn push_front(&self, batch: Batch) {
        self.insert(batch, VecDeque::push_front);
    }

    fn insert(&self, batch: Batch, at: impl FnOnce(&mut VecDeque<Batch>, Batch)) {
        let mut queue = self.lock();
        if let Some(error) = &queue.broken {
            return nobody_left(&batch, error);
        }
        let mut state = batch.sink.lock();
        if state.cancelled {
            return;
        }
        state.queued += 1;
        state.queued_tasks += batch.count;
        drop(state);
        at(&mut queue.batches, batch);
    }

    /// The next batch for a worker that holds `held` already, cut to the size that is right now.
    pub(crate) fn take(&self, held: usize, workers: usize) -> Option<Batch> {
        let mut queue = self.lock();
        let batch = queue.batches.front()?;
        let sink = Arc::clone(&batch.sink);
        let mut state = sink.lock();
        let (size, depth) = if state.exhausted {
            let (left, sizer) = (state.queued_tasks, &state.sizer);
            (
                sizer.size_at_the_end(left, workers),
                sizer.depth_at_the_end(left, workers),
            )
        } else {
            (state.sizer.size(), state.sizer.depth())
        };
        // A large message is only sent to a worker that is reading: were it still busy, we would
        // block here while it might block sending to us.
        if held >= depth || (held > 0 && batch.bytes() > 2 * MAX_BYTES) {
            return None;
        }
        let mut batch = queue.batches.pop_front()?;
        // A little over is not worth a message of its own.
        let keep = if batch.count > size + size / 2 {
            size
        } else {
            batch.count
        };
        if let Some(rest) = batch.split_off(keep) {
            queue.batches.push_front(rest);
            state.queued += 1;
        }
        sink.dequeued(state, batch.count);
        Some(batch)
    }

    /// Forgets what is queued for a map that nobody consumes any more.
    pub(crate) fn cancel(&self, sink: &Arc<Sink>) {
        sink.cancel();
        let mut queue = self.lock();
        queue
            .batches
            .retain(|batch| !Arc::ptr_eq(&batch.sink, sink));
    }

    /// No lane is left: whoever waits, now or later, gets the reason.
    pub(crate) fn break_down(&self, error: &Arc<PoolError>) {
        let mut queue = self.lock();
        queue.broken = Some(Arc::clone(error));
        for batch in queue.batches.drain(..) {
            batch.sink.dequeued(batch.sink.lock(), batch.count);
            nobody_left(&batch, error);
        }
    }

    pub(crate) fn broken(&self) -> Option<Arc<PoolError>> {
        self.lock().broken.clone()
    }
}

fn nobody_left(batch: &Batch, error: &Arc<PoolError>) {
    let (count, error) = (batch.count, Arc::clone(error));
    batch.sink.put(batch.first, Done::NoWorker { count, error });
}
