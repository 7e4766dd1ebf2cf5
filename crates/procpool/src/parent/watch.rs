//! The thread that looks after tasks that take long. It sleeps while the pool does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::lane::{Lane, Verdict, Worker};
use super::shared::{Shared, take_out};
use crate::sys;

/// How often it looks, which is how exact a time limit is kept.
const TICK: Duration = Duration::from_millis(5);
/// After so many looks that found nothing to look after, it sleeps until it is needed.
const QUIET: u32 = 20;
/// A task that has run so long is not waited for: results before it are fetched, tasks behind it may
/// go to others.
const LONG_NS: u64 = 10_000_000;
/// In place of a deadline that has passed.
pub(crate) const EXPIRED: u64 = 1;

/// Wakes the watch.
#[derive(Default)]
pub(crate) struct Alarm {
    awake: AtomicBool,
    bed: Mutex<()>,
    rung: Condvar,
}

impl Alarm {
    /// There is something to look after. Costs a load if the watch is awake.
    pub(crate) fn stir(&self) {
        if !self.awake.load(Ordering::SeqCst) && !self.awake.swap(true, Ordering::SeqCst) {
            self.ring();
        }
    }

    /// The pool is being shut down.
    pub(crate) fn ring(&self) {
        drop(self.bed.lock());
        self.rung.notify_all();
    }

    fn nap(&self, shared: &Shared) {
        let bed = self.bed.lock().unwrap_or_else(PoisonError::into_inner);
        let nap = self
            .rung
            .wait_timeout_while(bed, TICK, |()| !shared.stopping());
        drop(nap);
    }

    fn sleep(&self, shared: &Shared) {
        let bed = self.bed.lock().unwrap_or_else(PoisonError::into_inner);
        let asleep = |(): &mut ()| !shared.stopping() && !self.awake.load(Ordering::SeqCst);
        drop(self.rung.wait_while(bed, asleep));
    }
}

/// Runs until the pool shuts down.
pub(crate) fn watch(shared: &Shared) {
    let mut quiet = 0;
    while !shared.stopping() {
        shared.alarm.nap(shared);
        quiet = if look(shared) { 0 } else { quiet + 1 };
        if quiet > QUIET {
            shared.alarm.awake.store(false, Ordering::SeqCst);
            // Whoever came just before has seen it awake.
            if look(shared) {
                shared.alarm.stir();
            }
            shared.alarm.sleep(shared);
            quiet = 0;
        }
    }
}

/// True if there is anything to look after.
fn look(shared: &Shared) -> bool {
    let (lanes, now) = (shared.lanes(), sys::monotonic_ns());
    let mut busy = false;
    let mut freed = false;
    for lane in lanes.iter() {
        busy |= watch_setup(lane, now);
        // In use just now, or in a send that blocks: it is looked at the next time.
        let Ok(mut state) = lane.state.try_lock() else {
            busy = true;
            continue;
        };
        let Some(worker) = &mut state.worker else {
            continue;
        };
        busy |= !worker.in_flight.is_empty();
        remind_of_a_promise(lane, worker);
        let Some((task, began)) = worker.page.running() else {
            continue;
        };
        let age = now.saturating_sub(began);
        end_if_too_long(shared, lane, worker, task, age);
        if age > LONG_NS {
            fetch_what_is_done(worker, task);
            let idle = || lanes.iter().any(|lane| lane.load() == 0);
            if worker.verdict.is_none() && shared.queue.is_empty() && idle() {
                freed |= free_what_waits(shared, worker, task);
                lane.note_load(&state);
            }
        }
    }
    if freed {
        shared.dispatch(false);
    }
    busy
}

/// True while a worker is being set up within a limit.
fn watch_setup(lane: &Lane, now: u64) -> bool {
    let deadline = lane.setup_deadline.load(Ordering::SeqCst);
    let late = deadline > EXPIRED && now > deadline;
    let order = Ordering::SeqCst;
    if late
        && lane
            .setup_deadline
            .compare_exchange(deadline, EXPIRED, order, order)
            .is_ok()
    {
        lane.kill();
    }
    deadline > EXPIRED
}

/// Somebody said that they would read, and has not come for a whole tick.
fn remind_of_a_promise(lane: &Lane, worker: &mut Worker) {
    match &mut worker.promised {
        Some(0) => worker.promised = Some(1),
        Some(_) => {
            worker.promised = None;
            lane.wake.notify_all();
        }
        None => {}
    }
}

fn end_if_too_long(shared: &Shared, lane: &Lane, worker: &mut Worker, task: u64, age: u64) {
    let limit = shared.options.task_timeout;
    if limit.is_some_and(|limit| u128::from(age) > limit.as_nanos()) && worker.verdict.is_none() {
        worker.verdict = Some((task, Verdict::TimedOut));
        lane.kill();
    }
}

/// Results of tasks before this one wait in the worker until a message is full.
fn fetch_what_is_done(worker: &mut Worker, task: u64) {
    if task > worker.settled && worker.flushed != Some(task) {
        worker.flushed = Some(task);
        worker.flush();
    }
}

/// Takes back the tasks that wait behind this one while another worker is idle.
fn free_what_waits(shared: &Shared, worker: &mut Worker, task: u64) -> bool {
    let end = worker
        .in_flight
        .back()
        .map_or(0, |last| last.number + last.count);
    if end <= task + 1 || !worker.page.can_take_back() || !worker.page.take_back(task + 1, end) {
        return false;
    }
    let out = take_out(&mut worker.in_flight, task + 1, end);
    for batch in out.into_iter().rev() {
        shared.queue.push_front(batch);
    }
    true
}
