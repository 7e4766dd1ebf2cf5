//! From nothing to workers that have done something, and back.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::bare::{Process, meet};
use crate::{Side, WORKERS, no_op};

/// What is timed. The rest is done too, outside of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The first result is there; or, without a pool, every process has connected.
    Ready,
    /// All processes have ended, and were waited for.
    End,
}

/// A pool with the first result of a map of as many tasks as workers.
///
/// # Errors
/// Never; as the others.
pub fn pool(until: Until) -> Result<Side> {
    Ok(Side::parts(move || {
        let clock = Instant::now();
        let pool = no_op::pool(WORKERS)?;
        let first = pool.map(0..WORKERS as u64).next();
        let ready = clock.elapsed();
        first.context("no result")??;
        pool.shutdown()?;
        Ok(match until {
            Until::Ready => ready,
            Until::End => clock.elapsed(),
        })
    }))
}

/// As many processes, each of which connects once, and ends.
///
/// # Errors
/// Never; as the others.
pub fn bare(until: Until) -> Result<Side> {
    Ok(Side::parts(move || {
        let clock = Instant::now();
        let processes = meet(WORKERS)?;
        let ready = clock.elapsed();
        processes.into_iter().try_for_each(Process::wait)?;
        Ok(match until {
            Until::Ready => ready,
            Until::End => clock.elapsed(),
        })
    }))
}
