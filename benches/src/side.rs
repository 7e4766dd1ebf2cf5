//! Something that can be timed.

use std::time::{Duration, Instant};

use anyhow::Result;

/// One way to do something, with all that it needs already made: a pool that is started, a child that
/// has connected, a buffer that is warm. Dropping it ends its processes.
pub struct Side(Box<dyn FnMut(u64) -> Result<Duration>>);

impl Side {
    /// A side whose iterations are timed as one.
    pub(crate) fn whole(mut iteration: impl FnMut() -> Result<()> + 'static) -> Self {
        Self(Box::new(move |iterations| {
            let clock = Instant::now();
            for _ in 0..iterations {
                iteration()?;
            }
            Ok(clock.elapsed())
        }))
    }

    /// A side whose iterations say themselves how long they took, because they do something before or
    /// after that does not count. Not for less than some microseconds: each reads the clock.
    pub(crate) fn parts(mut iteration: impl FnMut() -> Result<Duration> + 'static) -> Self {
        Self(Box::new(move |iterations| {
            (0..iterations).map(|_| iteration()).sum()
        }))
    }

    /// Does it so many times. Returns the time of all of them together.
    ///
    /// # Errors
    /// If it fails, or gives a wrong result.
    pub fn run(&mut self, iterations: u64) -> Result<Duration> {
        (self.0)(iterations)
    }
}
