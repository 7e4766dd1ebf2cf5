//! Counting with processes: they have no memory in common but what they map together.
//!
//! Compare with `counter-threads`: same order, other primitives.
#![cfg(unix)]
#![warn(missing_docs)]

mod death;
pub mod mechanisms;
pub mod shared;
mod worker;

use std::panic::resume_unwind;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use anyhow::{Context, Result};
use counter::mechanisms as alike;
use counter::{Counted, Mechanism, Plan, Report, SharedFile, Task, TaskError, all};
pub use death::{DieTogether, die};
use harness::contestant::Stamp;
use ipc_channel::ipc::IpcSender;
use mechanisms::{channel, mutex, own_copy, rwlock};
use procpool::{Handle, Pool};
use shared::{Region, Shared};
pub use worker::CountTogether;
use worker::{Assignment, results};

/// Counts by each mechanism of `plan` on as many processes as it says, and tells `report`.
///
/// # Errors
/// If the processes cannot be started, or one of them fails.
pub fn run(plan: &Plan, report: &mut Report) -> Result<()> {
    // Processes have no memory in common: this is made here, and mapped by each of them.
    let (region, mut file) = Region::make(plan)?;
    // A worker is this program once more, which ends with this one.
    let pool = Pool::<CountTogether>::builder()
        .workers(plan.workers.get() as usize)
        .retries(0)
        .start(file.path().to_owned())
        .with_context(|| format!("cannot start {} processes", plan.workers))?;
    file.unlink();
    for &mechanism in &plan.mechanisms {
        region.shared().memory.clear();
        count_by(mechanism, plan, &pool, region.shared(), report)?;
    }
    report.work_done();
    pool.shutdown()?;
    Ok(())
}

/// All workers count by `mechanism`.
fn count_by(
    mechanism: Mechanism,
    plan: &Plan,
    pool: &Pool<CountTogether>,
    shared: &Shared,
    report: &mut Report,
) -> Result<()> {
    let lock = SharedFile::to_lock(mechanism, plan)?;
    let meeting = (mechanism == Mechanism::Channel)
        .then(|| channel::Meeting::new(plan.workers.get()))
        .transpose()?;
    let start = |task: Task| {
        let names = meeting.as_ref().map(channel::Meeting::names);
        let owner = names.map(|names| names[task.worker as usize].clone());
        pool.submit(Assignment { task, owner })
    };
    let tasks = plan.tasks(mechanism, lock.as_ref().map(SharedFile::path));
    let processes: Vec<_> = tasks.into_iter().map(start).collect();
    let is_lost = || processes.iter().any(Handle::is_done);
    let told = meeting.map(|meeting| meeting.hold(is_lost)).transpose();

    // They are let go when all are there.
    let gate = &shared.memory.gate.0;
    if told.is_err() {
        gate.call_off();
    }
    let opened = gate.open(plan.workers.get(), is_lost);
    report.workers_ready();
    // What a process gives back is sent through a channel. One that has died comes back here as an error, and then
    // the others are ended, whom the owner would listen to.
    let (results, (sent, owner)) = thread::scope(|scope| {
        let own = || told.and_then(|told| told.as_ref().map_or(Ok(0), channel::own));
        let owner = scope.spawn(|| Stamp::of(own));
        let results = results(processes);
        let owned = owner.join().unwrap_or_else(|panic| resume_unwind(panic));
        (results, owned)
    });
    let counted = all(results?)?;
    opened?;

    // What they have counted lies in the memory that they have mapped.
    let (total, owner_end) = match mechanism {
        Mechanism::OwnCopy => (own_copy::total(), None),
        Mechanism::Channel => (sent?, Some(owner.end_ns())),
        Mechanism::Mutex | Mechanism::RwLock => (shared.memory.count.0.load(Relaxed), None),
        Mechanism::Alike(one) => (alike::total(one, &shared.memory), None),
    };
    report.take(plan, mechanism, total, &counted, owner_end);
    Ok(())
}

/// Counts, with `critical` work at each increment, as soon as all workers are there.
fn count(
    task: &Task,
    shared: &Shared,
    owner: Option<&IpcSender<u64>>,
    critical: impl Fn(),
) -> Result<Counted, TaskError> {
    let (gate, times) = (&shared.memory.gate.0, task.times);
    let count = &shared.memory.count.0;
    match task.mechanism {
        Mechanism::OwnCopy => task.at(gate, || own_copy::count(times, critical)),
        Mechanism::Mutex => task.try_at(gate, || {
            mutex::count(&shared.robust, count, times, critical)
        }),
        Mechanism::RwLock => task.try_at(gate, || {
            rwlock::count(&shared.rwlock, count, times, critical)
        }),
        Mechanism::Channel => {
            let owner = owner.ok_or_else(|| task.failed(&"no owner of the count was named"))?;
            task.try_at(gate, || channel::count(owner, times, critical))
        }
        Mechanism::Alike(one) => {
            let lock = task.lock_file()?;
            task.try_at(gate, || {
                alike::count(one, &shared.memory, task, lock.as_ref(), critical)
            })
        }
    }
}
