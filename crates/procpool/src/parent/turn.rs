//! Whose turn it is to read a worker's outputs.
//!
//! Mostly it is the lane's own thread. But whoever waits for the one task that a worker has reads the
//! answer itself: being woken by another thread would double what the wait costs beside the task.

use std::sync::{Arc, PoisonError};

use super::lane::{Lane, Worker};
use super::shared::Shared;
use super::sink::Sink;
use crate::wire::channel::Receiver;
use crate::wire::outputs::Outputs;

/// The turn; given back when dropped.
pub(crate) struct Turn<'a> {
    shared: &'a Shared,
    lane: &'a Lane,
    pid: u32,
    outputs: Option<Receiver>,
    ended: bool,
    /// What came made no sense.
    broken: bool,
}

impl<'a> Turn<'a> {
    fn take(shared: &'a Shared, lane: &'a Lane, worker: &mut Worker) -> Option<Turn<'a>> {
        Some(Turn {
            shared,
            lane,
            pid: worker.pid,
            outputs: Some(worker.outputs.take()?),
            ended: false,
            broken: false,
        })
    }

    /// For the lane's own thread: sleeps until it has to read. `None` when there is nothing more.
    pub(crate) fn wait(shared: &'a Shared, lane: &'a Lane) -> Option<Turn<'a>> {
        let mut state = lane.lock();
        loop {
            let worker = state.worker.as_mut().filter(|worker| !worker.ended)?;
            if worker.wants_reader() {
                return Turn::take(shared, lane, worker);
            }
            state = lane
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// For whoever waits for a task that a worker does alone, if nobody else is reading.
    pub(crate) fn for_task(
        shared: &'a Shared,
        lane: &'a Lane,
        sink: &Arc<Sink>,
        position: u64,
    ) -> Option<Turn<'a>> {
        if lane.load() != 1 {
            return None;
        }
        let mut state = lane.lock();
        let worker = state.worker.as_mut().filter(|worker| !worker.ended)?;
        let batch = worker.in_flight.front()?;
        let alone = worker.in_flight.len() == 1 && batch.count == 1;
        let mine = batch.first == position && Arc::ptr_eq(&batch.sink, sink);
        (alone && mine).then(|| Turn::take(shared, lane, worker))?
    }

    /// Reads one message and stores what it brings. False if there will be none.
    pub(crate) fn read(&mut self) -> bool {
        let outputs = self.outputs.as_ref();
        if let Some(message) = outputs.and_then(|outputs| outputs.recv().ok()) {
            let outputs = Outputs::read(message);
            self.broken = !outputs.is_some_and(|outputs| self.shared.store(self.lane, outputs));
            // What makes no sense shall be the worker's end.
            self.ended = self.broken;
        } else {
            self.ended = true;
        }
        !self.ended
    }

    /// Is there more to come?
    pub(crate) fn goes_on(&self) -> bool {
        let state = self.lane.lock();
        let more = |worker: &Worker| !worker.in_flight.is_empty() || !worker.is_open();
        state.worker.as_ref().is_some_and(more)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.lane.lock();
        let same = |worker: &&mut Worker| worker.pid == self.pid;
        if let Some(worker) = state.worker.as_mut().filter(same) {
            worker.outputs = self.outputs.take();
            worker.promised = None;
            // A panic in between is an end, too.
            worker.ended |= self.ended || std::thread::panicking();
            worker.broken |= self.broken;
            if worker.ended || worker.wants_reader() {
                self.lane.wake.notify_all();
            }
        }
    }
}
