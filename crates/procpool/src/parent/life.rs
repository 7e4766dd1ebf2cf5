//! The thread behind each lane: starts a worker, reads its outputs, buries and replaces it.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::burial::bury;
use super::lane::{Lane, Worker};
use super::shared::Shared;
use super::streak::Streak;
use super::turn::Turn;
use super::watch::Deadline;
use crate::error::PoolError;
use crate::event::{Ended, Event};
use crate::process::child::Process;
use crate::process::link;

/// A worker that has lived so long has started well, even if it had nothing to do.
const SETTLED: Duration = Duration::from_secs(1);

/// Runs until the pool shuts down, is made smaller, or the lane gives up. `first` learns how the first
/// start went.
pub(crate) fn drive(
    shared: &Arc<Shared>,
    lane: &Arc<Lane>,
    first: mpsc::Sender<Result<(), PoolError>>,
) {
    let mut streak = Streak::default();
    let mut first = Some(first);
    while !shared.stopping() && !lane.leaving() {
        let ready = || {
            if let Some(first) = first.take() {
                let _ = first.send(Ok(()));
            }
        };
        // ipc-channel asserts here and there, when descriptors run out for one.
        let life = panic::catch_unwind(AssertUnwindSafe(|| live(shared, lane, ready)));
        let Some(error) = life.unwrap_or_else(|_| Some(abandon(shared, lane))) else {
            streak = Streak::default();
            continue;
        };
        if let Some(first) = first.take() {
            // Before anyone is told, so that it never counts as a lane that was lost.
            lane.leaving.store(true, Ordering::SeqCst);
            let _ = first.send(Err(error));
            break;
        }
        tracing::warn!(worker = lane.index, %error, "worker was of no use");
        let Some(pause) = streak.one_more(shared.tasks_done()) else {
            tracing::error!(worker = lane.index, %error, "worker cannot be replaced");
            shared.close_lane(lane, Some(error));
            break;
        };
        shared.pause(pause);
    }
    lane.set_process(None);
}

/// One worker from its start to its end. An error if it was of no use.
fn live(shared: &Arc<Shared>, lane: &Arc<Lane>, ready: impl FnOnce()) -> Option<PoolError> {
    let (job, began) = (shared.options.recipe.job, Instant::now());
    let register = |process: &Arc<Process>| register(shared, lane, process);
    let dead = {
        let lane = Arc::downgrade(lane);
        move |pid| {
            lane.upgrade().inspect(|lane| lane.note_death(pid));
        }
    };
    let deadline = Deadline {
        at: &lane.setup_deadline,
        alarm: &shared.alarm,
    };
    let started = link::start(&shared.options.recipe, &deadline, register, dead);
    let (process, link) = match started {
        Ok(started) => started,
        Err(error) => return Some(error),
    };
    let (worker, pid, took) = (lane.index, process.pid, began.elapsed());
    tracing::debug!(worker, pid, ?took, "worker started");
    // Before anyone can give it a task, of which one would otherwise hear first.
    shared.tell(|| Event::WorkerStarted { worker, pid, took });
    {
        let mut state = lane.lock();
        state.worker = Some(Worker::new(pid, link, shared.options.max_tasks));
        lane.note_load(&state);
        // The pool may have been made smaller meanwhile.
        shared.end_if_used_up(lane, &mut state);
    }
    let started = Instant::now();
    ready();
    // It may have died already, and the thread that noticed found no worker here.
    if process.has_ended() {
        lane.note_death(pid);
    }
    shared.dispatch(false);
    while let Some(mut turn) = Turn::wait(shared, lane) {
        while turn.read() && turn.goes_on() {}
    }
    let settled = lane
        .lock()
        .worker
        .as_ref()
        .map_or(0, |worker| worker.settled);
    let (end, charged) = bury(shared, lane, &process);
    tell_of_the_end(shared, worker, pid, &end);
    let useful = settled > 0 || charged || started.elapsed() > SETTLED;
    match end {
        Ended::Died(death) if !useful => Some(PoolError::KeepDying { job, death }),
        _ => None,
    }
}

fn tell_of_the_end(shared: &Shared, worker: usize, pid: u32, end: &Ended) {
    match end {
        Ended::Died(death) => tracing::warn!(worker, pid, %death, "worker died"),
        Ended::Recycled => tracing::debug!(worker, pid, "worker recycled"),
        Ended::Stopped => tracing::debug!(worker, pid, "worker stopped"),
    }
    let end = end.clone();
    shared.tell(|| Event::WorkerEnded { worker, pid, end });
}

/// Cleans up after a panic of ours: the worker is ended, its tasks are for others to do.
fn abandon(shared: &Shared, lane: &Lane) -> PoolError {
    let left = {
        let mut state = lane.lock();
        let left = state.worker.take();
        if let Some(worker) = &left {
            worker.add_to(&mut state.tally);
        }
        state.tally.died += 1;
        lane.note_load(&state);
        left
    };
    if let Some(process) = lane.process() {
        process.kill();
        process.reap();
    }
    let again = left.into_iter().flat_map(|worker| worker.in_flight);
    for batch in again.collect::<Vec<_>>().into_iter().rev() {
        shared.queue.push_front(batch);
    }
    shared.dispatch(false);
    PoolError::System {
        what: "go on",
        source: io::Error::other("a thread of the pool panicked"),
    }
}

fn register(shared: &Shared, lane: &Lane, process: &Arc<Process>) {
    lane.set_process(Some(Arc::clone(process)));
    lane.lock().tally.started += 1;
    shared.alarm.stir();
    // Whoever came before could not know of this process.
    if shared.stopping() || lane.leaving() {
        process.kill();
    }
}
