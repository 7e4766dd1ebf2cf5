//! Memory that makes this process a large one.

use anyhow::{Result, bail};
use bytesize::ByteSize;
use harness::measure::memory;

/// How much of the memory that is free may be taken.
const SHARE: f64 = 0.8;

/// So many bytes, each page of them touched, until it is dropped.
#[derive(Debug)]
pub(crate) struct Ballast(Vec<u8>);

impl Ballast {
    /// Takes and touches them.
    ///
    /// # Errors
    /// If there is not so much memory. Linux would give the addresses all the same, and kill some process for it when
    /// they are touched.
    pub(crate) fn take(bytes: u64) -> Result<Self> {
        // Nothing needs no look, and a look leaves the caches cold for what is timed next.
        let free = (bytes > 0).then(memory::available).flatten();
        if free.is_some_and(|free| bytes as f64 > free as f64 * SHARE) {
            let free = ByteSize(free.unwrap_or(0)).display().iec();
            bail!(
                "a ballast of {} is too much: {free} of memory are free",
                ByteSize(bytes).display().iec()
            );
        }
        let mut held = Vec::new();
        let length = usize::try_from(bytes).unwrap_or(usize::MAX);
        if let Err(error) = held.try_reserve_exact(length) {
            bail!(
                "a ballast of {} is too much: {error}",
                ByteSize(bytes).display().iec()
            );
        }
        held.resize(length, 1);
        Ok(Self(held))
    }

    /// Holds on to it: the compiler must not see that nobody reads it.
    pub(crate) fn hold(&self) {
        std::hint::black_box(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_refused() {
        let error = Ballast::take(1 << 60).unwrap_err().to_string();
        assert!(error.contains("1.0 EiB is too much"), "{error}");
        if let Some(free) = memory::available() {
            let error = Ballast::take(free * 2).unwrap_err().to_string();
            assert!(error.contains("of memory are free"), "{error}");
        }
        Ballast::take(1 << 20).unwrap().hold();
    }
}
