//! A shard for each worker, all of them side by side.
//!
//! Nobody would choose it knowingly: no two workers touch the same number, and yet all of them fight for the same
//! cache line, because eight numbers lie on each. It is right, and as slow as one `atomic` that all share.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts `times` times in the `own` shard of a worker.
pub fn count(own: &AtomicU64, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        critical();
        own.fetch_add(1, Relaxed);
    }
}

/// What all shards hold together.
pub fn total(shards: &[AtomicU64]) -> u64 {
    shards.iter().map(|shard| shard.load(Relaxed)).sum()
}
