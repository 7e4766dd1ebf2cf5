//! Starting processes: a worker is a program that runs beside this one.
//!
//! Compare with `spawner-threads`: same order, other primitives.
#![cfg(unix)]
#![warn(missing_docs)]

mod forked;
mod meeting;
mod ways;

use anyhow::{Result, bail};
pub use meeting::{Called, Meeting};
use spawner::{Alive, Pair, Started, Way};
pub use ways::procpool::Work;
pub use ways::spawn::serve;
use ways::{fork, procpool, spawn};

/// Starts so many workers by `way`, calls `alive` when all of them are ready, and lets them go.
///
/// # Errors
/// If `alive` fails, or a worker dies before it is ready.
pub fn start(way: Way, workers: u32, alive: Alive<'_>) -> Result<Started> {
    match way {
        Way::Fork => fork::start(workers, alive),
        Way::Spawn => spawn::start(workers, alive),
        Way::Procpool => procpool::start(workers, alive),
        other => bail!("{} starts no process", other.name()),
    }
}

/// Makes ready to do two tasks at a time by `way`: with fresh processes, or by those of a pool that is made here.
///
/// # Errors
/// If that pool cannot be made.
pub fn pair(way: Way) -> Result<Pair> {
    match way {
        Way::Fork => Ok(fork::pair()),
        Way::Spawn => Ok(spawn::pair()),
        Way::Procpool => procpool::pair(),
        other => bail!("{} starts no process", other.name()),
    }
}
