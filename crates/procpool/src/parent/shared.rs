//! What the parent's threads share: the queue of batches, and one lane for each worker.
//!
//! Whoever has reason to believe that a worker has room fills its lane: the consumer after it has
//! queued a batch, whoever reads a worker's outputs after they have come. So an idle worker is reached
//! without waking a thread in between, and a busy one is refilled without the consumer.
//!
//! Locks are taken in the order lane, queue, sink. Only a lane's lock is held while sending.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use super::batch::Batch;
use super::done::{Done, Loss};
use super::lane::{Lane, State, Worker};
use super::queue::Queue;
use super::sink::Sink;
use super::sizer::Seen;
use super::watch::Alarm;
use crate::error::PoolError;
use crate::event::{Clock, Event, Hook};
use crate::process::link::Recipe;
use crate::statistics::WorkerStatistics;
use crate::wire::outputs::{Outputs, Summary};
use crate::wire::regions::Regions;

/// More batches than this are never with one worker.
const MAX_DEPTH: usize = 2;

/// What was chosen when the pool was built.
pub(crate) struct Options {
    pub(crate) recipe: Recipe,
    pub(crate) retries: u32,
    pub(crate) grace: Duration,
    pub(crate) task_timeout: Option<Duration>,
    pub(crate) max_tasks: Option<u64>,
    pub(crate) max_memory: Option<u64>,
    pub(crate) on_event: Option<Hook>,
}

pub(crate) struct Shared {
    pub(crate) options: Options,
    /// Replaced as a whole when the pool is resized.
    lanes: RwLock<Arc<[Arc<Lane>]>>,
    pub(crate) queue: Queue,
    /// Where single tasks get their results, and the position of the next of them.
    pub(crate) singles: Arc<Sink>,
    pub(crate) next_single: AtomicU64,
    pub(crate) regions: Arc<Regions>,
    pub(crate) alarm: Alarm,
    clock: Clock,
    pub(crate) stopping: AtomicBool,
    /// Some lane may be waiting for somebody who promised to read.
    promises: AtomicBool,
    /// Results that have come.
    tasks_done: AtomicU64,
    pub(crate) running: Mutex<Running>,
    pub(crate) changed: Condvar,
}

/// Changes are announced.
#[derive(Default)]
pub(crate) struct Running {
    /// Lanes whose threads have not ended, also those that are leaving.
    pub(crate) lanes: Vec<Arc<Lane>>,
    /// Lanes whose workers can still be replaced.
    open_lanes: usize,
    /// Why the last lane was given up.
    last_error: Option<Arc<PoolError>>,
    /// Of lanes that are no more.
    pub(crate) departed: Vec<WorkerStatistics>,
    pub(crate) departed_units: u64,
}

impl Running {
    pub(crate) fn add(&mut self, lane: &Arc<Lane>) {
        self.lanes.push(Arc::clone(lane));
        self.open_lanes += 1;
    }
}

impl Shared {
    pub(crate) fn new(options: Options) -> Shared {
        Shared {
            options,
            lanes: RwLock::new(Arc::new([])),
            queue: Queue::default(),
            singles: Sink::slots(),
            next_single: AtomicU64::new(0),
            regions: Arc::default(),
            alarm: Alarm::default(),
            clock: Clock::set(),
            stopping: AtomicBool::new(false),
            promises: AtomicBool::new(false),
            tasks_done: AtomicU64::new(0),
            running: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// The lanes as they are now. Not borrowed: whoever changes them must not wait for a send.
    pub(crate) fn lanes(&self) -> Arc<[Arc<Lane>]> {
        Arc::clone(&self.lanes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// All lanes that have a worker or are about to, also those that take no more tasks.
    pub(crate) fn present(&self) -> Vec<Arc<Lane>> {
        self.running().lanes.clone()
    }

    pub(crate) fn set_lanes(&self, lanes: Vec<Arc<Lane>>) {
        *self.lanes.write().unwrap_or_else(PoisonError::into_inner) = lanes.into();
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub(crate) fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tasks_done(&self) -> u64 {
        self.tasks_done.load(Ordering::Relaxed)
    }

    /// Queues a batch behind the others, and hands it out if a worker has room.
    pub(crate) fn push(&self, batch: Batch) {
        self.queue.push_back(batch);
        self.dispatch(false);
    }

    /// Sends queued batches to workers with room: the idle ones first, so that no task waits behind
    /// another while a worker has nothing to do. If somebody promises to read the outputs, the lane's
    /// own thread is not woken for that.
    pub(crate) fn dispatch(&self, promised: bool) {
        let lanes = self.lanes();
        for level in 0..MAX_DEPTH {
            for lane in lanes.iter().filter(|lane| lane.load() == level) {
                self.refill(lane, &mut lane.lock(), level + 1, lanes.len(), promised);
            }
        }
    }

    /// Whoever promised to read does not: the lanes' own threads shall.
    pub(crate) fn release_promises(&self) {
        if !self.promises.swap(false, Ordering::SeqCst) {
            return;
        }
        for lane in &self.present() {
            if let Some(worker) = &mut lane.lock().worker
                && worker.promised.take().is_some()
                && worker.wants_reader()
            {
                lane.wake.notify_all();
            }
        }
    }

    /// Fills a lane up to so many batches.
    fn refill(&self, lane: &Lane, state: &mut State, level: usize, lanes: usize, promised: bool) {
        let Some(worker) = &mut state.worker else {
            return;
        };
        let mut sent = false;
        let max_memory = self.options.max_memory;
        while worker.is_open()
            && worker.in_flight.len() < level
            && !worker.is_used_up(max_memory)
            && !worker.is_slow()
            && !worker.has_one_alone()
            && !lane.leaving()
        {
            let held = worker.in_flight.len();
            let Some(batch) = self.queue.take(held, worker.room(), lanes) else {
                break;
            };
            sent = true;
            if !worker.send(batch, &self.regions) {
                // It is dying, or will end when it has done what it has. Its own thread will notice, and
                // care for what is in flight. Not killed: one would not know of what it has died.
                worker.hang_up();
            }
        }
        if sent {
            let alone = promised && worker.in_flight.len() == 1;
            worker.promised = alone.then_some(0);
            if alone {
                self.promises.store(true, Ordering::SeqCst);
            }
            if worker.wants_reader() {
                lane.wake.notify_all();
            }
            lane.note_load(state);
            self.alarm.stir();
        }
    }

    /// Stores results and gives the worker more to do. False if they are not what was asked for.
    pub(crate) fn store(&self, lane: &Lane, mut outputs: Outputs) -> bool {
        let summary = outputs.summary;
        let mut state = lane.lock();
        let Some(worker) = &mut state.worker else {
            return false;
        };
        let pid = worker.pid;
        let Some(receipt) = receive(worker, &mut outputs) else {
            return false;
        };
        state.tally.tasks += summary.count;
        state.tally.busy += summary.busy();
        self.queue_again(receipt.back);
        if let Some((sink, _)) = &receipt.done {
            sink.observe(seen(&summary, outputs.size()));
        }
        // The worker first: it is about to run dry, the consumer is not.
        lane.note_load(&state);
        self.refill(lane, &mut state, MAX_DEPTH, self.lanes().len(), false);
        self.end_if_used_up(lane, &mut state);
        drop(state);
        self.tasks_done.fetch_add(summary.count, Ordering::Relaxed);
        if let Some((sink, first)) = receipt.done {
            sink.put(first, Done::Outputs(outputs));
        }
        if summary.count > 0 {
            self.tell(|| self.clock.tasks_done(lane.index, pid, &summary));
        }
        if summary.back > 0 {
            self.dispatch(false);
        }
        true
    }

    /// Queues tasks that a worker has left out, single ones one by one: some of them nobody may want
    /// any more.
    pub(crate) fn queue_again(&self, batches: Vec<Batch>) {
        for mut batch in batches.into_iter().rev() {
            while Arc::ptr_eq(&batch.sink, &self.singles) && batch.count > 1 {
                if let Some(last) = batch.split_off(batch.count - 1) {
                    self.queue.push_front(last);
                }
            }
            self.queue.push_front(batch);
        }
    }

    /// A worker that may get no more tasks ends when it has done those that it has.
    pub(crate) fn end_if_used_up(&self, lane: &Lane, state: &mut State) {
        let Some(worker) = state.worker.as_mut().filter(|worker| worker.is_open()) else {
            return;
        };
        if worker.in_flight.is_empty() {
            let used_up = worker.is_used_up(self.options.max_memory);
            if used_up || lane.leaving() {
                worker.recycled = !lane.leaving();
                worker.hang_up();
                lane.wake.notify_all();
                lane.note_load(state);
            }
        }
    }

    /// Tells whoever wants to know.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(hook) = &self.options.on_event {
            // A panic of the hook is its own: it was printed, and the pool goes on.
            let _ = catch_unwind(AssertUnwindSafe(|| hook(&event())));
        }
    }

    /// No worker follows in this lane. With the last of all lanes every task is lost.
    pub(crate) fn close_lane(&self, lane: &Lane, error: Option<PoolError>) {
        if lane.closed.swap(true, Ordering::SeqCst) {
            return;
        }
        let mut running = self.running();
        running.open_lanes -= 1;
        if let Some(error) = error {
            running.last_error = Some(Arc::new(error));
        }
        if running.open_lanes == 0
            && !self.stopping()
            && let Some(error) = running.last_error.clone()
        {
            drop(running);
            self.queue.close(&Loss::NoWorker(error));
        }
    }

    /// Sleeps, unless the pool is being shut down.
    pub(crate) fn pause(&self, pause: Duration) {
        let running = self.running();
        let stopped = self
            .changed
            .wait_timeout_while(running, pause, |_| !self.stopping());
        drop(stopped);
    }
}

/// What a message of outputs has settled.
struct Receipt {
    /// Where the outputs go, and the position of the first.
    done: Option<(Arc<Sink>, u64)>,
    /// Tasks that the worker has left out.
    back: Vec<Batch>,
}

/// Takes from what is in flight what the outputs are of. `None` if they do not fit; then nothing is
/// taken.
fn receive(worker: &mut Worker, outputs: &mut Outputs) -> Option<Receipt> {
    let Summary {
        first, count, back, ..
    } = outputs.summary;
    let from = first.checked_add(count)?;
    let to = from.checked_add(back)?;
    let mut done = None;
    if count > 0 {
        let fits = |batch: &Batch| batch.lent.as_ref().is_some_and(|r| outputs.fit_into(r));
        let theirs = |batch: &mut Batch| {
            batch.number == first
                && count <= batch.count
                && (!outputs.wants_region() || fits(batch))
        };
        let mut batch = worker.in_flight.pop_front_if(theirs)?;
        if let Some(lent) = batch.lent.clone().filter(|_| outputs.wants_region()) {
            outputs.set_region(lent);
        }
        done = Some((Arc::clone(&batch.sink), batch.first));
        if let Some(rest) = batch.split_off(count) {
            worker.in_flight.push_front(rest);
        }
        worker.saw_outputs(outputs.size());
        if outputs.summary.kept
            && let Some(region) = batch.region()
        {
            region.retire();
        }
    } else if outputs.wants_region() {
        return None;
    }
    worker.settled = to;
    let back = take_out(&mut worker.in_flight, from, worker.settled);
    worker.returned(&back);
    Some(Receipt { done, back })
}

/// Removes the tasks with these numbers, if they are there.
pub(crate) fn take_out(in_flight: &mut VecDeque<Batch>, from: u64, to: u64) -> Vec<Batch> {
    let mut out = Vec::new();
    if from >= to {
        return out;
    }
    for mut batch in std::mem::take(in_flight) {
        let kept = from.saturating_sub(batch.number).min(batch.count);
        let end = batch.number + batch.count;
        if kept == batch.count || to <= batch.number {
            in_flight.push_back(batch);
            continue;
        }
        let mut taken = if kept == 0 {
            batch
        } else {
            let taken = batch.split_off(kept).expect("there is more than is kept");
            in_flight.push_back(batch);
            taken
        };
        if to < end
            && let Some(rest) = taken.split_off(to - taken.number)
        {
            in_flight.push_back(rest);
        }
        out.push(taken);
    }
    out
}

fn seen(summary: &Summary, output_bytes: usize) -> Seen {
    Seen {
        tasks: summary.count,
        busy: summary.busy(),
        longest: Duration::from_nanos(summary.longest_ns),
        output_bytes,
    }
}
