//! One instruction that nothing comes in between.
//!
//! Take it when all that is shared is a number. Relaxed is enough: what is counted is not used to tell whether
//! something else has been written. What it costs is the cache line, which has to come to this core every time.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts `times` times.
pub fn count(shared: &AtomicU64, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        critical();
        shared.fetch_add(1, Relaxed);
    }
}
