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

use crate::stats::Interval;
use crate::stats::rank_sum::RankSum;
use crate::stats::ratio::RatioEstimate;
use crate::stats::verdict::{Comparable, fewest};

/// The times of two measurements, ready for estimates and tests that never contradict each other.
#[derive(Clone, Debug)]
pub struct UnpairedTimes {
    /// Every time of the first divided by every time of the second, in ascending order.
    ratios: Vec<f64>,
    null: RankSum,
    /// How many times the smaller side has.
    n: usize,
}

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
        let mut ratios: Vec<f64> = first.iter().flat_map(against_all).collect();
        ratios.sort_by(f64::total_cmp);
        Some(Self {
            ratios,
            null: RankSum::new(first.len(), second.len()),
            n: first.len().min(second.len()),
        })
    }

    /// How many ratios are at most this one.
    fn up_to(&self, ratio: f64) -> usize {
        self.ratios.partition_point(|&each| each <= ratio)
    }

    /// How many ratios are at least this one.
    fn from(&self, ratio: f64) -> usize {
        self.ratios.len() - self.ratios.partition_point(|&each| each < ratio)
    }
}

impl Comparable for UnpairedTimes {
    /// The ratio of the first to the second; `n` is that of the smaller side.
    fn estimate(&self, level: f64) -> RatioEstimate {
        let last = self.ratios.len() - 1;
        let (below, above) = (self.ratios[last / 2], self.ratios[last.div_ceil(2)]);
        let interval = self.null.critical(level).map(|critical| Interval {
            low: self.ratios[critical],
            high: self.ratios[last - critical],
            level: 1.0 - 2.0 * self.null.at_most(critical),
        });
        RatioEstimate {
            // The mean of the logarithms, as a ratio.
            point: (below * above).sqrt(),
            interval,
            level_asked: level,
            n: self.n,
        }
    }

    /// By the exact Mann-Whitney test. Equal times count for both sides, so ties make it greater, never
    /// smaller.
    fn p_same(&self) -> f64 {
        let least = self.up_to(1.0).min(self.from(1.0));
        (2.0 * self.null.at_most(least)).min(1.0)
    }

    fn p_beyond(&self, margin: f64) -> f64 {
        let (below, above) = (self.up_to((1.0 + margin).recip()), self.from(1.0 + margin));
        self.null.at_most(below.max(above))
    }

    fn smallest_p(&self) -> f64 {
        self.null.smallest_p()
    }

    fn needed(comparisons: usize) -> usize {
        fewest(comparisons, |n| RankSum::new(n, n).smallest_p())
    }
}
