//! Workers that grow old are replaced, by tasks or by memory, and the pool grows and shrinks in use.
//!
//! `cargo run -p procpool --example recycling`
//!
//! ```text
//! no limit: 300 tasks by 4 processes, 0 recycled, the largest of 179 MiB
//! 10 tasks each: 300 tasks by 32 processes, 28 recycled, the largest of 12 MiB
//! 32 MiB each: 300 tasks by 10 processes, 6 recycled, the largest of 40 MiB
//! ```

use std::collections::BTreeSet;
use std::time::Duration;
use std::{process, thread};

use procpool::{Builder, Job, Never, Pool, PoolError, serve};

/// Keeps 1 MiB of every task, as a library with a leak does.
#[derive(Default)]
struct Leaky(Vec<Vec<u8>>);

impl Job for Leaky {
    const NAME: &'static str = "leaky";
    type Setup = ();
    type Task = u8;
    type Output = u32;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Leaky::default())
    }

    fn run(&mut self, fill: u8) -> Result<u32, Never> {
        self.0.push(vec![fill; 1 << 20]);
        thread::sleep(Duration::from_millis(5));
        Ok(process::id())
    }
}

fn use_pool(what: &str, builder: Builder<Leaky>) -> Result<(), PoolError> {
    let pool = builder.start(())?;
    // As long as the pool is used, its size can change.
    let mut processes = BTreeSet::new();
    for workers in [1, 4, 2] {
        pool.resize(workers)?;
        processes.extend(pool.map([7; 100]).filter_map(Result::ok));
    }
    let report = pool.shutdown()?;
    let largest = report.workers.iter().filter_map(|w| w.peak_memory).max();
    println!(
        "{what}: 300 tasks by {} processes, {} recycled, the largest of {} MiB",
        processes.len(),
        report.recycled,
        largest.unwrap_or_default() >> 20
    );
    Ok(())
}

fn main() -> Result<(), PoolError> {
    serve::<Leaky>();

    let builder = || Pool::<Leaky>::builder().workers(2);
    use_pool("no limit", builder())?;
    use_pool("10 tasks each", builder().max_tasks_per_worker(10))?;
    // Looked at every 50 ms, between two tasks: it may be a little more.
    use_pool("32 MiB each", builder().max_memory_per_worker(32 << 20))
}
