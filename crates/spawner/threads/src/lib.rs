//! Starting threads: a worker is a function that runs beside this one.
//!
//! Compare with `spawner-processes`: same order, other primitives.
#![warn(missing_docs)]

mod meeting;
mod room;
mod ways;

use anyhow::{Result, bail};
pub use meeting::Meeting;
use spawner::{Alive, Pair, Started, Way};
use ways::{rayon_pool, scoped_thread, thread, tokio_task};

/// Starts so many workers by `way`, calls `alive` when all of them are ready, and lets them go.
///
/// # Errors
/// If `alive` fails, or there is no runtime.
pub fn start(way: Way, workers: u32, alive: Alive<'_>) -> Result<Started> {
    match way {
        Way::Thread => thread::start(workers, alive),
        Way::ScopedThread => scoped_thread::start(workers, alive),
        Way::RayonPool => rayon_pool::start(workers, alive),
        Way::TokioTask => tokio_task::start(workers, alive),
        other => bail!("{} starts no thread", other.name()),
    }
}

/// Makes ready to do two tasks at a time by `way`: with fresh threads, or by those of a pool that is made here.
///
/// # Errors
/// If that pool cannot be made.
pub fn pair(way: Way) -> Result<Pair> {
    match way {
        Way::Thread => Ok(thread::pair()),
        Way::ScopedThread => Ok(scoped_thread::pair()),
        Way::RayonPool => rayon_pool::pair(),
        Way::TokioTask => tokio_task::pair(),
        other => bail!("{} starts no thread", other.name()),
    }
}
