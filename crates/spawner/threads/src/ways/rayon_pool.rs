//! A pool of threads that share what there is to do. It comes whole or not at all.

use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};

use crate::meeting::Meeting;

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let meeting = Meeting::default();
    let mut watch = Stopwatch::ask();
    let worker = |thread: ThreadBuilder| {
        meeting.arrive();
        thread.run();
    };
    let in_use = |_: &ThreadPool| {
        watch.ready(workers, meeting.all_here(workers), alive);
        watch.let_go();
        // From here on the pool goes down.
    };
    // A pool that is dropped only asks its threads to end. One that is built in a scope waits for them.
    let pool = ThreadPoolBuilder::new().num_threads(workers as usize);
    match pool.build_scoped(worker, in_use) {
        Ok(()) => watch.gone(),
        Err(cause) => watch.none_came(&cause),
    }
}

pub(crate) fn pair() -> Result<Pair> {
    let pool = Pool::new()?;
    Ok(Box::new(move |rounds| {
        let pool = pool.pool.as_ref();
        let pool = pool.context("the pool is there until it is dropped")?;
        let (one, other) = pool.join(|| work(rounds), || work(rounds));
        Ok([one, other])
    }))
}

/// A pool that is used for as long as one likes, and is waited for when it is dropped.
struct Pool {
    pool: Option<ThreadPool>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    fn new() -> Result<Self> {
        let mut threads = Vec::new();
        let start = |thread: ThreadBuilder| {
            threads.push(thread::Builder::new().spawn(|| thread.run())?);
            Ok(())
        };
        let builder = ThreadPoolBuilder::new().num_threads(2);
        let pool = builder.spawn_handler(start).build()?;
        Ok(Self {
            pool: Some(pool),
            threads,
        })
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        drop(self.pool.take());
        for thread in self.threads.drain(..) {
            // A panic of a worker is one of rayon's, which has ended the program by then.
            drop(thread.join());
        }
    }
}
