//! No-op tasks through procspawn's pool: prints what they took as one line of JSON.
//!
//! `peer-procspawn TASKS WORKERS`; for `scripts/pool_peers.py`.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use procspawn::{JoinHandle, Pool, SpawnError};

/// A task that is not joined yet holds some file descriptors. With some thousand of them, procspawn
/// panics.
const OUTSTANDING: usize = 128;

/// Between two looks for workers that have not answered yet: they should have the processors.
const LOOK: Duration = Duration::from_micros(200);

fn main() -> Result<(), SpawnError> {
    procspawn::init();
    let mut arguments = env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("a number"));
    let tasks = arguments.next().expect("how many tasks");
    let workers = arguments.next().expect("how many workers");

    let clock = Instant::now();
    let pool = Pool::new(workers)?;
    first_results(&pool, workers)?;
    let start = clock.elapsed().as_nanos();

    let clock = Instant::now();
    let results = map(&pool, tasks)?;
    let work = clock.elapsed().as_nanos();
    assert!(
        results.into_iter().eq(0..tasks),
        "a result is missing or wrong"
    );

    let clock = Instant::now();
    pool.shutdown();
    let shutdown = clock.elapsed().as_nanos();

    println!(r#"{{"start_ns":{start},"work_ns":{work},"tasks":{tasks},"shutdown_ns":{shutdown}}}"#);
    Ok(())
}

/// Waits until every worker has given a result.
fn first_results(pool: &Pool, workers: usize) -> Result<(), SpawnError> {
    let mut seen = HashSet::new();
    loop {
        let round: Vec<_> = (0..workers)
            .map(|_| pool.spawn((), |()| process::id()))
            .collect();
        for handle in round {
            seen.insert(handle.join()?);
        }
        if seen.len() >= workers {
            return Ok(());
        }
        thread::sleep(LOOK);
    }
}

/// The results of all tasks in their order.
fn map(pool: &Pool, tasks: usize) -> Result<Vec<usize>, SpawnError> {
    let mut results = Vec::with_capacity(tasks);
    let mut waiting: VecDeque<JoinHandle<usize>> = VecDeque::with_capacity(OUTSTANDING);
    for number in 0..tasks {
        if waiting.len() == OUTSTANDING
            && let Some(oldest) = waiting.pop_front()
        {
            results.push(oldest.join()?);
        }
        waiting.push_back(pool.spawn(number, |number| number));
    }
    for handle in waiting {
        results.push(handle.join()?);
    }
    Ok(results)
}
