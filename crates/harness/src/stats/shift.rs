//! How many times as long something takes as it did in another measurement.
//!
//! Two measurements share no blocks, so nothing can be paired. From times a of one and b of the other:
//! the point is the exponential of the median of all differences `ln(a_i) - ln(b_j)` (the Hodges-Lehmann
//! estimate for two samples), the interval runs between two of their order statistics, found with the
//! exact Mann-Whitney distribution. Hodges, J. L. and Lehmann, E. L. (1963), "Estimates of location based
//! on rank tests", Annals of Mathematical Statistics 34(2), 598-611; interval by Moses, L. E., in Walker,
//! H. M. and Lev, J. (1953), "Statistical inference", chapter 18. Both assume that the two samples of
//! logarithms have the same shape, and that runs of a measurement do not hang together. Drift within a
//! measurement breaks the second: the interval is then too narrow, and nothing in the figures tells.

use crate::stats::rank_sum::rank_sum;
use crate::stats::ranked::RankedRatios;
use crate::stats::verdict::{Comparable, fewest};

/// The times of two measurements, ready for estimates and tests that never contradict each other.
#[derive(Clone, Debug)]
pub struct UnpairedTimes(RankedRatios);

impl UnpairedTimes {
    /// Takes the times of both, in the same unit. `None` if a side has none, or a time that is not
    /// positive and finite.
    pub fn new(first: &[f64], second: &[f64]) -> Option<Self> {
        let sound = |time: &f64| time.is_finite() && *time > 0.0;
        let empty = first.is_empty() || second.is_empty();
        if empty || !first.iter().chain(second).all(sound) {
            return None;
        }
        let against_all = |a: &f64| {
            let a = a.ln();
            second.iter().map(move |b| (a - b.ln()).exp())
        };
        let ratios = first.iter().flat_map(against_all).collect();
        let null = rank_sum(first.len(), second.len());
        let n = first.len().min(second.len());
        Some(Self(RankedRatios::new(ratios, null, n)))
    }
}

/// By the exact Mann-Whitney test, over every time of the first divided by every time of the second; the
/// `n` of an estimate is that of the smaller side.
impl Comparable for UnpairedTimes {
    fn ranked(&self) -> &RankedRatios {
        &self.0
    }

    fn needed(comparisons: usize) -> usize {
        fewest(comparisons, |n| rank_sum(n, n).smallest_p())
    }
}
