//! The batches that no worker has yet. Short: the consumer only keeps it from running empty.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::batch::Batch;
use super::done::{Done, Loss};
use super::sink::{self, Load, Sink};
use super::sizer::MAX_BYTES;
use crate::error::PoolError;

#[derive(Default)]
pub(crate) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    batches: VecDeque<Batch>,
    /// Set when there are no workers any more: then every task is lost in this way.
    closed: Option<Loss>,
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

    fn insert(&self, mut batch: Batch, at: impl FnOnce(&mut VecDeque<Batch>, Batch)) {
        batch.lent = None;
        let mut queue = self.lock();
        if let Some(loss) = &queue.closed {
            return lose(&batch, loss);
        }
        let mut state = batch.sink.lock();
        if state.cancelled || (batch.count == 1 && !state.wants(batch.first)) {
            return;
        }
        state.queued += &batch;
        drop(state);
        at(&mut queue.batches, batch);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().batches.is_empty()
    }

    /// The next batch for a worker that holds `held` already and may get `most` tasks, cut to the
    /// size that is right now.
    pub(crate) fn take(&self, held: usize, most: u64, workers: usize) -> Option<Batch> {
        let mut queue = self.lock();
        queue.drop_unwanted();
        let batch = queue.batches.front()?;
        let sink = Arc::clone(&batch.sink);
        let mut state = sink.lock();
        let (size, depth) = if state.exhausted {
            let (left, sizer) = (state.queued.tasks, &state.sizer);
            (
                sizer.size_at_the_end(left, workers),
                sizer.depth_at_the_end(left, workers),
            )
        } else {
            (state.sizer.size(), state.sizer.depth())
        };
        // A large message is only sent to a worker that is reading: were it still busy, we would
        // block here while it might block sending to us.
        let alone = batch.alone || batch.message_bytes() > 2 * MAX_BYTES;
        if most == 0 || held >= depth || (held > 0 && alone) {
            return None;
        }
        let mut batch = queue.batches.pop_front()?;
        // A little over is not worth a message of its own.
        let size = if batch.count > size + size / 2 {
            size
        } else {
            batch.count.max(size)
        };
        let size = size.min(most);
        if let Some(rest) = batch.split_off(size) {
            state.queued.batches += 1;
            queue.batches.push_front(rest);
        }
        queue.join(&mut batch, size, &mut state);
        sink.dequeued(state, batch.count, batch.bytes());
        Some(batch)
    }

    /// Forgets what is queued for a map that nobody consumes any more.
    pub(crate) fn cancel(&self, sink: &Arc<Sink>) {
        sink.cancel();
        self.lock()
            .batches
            .retain(|batch| !Arc::ptr_eq(&batch.sink, sink));
    }

    /// No worker is left: whoever waits, now or later, gets the reason.
    pub(crate) fn close(&self, loss: &Loss) {
        let mut queue = self.lock();
        queue.closed.get_or_insert_with(|| loss.clone());
        for batch in queue.batches.drain(..) {
            batch
                .sink
                .dequeued(batch.sink.lock(), batch.count, batch.bytes());
            lose(&batch, loss);
        }
    }

    pub(crate) fn broken(&self) -> Option<Arc<PoolError>> {
        match &self.lock().closed {
            Some(Loss::NoWorker(error)) => Some(Arc::clone(error)),
            _ => None,
        }
    }
}

impl State {
    /// Single tasks may have been cancelled since they were queued.
    fn drop_unwanted(&mut self) {
        let unwanted = |batch: &Batch| batch.count == 1 && !batch.sink.lock().wants(batch.first);
        while let Some(batch) = self.batches.pop_front_if(|batch| unwanted(batch)) {
            batch.sink.dequeued(batch.sink.lock(), 1, batch.bytes());
        }
    }

    /// Adds what follows to a batch that is smaller than it should be; single tasks come so.
    fn join(&mut self, batch: &mut Batch, size: u64, state: &mut sink::State) {
        while batch.count < size && batch.bytes() < MAX_BYTES {
            let room = size - batch.count;
            let wanted = |next: &Batch| next.count > 1 || state.wants(next.first);
            let fits = |next: &mut Batch| {
                next.count <= room
                    && next.bytes() <= MAX_BYTES
                    && batch.is_followed_by(next)
                    && wanted(next)
            };
            let Some(next) = self.batches.pop_front_if(fits) else {
                return;
            };
            batch.join(&next);
            state.queued.batches -= 1;
        }
    }
}

impl std::ops::AddAssign<&Batch> for Load {
    fn add_assign(&mut self, batch: &Batch) {
        self.batches += 1;
        self.tasks += batch.count;
        self.bytes += batch.bytes();
    }
}

fn lose(batch: &Batch, loss: &Loss) {
    let (count, loss) = (batch.count, loss.clone());
    batch.sink.put(batch.first, Done::Lost { count, loss });
}
