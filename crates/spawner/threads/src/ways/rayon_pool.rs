//! A pool of threads that share what there is to do. It comes whole or not at all.

use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};

use crate::meeting::Meeting;
use crate::room::Room;

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let (meeting, room) = (Meeting::default(), Room::look(workers));
    let mut watch = Stopwatch::ask();
    // A pool that is dropped only asks its threads to end. So they are threads of a scope, which waits for them.
    thread::scope(|scope| {
        let (meeting, mut started) = (&meeting, 0);
        let start = |thread: ThreadBuilder| {
            let worker = move || {
                meeting.arrive();
                thread.run();
            };
            room.check()?;
            thread::Builder::new().spawn_scoped(scope, worker)?;
            started += 1;
            room.settle(meeting, started);
            Ok(())
        };
        let builder = ThreadPoolBuilder::new().num_threads(workers as usize);
        match builder.spawn_handler(start).build() {
            Ok(_pool) => {
                watch.ready(workers, meeting.all_here(workers), alive);
                watch.let_go();
            }
            Err(cause) => {
                watch.refused(&cause);
                watch.let_go();
            }
        }
    });
    watch.gone()
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
