//! The thread that looks after tasks that take long. It sleeps while the pool does.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::lane::{Lane, Verdict, Worker};
use super::shared::{Shared, take_out};
use crate::sys;
use crate::wire::page::Doing;

/// How often it looks, which is how exact a time limit is kept.
const TICK: Duration = Duration::from_millis(5);
/// After so many looks that found nothing to look after, it sleeps until it is needed.
const QUIET: u32 = 20;
/// A task that has run so long is not waited for: results before it are fetched, tasks behind it may
/// go to others.
const LONG_NS: u64 = 10_000_000;
/// In place of a deadline that has passed.
const EXPIRED: u64 = 1;

/// Until when a job must be set up in a worker; the watch kills it then.
pub(crate) struct Deadline<'a> {
    /// In nanoseconds of the monotonic clock; 0 for none.
    pub(crate) at: &'a AtomicU64,
    pub(crate) alarm: &'a Alarm,
}

impl Deadline<'_> {
    pub(crate) fn set(&self, limit: Duration) {
        let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        let at = sys::monotonic_ns().saturating_add(limit);
        self.at.store(at, Ordering::SeqCst);
        self.alarm.stir();
    }

    /// Ends it. Was the worker killed for it?
    pub(crate) fn has_expired(&self) -> bool {
        self.at.swap(0, Ordering::SeqCst) == EXPIRED
    }
}

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
    let now = sys::monotonic_ns();
    let mut busy = false;
    let mut freed = false;
    for lane in &shared.present() {
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
        freed |= look_at(shared, lane, worker, now);
        shared.end_if_used_up(lane, &mut state);
        lane.note_load(&state);
    }
    if freed {
        shared.dispatch(false);
    }
    busy
}

/// True if tasks were freed for others.
fn look_at(shared: &Shared, lane: &Lane, worker: &mut Worker, now: u64) -> bool {
    let doing = worker.page.doing();
    // By our own clock, from when we saw it first: so what is killed for its time has had it.
    let since = match worker.watched {
        Some((same, since)) if same == doing => since,
        _ => now,
    };
    worker.watched = Some((doing, since));
    let age = now - since;
    let exceeds = |limit: Duration| u128::from(age) > limit.as_nanos();
    let (options, unjudged) = (&shared.options, worker.verdict.is_none());
    match doing {
        Doing::Nothing => false,
        // Nobody is charged: the task that panicked has its result.
        Doing::SetUp(_) => {
            if options.recipe.setup_timeout.is_some_and(exceeds) {
                lane.kill();
            }
            false
        }
        Doing::Task(task) => {
            if options.task_timeout.is_some_and(exceeds) && unjudged {
                worker.verdict = Some((task, Verdict::TimedOut));
                lane.kill();
            }
            age > LONG_NS && do_not_wait_for(shared, worker, task)
        }
    }
}

/// This task takes long: what is done is fetched, and what waits is freed if somebody is idle.
fn do_not_wait_for(shared: &Shared, worker: &mut Worker, task: u64) -> bool {
    worker.slow = Some(task);
    fetch_what_is_done(worker, task);
    let idle = || shared.lanes().iter().any(|lane| lane.load() == 0);
    worker.verdict.is_none()
        && shared.queue.is_empty()
        && idle()
        && free_what_waits(shared, worker, task)
}

/// A task was cancelled that a worker has: if it has not begun it is taken back, if it is running the
/// worker is killed.
pub(crate) fn withdraw(shared: &Shared, lane: &Lane, worker: &mut Worker, number: u64) {
    let progress = worker.page.progress();
    let running = |worker: &Worker| worker.page.doing() == Doing::Task(number);
    if progress.task <= number && !running(worker) {
        // If some may have begun, the worker tells which it leaves out.
        if let Some(all) = worker.page.take_back(number, number + 1) {
            free(shared, worker, all);
        }
    }
    if running(worker) && worker.verdict.is_none() {
        worker.verdict = Some((number, Verdict::Cancelled));
        lane.kill();
    }
}

/// Tasks that were taken back are for others to do.
fn free(shared: &Shared, worker: &mut Worker, all: Range<u64>) {
    let out = take_out(&mut worker.in_flight, all.start, all.end);
    worker.returned(&out);
    shared.queue_again(out);
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

/// Results of tasks before this one wait in the worker until a message is full.
fn fetch_what_is_done(worker: &mut Worker, task: u64) {
    if task > worker.settled && worker.flushed != Some(task) {
        worker.flushed = Some(task);
        worker.flush();
    }
}

/// Takes back the tasks that wait behind this one while another worker is idle.
fn free_what_waits(shared: &Shared, worker: &mut Worker, task: u64) -> bool {
    let last = worker.in_flight.back();
    let end = last.map_or(0, |last| last.number + last.count);
    if end <= task + 1 {
        return false;
    }
    let Some(all) = worker.page.take_back(task + 1, end) else {
        return false;
    };
    free(shared, worker, all);
    true
}
