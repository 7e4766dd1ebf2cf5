//! Each thread counts in a variable of its own, and nobody collects what is in them.
//!
//! Threads have to ask for it (`thread_local!`); processes have nothing else. Take it for what nobody else needs,
//! a buffer that is used again, and not for a count.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

thread_local! {
    /// Nobody else can reach it, so a `Cell` would do; an atomic integer only to be the same code as in processes.
    static COPY: AtomicU64 = const { AtomicU64::new(0) };
}

/// Counts `times` times where no other thread looks.
pub fn count(times: u64, critical: impl Fn()) {
    COPY.with(|copy| {
        for _ in 0..times {
            critical();
            copy.store(copy.load(Relaxed) + 1, Relaxed);
        }
    });
}

/// What the calling thread has counted.
pub fn total() -> u64 {
    COPY.with(|copy| copy.load(Relaxed))
}
