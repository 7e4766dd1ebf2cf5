//! A task of a runtime: no thread, but a value that the threads of the runtime go on with whenever there is something
//! to go on with. The runtime is there already: its threads are started before anything is timed.

use std::sync::Arc;

use anyhow::{Context, Result};
use harness::contestant::available_workers;
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use crate::meeting::Meeting;

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let runtime = runtime(available_workers().get())?;
    let meeting = Arc::new(Meeting::default());
    // A task that waits must not keep its thread, so it waits for this, which nobody ever has.
    let over = Arc::new(Semaphore::new(0));
    let mut tasks = Vec::with_capacity(workers as usize);
    let mut watch = Stopwatch::ask();
    for _ in 0..workers {
        let (there, over) = (Arc::clone(&meeting), Arc::clone(&over));
        tasks.push(runtime.spawn(async move {
            there.arrive();
            over.acquire().await.is_err()
        }));
    }
    watch.ready(workers, meeting.all_here(workers), alive);
    watch.let_go();
    over.close();
    let ended = runtime.block_on(async {
        for task in tasks {
            task.await?;
        }
        Ok::<_, JoinError>(())
    });
    let started = watch.gone();
    ended.context("a task has not ended by itself")?;
    started
}

pub(crate) fn pair() -> Result<Pair> {
    let runtime = runtime(2)?;
    Ok(Box::new(move |rounds| {
        let one = runtime.spawn(async move { work(rounds) });
        let other = runtime.spawn(async move { work(rounds) });
        runtime.block_on(async { Ok([one.await?, other.await?]) })
    }))
}

fn runtime(threads: u32) -> Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(threads as usize).build();
    runtime.context("cannot start a runtime of tokio")
}
