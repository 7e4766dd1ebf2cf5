//! What becomes of the tasks of a worker that has ended.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::batch::Batch;
use super::done::{Done, Loss};
use super::lane::{Lane, Verdict, Worker};
use super::shared::{Shared, take_out};
use crate::error::{Death, WorkerEnd};
use crate::event::Ended;
use crate::process::child::Process;
use crate::wire::page::Progress;

/// Waits for a worker that has ended, and settles what it leaves behind. Returns how it ended, and
/// whether a task was charged.
pub(crate) fn bury(shared: &Shared, lane: &Lane, process: &Process) -> (Ended, bool) {
    let worker = {
        let mut state = lane.lock();
        let worker = state.worker.take();
        // At once, so that progress never goes back.
        state.tally.units += worker.as_ref().map_or(0, |worker| worker.page.units());
        lane.note_load(&state);
        worker
    };
    let broken = worker.as_ref().is_some_and(|worker| worker.broken);
    let (death, usage) = if broken {
        process.put_down()
    } else {
        process.reap()
    };
    let mut state = lane.lock();
    state.tally.cpu_ns += usage.map_or(0, |usage| usage.cpu_ns);
    let Some(mut worker) = worker else {
        return (Ended::Died(death), false);
    };
    let noted = worker.page.usage();
    let seen = usage.unwrap_or_default();
    state.tally.cpu_ns += noted.cpu_ns.saturating_sub(seen.cpu_ns);
    state.tally.peak = state.tally.peak.max(noted.peak);
    let in_flight = std::mem::take(&mut worker.in_flight);
    if shared.stopping() {
        drop(state);
        in_flight.iter().for_each(cancel);
        return (Ended::Stopped, false);
    }
    let in_order = !worker.is_open() && death.end == WorkerEnd::Exited(0);
    if in_flight.is_empty() && in_order && worker.recycled {
        state.tally.recycled += 1;
        return (Ended::Recycled, true);
    }
    // Also one that was called off while it was just getting ready.
    if in_flight.is_empty() && lane.leaving() {
        return (Ended::Stopped, true);
    }
    state.tally.died += 1;
    drop(state);
    let charged = settle(shared, &worker, in_flight, &death);
    shared.dispatch(false);
    (Ended::Died(death), charged)
}

fn cancel(batch: &Batch) {
    let (count, loss) = (batch.count, Loss::Cancelled);
    batch.sink.put(batch.first, Done::Lost { count, loss });
}

/// Queues the tasks of a dead worker again, in order and uncharged but for the one that it died of.
/// Returns whether any was under suspicion.
fn settle(shared: &Shared, worker: &Worker, mut batches: VecDeque<Batch>, death: &Death) -> bool {
    let suspects = suspects(worker, death);
    let mut suspects = take_out(&mut batches, suspects.start, suspects.end);
    let mut again = Vec::from(batches);
    let count: u64 = suspects.iter().map(|batch| batch.count).sum();
    if let Some(task) = suspects.pop_if(|_| count == 1) {
        again.extend(charge(shared, worker, task, death));
    } else {
        // Nobody knows which it was. Each is tried again without company, and then one knows.
        again.extend(suspects.into_iter().flat_map(Batch::apart));
    }
    again.sort_by_key(|batch| batch.number);
    shared.queue_again(again);
    count > 0
}

/// The numbers of the tasks that the worker may have died of.
fn suspects(worker: &Worker, death: &Death) -> Range<u64> {
    // Only now, with the process gone, does the page stand still.
    let Progress { task, running } = worker.page.progress();
    let begun = task + u64::from(running);
    let by_itself = death.end != WorkerEnd::Broken;
    if worker.verdict.is_some() || (running && by_itself) {
        // It died while it was doing this one.
        task..begun
    } else {
        // Channels were shut, nonsense was sent, or the end came while outputs were: any task whose
        // output has not arrived may have brought it about, and returned.
        worker.settled..begun
    }
}

/// The worker died of this task. Returns the task if it is to be tried again.
fn charge(shared: &Shared, worker: &Worker, mut task: Batch, death: &Death) -> Option<Batch> {
    let (options, pid) = (&shared.options, worker.pid);
    let loss = match worker.verdict {
        // We killed the worker, and for another task, which was done just in time.
        Some((number, _)) if number != task.number => return Some(task),
        Some((_, Verdict::Cancelled)) => Loss::Cancelled,
        Some((_, Verdict::TimedOut)) => Loss::TimedOut {
            pid,
            limit: options.task_timeout.unwrap_or_default(),
        },
        None => {
            task.deaths += 1;
            task.alone = true;
            if task.deaths <= options.retries {
                return Some(task);
            }
            Loss::Dead {
                death: death.clone(),
                attempts: task.deaths,
            }
        }
    };
    Arc::clone(&task.sink).put(task.first, Done::lost(loss));
    None
}
