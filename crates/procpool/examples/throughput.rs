//! What a task costs when the task itself costs nothing, or as much as asked for.
//!
//! `cargo run --release -p procpool --example throughput -- [--json] [TASKS] [MICROSECONDS] [WORKERS]`
//!
//! With `--json`, one line for programs: nanoseconds until the first result of each worker, of the
//! tasks, and of the shutdown.

use std::env;
use std::time::{Duration, Instant};

use procpool::{Job, Never, Pool, PoolError, serve};

struct Busy(Duration);

impl Job for Busy {
    const NAME: &'static str = "busy";
    type Setup = Duration;
    type Task = u64;
    type Output = u64;
    type Error = Never;

    fn new(each: Duration) -> Result<Self, Never> {
        Ok(Busy(each))
    }

    fn run(&mut self, number: u64) -> Result<u64, Never> {
        if !self.0.is_zero() {
            let start = Instant::now();
            while start.elapsed() < self.0 {}
        }
        Ok(number)
    }
}

fn main() -> Result<(), PoolError> {
    serve::<Busy>();
    let (options, numbers): (Vec<_>, Vec<_>) = env::args()
        .skip(1)
        .partition(|argument| argument == "--json");
    let mut numbers = numbers
        .iter()
        .map(|argument| argument.parse().expect("a number"));
    let tasks: u64 = numbers.next().unwrap_or(1_000_000);
    let each = Duration::from_micros(numbers.next().unwrap_or(0));
    let workers = numbers.next().unwrap_or(2);

    let clock = Instant::now();
    let pool = Pool::<Busy>::builder()
        .workers(workers as usize)
        .start(each)?;
    // Single tasks: each goes to an idle worker.
    assert!(pool.map(0..workers).all(|result| result.is_ok()));
    let start = clock.elapsed();

    let clock = Instant::now();
    let results = pool.map(0..tasks).zip(0..tasks);
    let right = results.filter(|(result, task)| result.as_ref().is_ok_and(|n| n == task));
    assert_eq!(right.count() as u64, tasks, "an output is missing or wrong");
    let work = clock.elapsed();

    let clock = Instant::now();
    pool.shutdown()?;
    let shutdown = clock.elapsed();

    if !options.is_empty() {
        println!(
            "{{\"start_ns\":{},\"work_ns\":{},\"tasks\":{tasks},\"shutdown_ns\":{}}}",
            start.as_nanos(),
            work.as_nanos(),
            shutdown.as_nanos()
        );
        return Ok(());
    }
    let per_task = work.as_nanos() as f64 / tasks as f64;
    println!("start {start:.1?}, {tasks} tasks {work:.1?}, shutdown {shutdown:.1?}");
    println!("{per_task:.0} ns a task");
    if !each.is_zero() {
        let ideal = each * tasks as u32 / workers as u32;
        let ratio = work.as_secs_f64() / ideal.as_secs_f64();
        println!("{ratio:.3} times the ideal {ideal:.1?}");
    }
    Ok(())
}
