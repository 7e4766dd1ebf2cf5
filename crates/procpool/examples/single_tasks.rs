//! Tasks handed in one by one: each has a handle to wait by, with patience or without, and to cancel.
//!
//! `cargo run -p procpool --example single_tasks`
//!
//! ```text
//! bread, baked for 30 ms
//! bread, baked for 20 ms
//! bread, baked for 10 ms
//! not after 100 ms: cancelled
//! cancelled
//! bread, baked for 5 ms
//! ```

use std::error::Error;
use std::thread;
use std::time::Duration;

use procpool::{Job, Never, Pool, serve};

/// Bakes for so many milliseconds.
struct Oven;

impl Job for Oven {
    const NAME: &'static str = "oven";
    type Setup = ();
    type Task = u64;
    type Output = String;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Oven)
    }

    fn run(&mut self, millis: u64) -> Result<String, Never> {
        thread::sleep(Duration::from_millis(millis));
        Ok(format!("bread, baked for {millis} ms"))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    serve::<Oven>();

    let pool = Pool::<Oven>::builder().workers(2).start(())?;
    // `submit` never blocks. What no worker has time for yet waits in the pool.
    let handles: Vec<_> = [30, 20, 10].map(|millis| pool.submit(millis)).into();
    for handle in handles {
        println!("{}", handle.wait()?);
    }

    let forgotten = pool.submit(3_600_000);
    match forgotten.wait_timeout(Duration::from_millis(100)) {
        Ok(result) => println!("{}", result?),
        // Not done yet: the handle comes back.
        Err(handle) => {
            println!("not after 100 ms: cancelled");
            // The task is running, so its worker is killed and replaced.
            handle.cancel();
            println!("{}", handle.wait().unwrap_err());
        }
    }
    println!("{}", pool.submit(5).wait()?);
    Ok(())
}
