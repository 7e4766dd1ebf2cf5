//! What maps in order and out of order have in common: the iterator, and its way to the workers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::pending::Pending;
use crate::Job;
use crate::error::TaskError;
use crate::parent::MAX_BYTES;
use crate::parent::batch::Batch;
use crate::parent::done::{Done, Loss};
use crate::parent::shared::Shared;
use crate::parent::sink::{Sink, Wake, Want};

/// An iterator that takes longer than this for a batch is not waited for: what is there is sent.
const PATIENCE: Duration = Duration::from_millis(1);

/// A result and the position of its task.
pub(super) type Numbered<J> = (u64, Result<<J as Job>::Output, TaskError<J>>);

pub(super) struct Feed<'p, J: Job, I> {
    shared: &'p Shared,
    sink: Arc<Sink>,
    /// `None` once it has ended.
    source: Option<I>,
    /// Tasks pulled so far.
    pulled: u64,
    pending: Pending<J::Task>,
    /// Set while the iterator, or the encoding of a task, runs: code that may panic.
    pulling: bool,
    /// What was taken from the sink and is not yet given out, and the position of its next result.
    current: Option<(u64, Done)>,
}

impl<'p, J: Job, I: Iterator<Item = J::Task>> Feed<'p, J, I> {
    pub(super) fn new(shared: &'p Shared, source: I) -> Self {
        Feed {
            shared,
            sink: Sink::stream(),
            source: Some(source),
            pulled: 0,
            pending: Pending::new(),
            pulling: false,
            current: None,
        }
    }

    /// The next result that is wanted, and its position.
    pub(super) fn next(&mut self, want: Want) -> Option<Numbered<J>> {
        loop {
            if let Some(result) = self.current_result() {
                return Some(result);
            }
            self.current = Some(self.fetch(want)?);
        }
    }

    fn current_result(&mut self) -> Option<Numbered<J>> {
        let (position, done) = self.current.as_mut()?;
        let result = done.next::<J>()?;
        let index = *position;
        *position += 1;
        let task = self.pending.take(index).expect("a result has its task");
        let error = |cause| TaskError { index, task, cause };
        Some((index, result.map_err(error)))
    }

    /// Blocks until there are results; `None` if no more will come.
    fn fetch(&mut self, want: Want) -> Option<(u64, Done)> {
        // A message that was used up is let go before we wait: its memory may be needed.
        self.current = None;
        loop {
            self.top_up();
            if self.pending.count() == 0 {
                return None;
            }
            if let Wake::Done(position, done) = self.sink.wait(want, self.low_water()) {
                return Some((position, done));
            }
        }
    }

    /// Pulls tasks and queues them until the workers have enough ahead of them.
    fn top_up(&mut self) {
        while self.source.is_some() {
            let workers = self.workers();
            let state = self.sink.lock();
            let queued = state.queued;
            let enough = queued.batches >= state.sizer.queue(workers, queued.bytes);
            if enough || !state.sizer.room(self.pending.count(), workers) {
                return;
            }
            let size = state.sizer.size();
            drop(state);
            let batch = self.pull(size);
            if batch.count > 0 {
                self.shared.push(batch);
            }
        }
    }

    fn workers(&self) -> usize {
        self.shared.lanes().len()
    }

    /// Up to `size` tasks from the iterator.
    fn pull(&mut self, size: u64) -> Batch {
        // What a panic leaves half done would never get results: then rather no `next` than a hang.
        assert!(!self.pulling, "the iterator of tasks has panicked before");
        self.pulling = true;
        let (start, first) = (Instant::now(), self.pulled);
        let mut batch = Batch::new(Arc::clone(&self.sink), first);
        let mut tasks = Vec::with_capacity(size as usize);
        while batch.count < size && batch.bytes() < MAX_BYTES {
            let Some(task) = self.source.as_mut().and_then(Iterator::next) else {
                self.source = None;
                self.sink.lock().exhausted = true;
                break;
            };
            let encoded = batch.push(&task, &self.shared.regions);
            tasks.push(Some(task));
            self.pulled += 1;
            if let Err(cause) = encoded {
                // A batch is without gaps, so it ends here.
                let lost = Done::lost(Loss::TaskNotEncoded(cause));
                self.sink.put(self.pulled - 1, lost);
                break;
            }
            // Looking at the clock costs as much as a small task.
            if tasks.len().is_multiple_of(16) && start.elapsed() > PATIENCE {
                break;
            }
        }
        self.pending.add(first, tasks);
        self.pulling = false;
        batch
    }

    /// How few batches must be queued to wake us for more.
    fn low_water(&self) -> Option<usize> {
        let workers = self.workers();
        let room = || self.sink.lock().sizer.room(self.pending.count(), workers);
        (self.source.is_some() && room()).then_some(workers / 2)
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        let source = self.source.as_ref();
        let (low, high) = source.map_or((0, Some(0)), Iterator::size_hint);
        let pending = self.pending.count() as usize;
        (
            low.saturating_add(pending),
            high.and_then(|high| high.checked_add(pending)),
        )
    }
}

impl<J: Job, I> Drop for Feed<'_, J, I> {
    fn drop(&mut self) {
        self.shared.queue.cancel(&self.sink);
    }
}
