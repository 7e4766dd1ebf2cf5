//! Tasks that cost nothing, so that what is left is the price of handing them out.

use std::hint::black_box;
use std::sync::mpsc;
use std::thread;

use anyhow::{Result, ensure};
use procpool::{Job, Never, Pool, TaskError};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::{Side, WORKERS};

/// Tasks in one iteration of each side.
pub const TASKS: u64 = 1_000_000;

/// Gives back the number that it is given.
pub struct NoOp;

impl Job for NoOp {
    const NAME: &'static str = "no-op";
    type Setup = ();
    type Task = u64;
    type Output = u64;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Self)
    }

    fn run(&mut self, number: u64) -> Result<u64, Never> {
        Ok(no_op(number))
    }
}

fn no_op(number: u64) -> u64 {
    black_box(number)
}

/// A pool for the job.
///
/// # Errors
/// If it cannot be started.
pub fn pool(workers: usize) -> Result<Pool<NoOp>> {
    Ok(Pool::<NoOp>::builder().workers(workers).start(())?)
}

/// procpool's ordered map.
///
/// # Errors
/// If the pool cannot be started.
pub fn map() -> Result<Side> {
    let pool = pool(WORKERS)?;
    Ok(Side::whole(move || check(pool.map(0..TASKS))))
}

/// procpool's map in the order in which tasks are done.
///
/// # Errors
/// If the pool cannot be started.
pub fn map_unordered() -> Result<Side> {
    let pool = pool(WORKERS)?;
    Ok(Side::whole(move || {
        check(pool.map_unordered(0..TASKS).map(|(_, output)| output))
    }))
}

/// rayon's map, its outputs collected in order.
///
/// # Errors
/// If the threads cannot be started.
pub fn rayon() -> Result<Side> {
    let pool = ThreadPoolBuilder::new().num_threads(WORKERS).build()?;
    Ok(Side::whole(move || {
        let tasks = (0..TASKS as usize).into_par_iter();
        let outputs = pool.install(|| tasks.map(|number| no_op(number as u64)).collect::<Vec<_>>());
        check(outputs.into_iter().map(Ok))
    }))
}

/// Two threads and the standard library's channels: one task there, one output back.
///
/// # Errors
/// Never; as the others.
pub fn mpsc() -> Result<Side> {
    Ok(Side::whole(|| {
        let (tasks, inbox) = mpsc::channel();
        let (outbox, outputs) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut outputs = inbox.into_iter().map(no_op);
                outputs.try_for_each(|output| outbox.send(output))
            });
            // Without a bound, so that this thread need not receive before it has sent them all.
            (0..TASKS).try_for_each(|number| tasks.send(number))?;
            drop(tasks);
            check(outputs.into_iter().map(Ok))
        })
    }))
}

/// Every output must be there.
fn check(outputs: impl Iterator<Item = Result<u64, TaskError<NoOp>>>) -> Result<()> {
    let (mut count, mut sum) = (0, 0);
    for output in outputs {
        count += 1;
        sum += output?;
    }
    ensure!(
        count == TASKS && sum == TASKS * (TASKS - 1) / 2,
        "{count} outputs of {TASKS}, or wrong ones"
    );
    Ok(())
}
