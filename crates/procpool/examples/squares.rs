//! The smallest use of a pool: squares, computed by other processes.
//!
//! `cargo run -p procpool --example squares`

use procpool::{Job, Never, Pool, PoolError, serve};

struct Squares;

impl Job for Squares {
    const NAME: &'static str = "squares";
    type Setup = ();
    type Task = u64;
    type Output = (u64, u32);
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Squares)
    }

    fn run(&mut self, number: u64) -> Result<(u64, u32), Never> {
        assert!(number != 3, "three is too much for me");
        Ok((number * number, std::process::id()))
    }
}

fn main() -> Result<(), PoolError> {
    // Worker processes are this very program: for them, `main` ends here.
    serve::<Squares>();

    let pool = Pool::<Squares>::builder().workers(2).start(())?;
    for result in pool.map(1..=6) {
        match result {
            Ok((square, worker)) => println!("{square:3} from process {worker}"),
            Err(error) => println!("no square for {}: {error}", error.task),
        }
    }
    let report = pool.shutdown()?;
    println!("{} tasks, {} processes", report.tasks, report.started);
    Ok(())
}
