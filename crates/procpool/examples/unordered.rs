//! Results as they come, each with the position of its task: one that takes long holds nobody up.
//!
//! `cargo run -p procpool --example unordered`
//!
//! ```text
//! 101ms: task 1, a nap of 100 ms, is over
//! 162ms: task 2, a nap of 60 ms, is over
//! 242ms: task 3, a nap of 80 ms, is over
//! 262ms: task 4, a nap of 20 ms, is over
//! 400ms: task 0, a nap of 400 ms, is over
//! ```

use std::thread;
use std::time::{Duration, Instant};

use procpool::{Job, Never, Pool, PoolError, serve};

struct Nap;

impl Job for Nap {
    const NAME: &'static str = "nap";
    type Setup = ();
    type Task = u64;
    type Output = ();
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Nap)
    }

    fn run(&mut self, millis: u64) -> Result<(), Never> {
        thread::sleep(Duration::from_millis(millis));
        Ok(())
    }
}

fn main() -> Result<(), PoolError> {
    serve::<Nap>();

    let pool = Pool::<Nap>::builder().workers(2).start(())?;
    let naps = [400, 100, 60, 80, 20];
    let start = Instant::now();
    for (index, result) in pool.map_unordered(naps) {
        let (nap, now) = (naps[index as usize], start.elapsed());
        match result {
            Ok(()) => println!("{now:5.0?}: task {index}, a nap of {nap} ms, is over"),
            Err(error) => println!("{now:5.0?}: task {index}: {error}"),
        }
    }
    Ok(())
}
