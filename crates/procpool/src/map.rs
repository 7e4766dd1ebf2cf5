//! The consumer's side of a map: an iterator that feeds the pool while it waits for results.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use crate::batch::Batch;
use crate::error::{Cause, TaskError};
use crate::outputs::{Cut, Status};
use crate::shared::Shared;
use crate::sink::{Done, Sink, Wake};
use crate::sizer::MAX_BYTES;
use crate::{Job, wire};

/// An iterator that takes longer than this for a batch is not waited for: what is there is sent.
const PATIENCE: Duration = Duration::from_millis(1);

/// The results of [`Pool::map`](crate::Pool::map), in the order of the tasks.
///
/// Dropping it forgets the tasks that no worker has yet; those that a worker has are finished, their
/// results thrown away.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Map<'p, J: Job, I> {
    shared: &'p Shared,
    sink: Arc<Sink>,
    /// `None` once it has ended.
    source: Option<I>,
    /// The tasks that were pulled and have no result yet, to be given back in an error. Kept as they
    /// came: neither `Clone` nor decoding is needed, and a task that cannot be decoded comes back too.
    tasks: VecDeque<J::Task>,
    /// Position of the first of them.
    next: u64,
    /// Tasks that could not be encoded, and why.
    unsent: VecDeque<(u64, String)>,
    /// Set while the iterator, or the encoding of a task, runs: code that may panic.
    pulling: bool,
    /// What was taken from the sink and is not yet given out.
    current: Option<Done>,
}

impl<'p, J: Job, I: Iterator<Item = J::Task>> Map<'p, J, I> {
    pub(crate) fn new(shared: &'p Shared, source: I) -> Self {
        Map {
            shared,
            sink: Arc::default(),
            source: Some(source),
            tasks: VecDeque::new(),
            next: 0,
            unsent: VecDeque::new(),
            pulling: false,
            current: None,
        }
    }

    /// Pulls tasks and queues them until the workers have enough ahead of them.
    fn top_up(&mut self) {
        let workers = self.shared.lanes.len();
        while self.source.is_some() {
            let state = self.sink.lock();
            let enough = state.queued >= state.sizer.queue(workers);
            if enough || !state.sizer.room(self.tasks.len(), workers) {
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

    /// Up to `size` tasks from the iterator.
    fn pull(&mut self, size: usize) -> Batch {
        // What a panic leaves half done would never get results: then rather no `next` than a hang.
        assert!(!self.pulling, "the iterator of tasks has panicked before");
        self.pulling = true;
        let start = Instant::now();
        let mut batch = Batch::new(Arc::clone(&self.sink), self.next + self.tasks.len() as u64);
        while batch.count < size && batch.bytes() < MAX_BYTES {
            let Some(task) = self.source.as_mut().and_then(Iterator::next) else {
                self.source = None;
                self.sink.lock().exhausted = true;
                break;
            };
            let encoded = batch.push(&task);
            let index = self.next + self.tasks.len() as u64;
            self.tasks.push_back(task);
            if let Err(cause) = encoded {
                // A batch is without gaps, so it ends here.
                self.unsent.push_back((index, cause));
                break;
            }
            if start.elapsed() > PATIENCE {
                break;
            }
        }
        self.pulling = false;
        batch
    }

    /// Blocks until there is something in `current`, or nothing more to come: then false.
    fn fetch(&mut self) -> bool {
        loop {
            self.top_up();
            if self.tasks.is_empty() {
                return false;
            }
            if self
                .unsent
                .front()
                .is_some_and(|&(index, _)| index == self.next)
            {
                return true;
            }
            match self.sink.wait(self.next, self.low_water()) {
                Wake::Done(done) => {
                    self.current = Some(done);
                    return true;
                }
                Wake::Hungry => {}
            }
        }
    }

    /// How few batches must be queued to wake us for more.
    fn low_water(&self) -> Option<usize> {
        let workers = self.shared.lanes.len();
        let room = || self.sink.lock().sizer.room(self.tasks.len(), workers);
        (self.source.is_some() && room()).then_some(workers / 2)
    }

    fn result(&mut self) -> Option<Result<J::Output, Cause<J::Error>>> {
        if self
            .unsent
            .front()
            .is_some_and(|&(index, _)| index == self.next)
        {
            let (_, cause) = self.unsent.pop_front()?;
            return Some(Err(Cause::TaskNotEncoded(cause)));
        }
        match self.current.as_mut()? {
            Done::Outputs(outputs) => outputs.next().map(|output| match output {
                Ok((status, bytes)) => decode::<J>(status, bytes),
                Err(Cut) => Err(Cause::OutputNotDecoded(
                    "the worker's message is cut".to_owned(),
                )),
            }),
            Done::Dead { death, attempts } => {
                let (last, attempts) = (death.clone(), *attempts);
                self.current = None;
                Some(Err(if attempts == 1 {
                    Cause::WorkerDied(last)
                } else {
                    Cause::GivenUp { attempts, last }
                }))
            }
            Done::NoWorker { count, error } => {
                *count = count.checked_sub(1)?;
                Some(Err(Cause::NoWorker(Arc::clone(error))))
            }
        }
    }
}

impl<J: Job, I: Iterator<Item = J::Task>> Iterator for Map<'_, J, I> {
    type Item = Result<J::Output, TaskError<J>>;

    fn next(&mut self) -> Option<Self::Item> {
        let result = match self.result() {
            Some(result) => result,
            None if self.fetch() => self.result()?,
            None => return None,
        };
        let index = self.next;
        self.next += 1;
        let task = self.tasks.pop_front().expect("a result has its task");
        Some(result.map_err(|cause| TaskError { index, task, cause }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (low, high) = self
            .source
            .as_ref()
            .map_or((0, Some(0)), Iterator::size_hint);
        let pulled = self.tasks.len();
        (
            low.saturating_add(pulled),
            high.and_then(|high| high.checked_add(pulled)),
        )
    }
}

impl<J: Job, I> Drop for Map<'_, J, I> {
    fn drop(&mut self) {
        self.shared.queue.cancel(&self.sink);
    }
}

impl<J: Job, I> fmt::Debug for Map<'_, J, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("job", &J::NAME)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

fn decode<J: Job>(status: Status, bytes: &[u8]) -> Result<J::Output, Cause<J::Error>> {
    fn text(bytes: &[u8]) -> String {
        wire::decode(bytes).unwrap_or_default()
    }
    fn value<T: DeserializeOwned, E: std::error::Error>(bytes: &[u8]) -> Result<T, Cause<E>> {
        wire::decode(bytes).map_err(Cause::OutputNotDecoded)
    }
    match status {
        Status::Done => value(bytes),
        Status::Failed => Err(value(bytes).map_or_else(|cause| cause, Cause::Job)),
        Status::Panicked => {
            let (message, location) = wire::decode(bytes).unwrap_or_default();
            Err(Cause::Panicked { message, location })
        }
        Status::TaskNotDecoded => Err(Cause::TaskNotDecoded(text(bytes))),
        Status::OutputNotEncoded => Err(Cause::OutputNotEncoded(text(bytes))),
    }
}
