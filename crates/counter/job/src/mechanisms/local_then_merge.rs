//! Each worker counts by itself, and says at the end what it has counted.
//!
//! Take it whenever nobody needs the count before the end: it is the only mechanism that costs nothing, and what
//! `map` and `reduce` do. What is left to share is one number a worker instead of one an increment.

use std::hint::black_box;

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts `times` times by itself, then adds that to what all have counted.
pub fn count(shared: &AtomicU64, times: u64, critical: impl Fn()) {
    let mut own = 0;
    for _ in 0..times {
        critical();
        own += 1;
        // Or the compiler sees what comes of it, and leaves out the loop.
        black_box(());
    }
    shared.fetch_add(own, Relaxed);
}
