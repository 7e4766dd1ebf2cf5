//! A pool of processes: `posix_spawn` too, and then channels, shared memory and somebody who watches. It comes whole or
//! not at all.

use anyhow::{Result, ensure};
use harness::contestant::now_ns;
use procpool::{Job, Never, Pool, PoolError};
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};

/// What the workers of a pool do.
pub struct Work;

impl Job for Work {
    const NAME: &'static str = "work";
    type Setup = ();
    type Task = u64;
    type Output = u64;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Self)
    }

    fn run(&mut self, rounds: u64) -> Result<u64, Never> {
        Ok(work(rounds))
    }
}

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let mut watch = Stopwatch::ask();
    // Returns when all of them are ready for tasks.
    let pool = match pool(workers) {
        Ok(pool) => pool,
        Err(cause) => return watch.none_came(&cause),
    };
    let now = now_ns();
    let came = pool.worker_ids().len();
    ensure!(
        came == workers as usize,
        "{came} of {workers} workers of a pool take tasks"
    );
    watch.ready(workers, now, alive);
    watch.let_go();
    pool.shutdown()?;
    watch.gone()
}

pub(crate) fn pair() -> Result<Pair> {
    let pool = pool(2)?;
    Ok(Box::new(move |rounds| {
        let (one, other) = (pool.submit(rounds), pool.submit(rounds));
        Ok([one.wait()?, other.wait()?])
    }))
}

fn pool(workers: u32) -> Result<Pool<Work>, PoolError> {
    let builder = Pool::builder().workers(workers as usize);
    builder.retries(0).start(())
}
