//! The thread behind each lane: starts a worker, stores its results, buries and replaces it.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use std::{io, mem};

use crate::batch::Batch;
use crate::child::Process;
use crate::error::{Death, PoolError};
use crate::link::{self, Link};
use crate::outputs::Outputs;
use crate::page::Page;
use crate::shared::{Lane, LaneState, Shared};
use crate::sink::Done;
use crate::streak::Streak;
use crate::wire::Sender;

/// A worker that has lived so long has started well, even if it had nothing to do.
const SETTLED: Duration = Duration::from_secs(1);

/// Runs until the pool shuts down or the lane gives up. `first` learns how the first start went.
pub(crate) fn drive(shared: &Shared, lane: &Lane, first: &mpsc::Sender<Result<(), PoolError>>) {
    let mut streak = Streak::default();
    let mut started_once = false;
    while !shared.stopping() {
        let ready = || {
            if !mem::replace(&mut started_once, true) {
                let _ = first.send(Ok(()));
            }
        };
        // ipc-channel asserts here and there, when descriptors run out for one.
        let life = panic::catch_unwind(AssertUnwindSafe(|| live(shared, lane, ready)));
        let Some(error) = life.unwrap_or_else(|_| Some(abandon(shared, lane))) else {
            streak = Streak::default();
            continue;
        };
        if !started_once {
            let _ = first.send(Err(error));
            break;
        }
        let tasks = shared.running().report.tasks;
        let Some(pause) = streak.one_more(tasks) else {
            give_up(shared, error);
            break;
        };
        shared.pause(pause);
    }
    lane.set_process(None);
}

/// One worker from its start to its end. An error if it was of no use.
fn live(shared: &Shared, lane: &Lane, ready: impl FnOnce()) -> Option<PoolError> {
    let job = shared.recipe.job;
    let link = match link::start(&shared.recipe, |process| register(shared, lane, process)) {
        Ok(link) => link,
        Err(error) => return Some(error),
    };
    let (death, useful) = serve(shared, lane, link, ready);
    (!useful).then_some(PoolError::KeepDying { job, death })
}

/// Cleans up after a panic of ours: the worker is ended, its tasks are for others to do.
fn abandon(shared: &Shared, lane: &Lane) -> PoolError {
    let left = lane.close();
    if let Some(process) = lane.process() {
        process.kill();
        process.reap();
    }
    let again = left.in_flight.into_iter().rev();
    again.for_each(|batch| shared.queue.push_front(batch));
    shared.dispatch();
    PoolError::System {
        what: "go on",
        source: io::Error::other("a thread of the pool panicked"),
    }
}

fn register(shared: &Shared, lane: &Lane, process: &Arc<Process>) {
    lane.set_process(Some(Arc::clone(process)));
    shared.running().report.started += 1;
    // A shutdown that came before could not know of this process.
    if shared.stopping() {
        process.kill();
    }
}

fn give_up(shared: &Shared, error: PoolError) {
    let last = {
        let mut running = shared.running();
        running.open_lanes -= 1;
        running.open_lanes == 0
    };
    if last {
        shared.queue.break_down(&Arc::new(error));
    }
}

/// Serves one worker until it ends. Returns how it ended, and whether it was of any use.
fn serve(shared: &Shared, lane: &Lane, link: Link, ready: impl FnOnce()) -> (Death, bool) {
    let start = Instant::now();
    let Link {
        tasks,
        outputs,
        page,
        lifeline,
    } = link;
    open(shared, lane, tasks, &page);
    ready();
    // An error is the end of the worker; a message that makes no sense shall be its end.
    while let Ok(message) = outputs.recv() {
        if !Outputs::read(message).is_some_and(|outputs| store(shared, lane, outputs)) {
            break;
        }
    }
    let received = lane.lock().received;
    let (death, charged) = bury(shared, lane, &page);
    drop(lifeline);
    (death, received > 0 || charged || start.elapsed() > SETTLED)
}

/// From here on the worker gets tasks.
fn open(shared: &Shared, lane: &Lane, tasks: Sender, page: &Arc<Page>) {
    let mut state = lane.lock();
    *state = LaneState {
        tasks: Some(tasks),
        page: Some(Arc::clone(page)),
        ..LaneState::default()
    };
    lane.note_load(&state);
    shared.refill(lane, &mut state, 1);
}

/// Stores results and gives the worker more to do. False if they are not what was asked for.
fn store(shared: &Shared, lane: &Lane, outputs: Outputs) -> bool {
    let (tasks, comes_back) = (outputs.seen.tasks, outputs.rest_comes_back);
    let mut state = lane.lock();
    let Some(mut batch) = state.in_flight.pop_front_if(|batch| tasks <= batch.count) else {
        return false;
    };
    state.received += tasks as u64;
    match batch.split_off(tasks) {
        Some(rest) if comes_back => shared.queue.push_front(rest),
        Some(rest) => state.in_flight.push_front(rest),
        None => {}
    }
    batch.sink.observe(outputs.seen);
    // The worker first: it is about to run dry, the consumer is not.
    lane.note_load(&state);
    shared.refill_fully(lane, &mut state);
    drop(state);
    batch.sink.put(batch.first, Done::Outputs(outputs));
    shared.running().report.tasks += tasks as u64;
    if comes_back {
        shared.dispatch();
    }
    true
}

/// Waits for a worker that has ended, and settles what it leaves behind: the task that it was doing
/// is charged, the others go back to the queue. Returns whether a task was charged.
fn bury(shared: &Shared, lane: &Lane, page: &Page) -> (Death, bool) {
    let left = lane.close();
    let process = lane
        .process()
        .expect("a worker that was served has a process");
    let death = process.reap();
    if shared.stopping() {
        return (death, false);
    }
    shared.running().report.died += 1;
    // Only now, with the process gone, does the page stand still.
    let (finished, running) = page.progress();
    let culprit = finished
        .checked_sub(left.received)
        .filter(|_| running)
        .map(|at| at as usize);
    let charged = settle(shared, left.in_flight, culprit, &death);
    shared.dispatch();
    (death, charged)
}

/// Queues the tasks of a dead worker again, in order and uncharged but for the culprit.
fn settle(
    shared: &Shared,
    batches: VecDeque<Batch>,
    culprit: Option<usize>,
    death: &Death,
) -> bool {
    let mut at = 0;
    let mut again = Vec::new();
    let mut charged = false;
    for mut batch in batches {
        let count = batch.count;
        match culprit
            .and_then(|culprit| culprit.checked_sub(at))
            .filter(|&inside| inside < count)
        {
            None => again.push(batch),
            Some(inside) => {
                let mut task = batch.split_off(inside).expect("it lies inside");
                again.extend((inside > 0).then_some(batch));
                let after = task.split_off(1);
                again.extend(charge(shared, task, death));
                again.extend(after);
                charged = true;
            }
        }
        at += count;
    }
    again
        .into_iter()
        .rev()
        .for_each(|batch| shared.queue.push_front(batch));
    charged
}

/// One more worker died of this task. Returns it if it may try again.
fn charge(shared: &Shared, mut task: Batch, death: &Death) -> Option<Batch> {
    task.deaths += 1;
    if task.deaths <= shared.retries {
        return Some(task);
    }
    let done = Done::Dead {
        death: death.clone(),
        attempts: task.deaths,
    };
    task.sink.put(task.first, done);
    None
}
