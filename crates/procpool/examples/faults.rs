//! What tasks can do to their workers, and what comes of it: an error each, and nothing to the others.
//!
//! `cargo run -p procpool --example faults`
//!
//! ```text
//! 2
//! Divide(1, 0): task panicked at crates/procpool/examples/faults.rs:59:5: attempt to divide by zero
//!   10: faults::divide
//!              at ./crates/procpool/examples/faults.rs:59:5
//!   11: <faults::Calculator as procpool::job::Job>::run
//!              at ./crates/procpool/examples/faults.rs:49:38
//! Abort: given up after 3 attempts; last: worker 24296 was killed by signal 6 (SIGABRT)
//! Hang: timed out after 300ms; worker 24285 was killed
//! 4
//! 4 workers died
//! ```
//!
//! What a worker writes, the usual message of a panic for one, appears on standard error besides.

use std::process;
use std::time::Duration;

use procpool::{Cause, Job, Never, Pool, PoolError, serve};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
enum Task {
    Divide(u32, u32),
    /// What a bug in a C library does, or the system when memory runs out.
    Abort,
    Hang,
}

struct Calculator;

impl Job for Calculator {
    const NAME: &'static str = "calculator";
    type Setup = ();
    type Task = Task;
    type Output = u32;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Calculator)
    }

    fn run(&mut self, task: Task) -> Result<u32, Never> {
        match task {
            Task::Divide(a, b) => Ok(divide(a, b)),
            Task::Abort => process::abort(),
            Task::Hang => loop {
                std::thread::park();
            },
        }
    }
}

fn divide(a: u32, b: u32) -> u32 {
    a / b
}

fn main() -> Result<(), PoolError> {
    serve::<Calculator>();

    let pool = Pool::<Calculator>::builder()
        .workers(2)
        .retries(2) // A task that ends its worker is tried again so often; it may not be to blame.
        .task_timeout(Duration::from_millis(300))
        .start(())?;
    let tasks = [
        Task::Divide(6, 3),
        Task::Divide(1, 0),
        Task::Abort,
        Task::Hang,
        Task::Divide(8, 2),
    ];
    for result in pool.map(tasks) {
        match result {
            Ok(output) => println!("{output}"),
            // The task comes back with the error.
            Err(error) => {
                println!("{:?}: {error}", error.task);
                if let Cause::Panicked { backtrace, .. } = error.cause {
                    println!("{}", backtrace.unwrap_or_default());
                }
            }
        }
    }
    println!("{} workers died", pool.shutdown()?.died);
    Ok(())
}
