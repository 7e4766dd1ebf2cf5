//! A shard for each worker, each on cache lines of its own.
//!
//! Take it for a number that many workers count and somebody reads now and then, while they count: a statistic.
//! The same instructions as `false-sharing`, 128 bytes apart.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Something that shares no cache line with its neighbours. 128 bytes: processors fetch lines of 64 in pairs, and
/// some have lines of 128.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub struct Padded<T>(pub T);

/// Counts `times` times in the `own` shard of a worker.
pub fn count(own: &Padded<AtomicU64>, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        critical();
        own.0.fetch_add(1, Relaxed);
    }
}

/// What all shards hold together.
pub fn total(shards: &[Padded<AtomicU64>]) -> u64 {
    shards.iter().map(|shard| shard.0.load(Relaxed)).sum()
}
