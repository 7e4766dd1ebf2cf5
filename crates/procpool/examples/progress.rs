//! How far it is: what tasks tell while they run, what happens in the pool, what each worker has done.
//!
//! `cargo run -p procpool --example progress`
//!
//! ```text
//! worker 0: up in 5ms
//! worker 1: up in 4ms
//! 0 of 600 steps
//! 176 of 600 steps
//! 339 of 600 steps
//! worker 1: 1 done
//! 516 of 600 steps
//! worker 0: 1 done
//! 596 of 600 steps
//! worker 1: 1 done
//! worker 0: busy for 351ms
//! worker 1: busy for 411ms
//! worker 1: Stopped
//! worker 0: Stopped
//! 3 tasks
//! ```

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use procpool::{Event, Job, Never, Pool, PoolError, advance, serve};

struct Walk;

impl Job for Walk {
    const NAME: &'static str = "walk";
    type Setup = ();
    type Task = u64;
    type Output = ();
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Walk)
    }

    fn run(&mut self, steps: u64) -> Result<(), Never> {
        for _ in 0..steps {
            thread::sleep(Duration::from_millis(1));
            advance(1); // Costs a few nanoseconds: no message is sent.
        }
        Ok(())
    }
}

/// On a thread of the pool, which waits meanwhile.
fn tell(event: &Event) {
    match event {
        Event::WorkerStarted { worker, took, .. } => println!("worker {worker}: up in {took:.0?}"),
        Event::TasksDone { worker, tasks, .. } => println!("worker {worker}: {tasks} done"),
        Event::WorkerEnded { worker, end, .. } => println!("worker {worker}: {end:?}"),
        _ => {}
    }
}

fn main() -> Result<(), PoolError> {
    serve::<Walk>();

    let pool = Pool::<Walk>::builder()
        .workers(2)
        .on_event(tell)
        .start(())?;
    let walks = [300, 200, 100];
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                println!("{} of {} steps", pool.progress(), walks.iter().sum::<u64>());
                thread::sleep(Duration::from_millis(100));
            }
        });
        assert!(pool.map(walks).all(|result| result.is_ok()));
        done.store(true, Ordering::Relaxed);
    });
    for worker in pool.statistics() {
        println!("worker {}: busy for {:.0?}", worker.worker, worker.busy);
    }
    println!("{} tasks", pool.shutdown()?.tasks);
    Ok(())
}
