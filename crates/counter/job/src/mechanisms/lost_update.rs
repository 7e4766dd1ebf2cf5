//! Wrong on purpose: look at the count, add one, write it back.
//!
//! Nobody would choose it; everybody writes it once. Between the look and the write another worker may have
//! counted, and that is overwritten. Each of the two steps is atomic here, because a plain `count += 1` that two
//! threads share is no program at all: it has no meaning in Rust, and safe Rust refuses it.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts `times` times, and loses what others count meanwhile.
pub fn count(shared: &AtomicU64, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        let seen = shared.load(Relaxed);
        critical();
        shared.store(seen + 1, Relaxed);
    }
}
