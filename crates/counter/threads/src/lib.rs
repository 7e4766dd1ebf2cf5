//! Counting with threads: they have all memory in common, whether they want it or not.
//!
//! Compare with `counter-processes`: same order, other primitives.
#![warn(missing_docs)]

pub mod data_race;
mod death;
pub mod mechanisms;
mod sync;

use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, Result};
use counter::mechanisms as alike;
use counter::{
    Counted, Mechanism, Memory, Plan, Report, SharedFile, Task, TaskError, all, critical,
};
pub use death::die;
use harness::contestant::Stamp;
use mechanisms::{channel, mutex, own_copy, rwlock};

/// What all threads count in.
struct Shared {
    /// On the heap: a reference to it means the same in every thread.
    memory: Box<Memory>,
    /// The count is in the lock, and cannot be reached without it.
    mutex: Mutex<u64>,
    rwlock: RwLock<u64>,
}

/// Counts by each mechanism of `plan` on as many threads as it says, and tells `report`.
///
/// # Errors
/// If the threads cannot be started, or one of them fails.
pub fn run(plan: &Plan, report: &mut Report) -> Result<()> {
    for &mechanism in &plan.mechanisms {
        count_by(mechanism, plan, report)?;
    }
    report.work_done();
    Ok(())
}

/// All workers count by `mechanism`.
fn count_by(mechanism: Mechanism, plan: &Plan, report: &mut Report) -> Result<()> {
    // Threads have all memory in common: what is made here is there for all of them.
    let shared = Shared {
        memory: Memory::new(),
        mutex: Mutex::new(0),
        rwlock: RwLock::new(0),
    };
    let lock = SharedFile::to_lock(mechanism, plan)?;
    let (owner, told) = sync_channel(channel::BOUND);
    thread::scope(|scope| {
        // A worker is a function that runs beside this one, and ends before it does.
        let gate = &shared.memory.gate.0;
        let start = |task: Task| {
            let (shared, owner) = (&shared, owner.clone());
            thread::Builder::new().spawn_scoped(scope, move || worker(&task, shared, &owner))
        };
        let tasks = plan.tasks(mechanism, lock.as_ref().map(SharedFile::path));
        let threads: Result<Vec<_>, _> = tasks.into_iter().map(start).collect();
        let threads = threads
            .inspect_err(|_| gate.call_off())
            .with_context(|| format!("cannot start {} threads: start fewer", plan.workers))?;
        drop(owner);

        // They are let go when all are there.
        let opened = gate.open(plan.workers.get(), || {
            threads.iter().any(ScopedJoinHandle::is_finished)
        });
        report.workers_ready();
        let (sent, owner) = Stamp::of(|| channel::own(&told));

        // What a thread gives back stays where it is in memory. A panic would come back here as well.
        let joined = |thread: ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        let counted = all(threads.into_iter().map(joined).collect())?;
        opened?;

        // What they have counted lies in memory, too.
        let (total, owner_end) = match mechanism {
            Mechanism::OwnCopy => (own_copy::total(), None),
            Mechanism::Mutex => (
                *shared.mutex.lock().unwrap_or_else(PoisonError::into_inner),
                None,
            ),
            Mechanism::RwLock => (
                *shared.rwlock.read().unwrap_or_else(PoisonError::into_inner),
                None,
            ),
            Mechanism::Channel => (sent, Some(owner.end_ns())),
            Mechanism::Alike(one) => (alike::total(one, &shared.memory), None),
        };
        report.take(plan, mechanism, total, &counted, owner_end);
        Ok(())
    })
}

/// What one worker does.
fn worker(task: &Task, shared: &Shared, owner: &SyncSender<u64>) -> Result<Counted, TaskError> {
    match task.rounds {
        0 => count(task, shared, owner, || ()),
        rounds => count(task, shared, owner, || critical::work(rounds)),
    }
}

/// Counts, with `critical` work at each increment, as soon as all workers are there.
fn count(
    task: &Task,
    shared: &Shared,
    owner: &SyncSender<u64>,
    critical: impl Fn(),
) -> Result<Counted, TaskError> {
    let (gate, times) = (&shared.memory.gate.0, task.times);
    match task.mechanism {
        Mechanism::OwnCopy => task.at(gate, || own_copy::count(times, critical)),
        Mechanism::Mutex => task.at(gate, || mutex::count(&shared.mutex, times, critical)),
        Mechanism::RwLock => task.at(gate, || rwlock::count(&shared.rwlock, times, critical)),
        Mechanism::Channel => task.try_at(gate, || channel::count(owner, times, critical)),
        Mechanism::Alike(one) => {
            let lock = task.lock_file()?;
            task.try_at(gate, || {
                alike::count(one, &shared.memory, task, lock.as_ref(), critical)
            })
        }
    }
}
