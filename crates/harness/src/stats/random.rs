//! What bootstraps draw with.

use rand_pcg::rand_core::Rng;

use crate::stats::Interval;

/// A random number below `bound`; biased by less than `bound` / 2^64.
pub(super) fn below(bound: usize, random: &mut impl Rng) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
}

/// The values that leave out an equal share at both ends.
pub(super) fn percentiles(sorted: &[f64], level: f64) -> Interval {
    let left_out = (sorted.len() as f64 * (1.0 - level) / 2.0).round() as usize;
    Interval {
        low: sorted[left_out],
        high: sorted[sorted.len() - 1 - left_out],
        level,
    }
}
