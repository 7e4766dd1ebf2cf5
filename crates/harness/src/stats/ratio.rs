//! How many times as long one contestant takes as another.
//!
//! From times a and b of the same blocks: z = ln(a / b) in each block. The point is the exponential of
//! the Hodges-Lehmann estimate, the median of the Walsh averages `(z_i + z_j) / 2` over `i <= j`; the
//! interval runs between two of their order statistics, found with the exact signed-rank distribution.
//! Hodges, J. L. and Lehmann, E. L. (1963), "Estimates of location based on rank tests", Annals of
//! Mathematical Statistics 34(2), 598-611; interval by Tukey, J. W. (1949), "The simplest signed-rank
//! tests", Memorandum Report 17, Statistical Research Group, Princeton. Both assume that z is spread
//! evenly around its centre, as it is where the two runs of a block stand in random order.

use crate::stats::Interval;
use crate::stats::ranked::RankedRatios;
use crate::stats::signed_rank::signed_rank;
use crate::stats::verdict::{Comparable, fewest};

/// A ratio of times, estimated from paired blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioEstimate {
    /// The estimate: 2 means twice as long.
    pub point: f64,
    /// The interval and the level that it achieves; `None` if there are too few blocks for the level.
    pub interval: Option<Interval>,
    /// The level that was asked for.
    pub level_asked: f64,
    /// How many blocks it rests on.
    pub n: usize,
}

impl RatioEstimate {
    /// The same estimate with the two contestants swapped.
    #[must_use]
    pub fn inverted(self) -> Self {
        Self {
            point: self.point.recip(),
            interval: self.interval.map(Interval::inverted),
            ..self
        }
    }
}

/// The paired times of two contestants, ready for estimates and tests that never contradict each other:
/// a test rejects a ratio exactly if the interval of the same level leaves it out.
#[derive(Clone, Debug)]
pub struct PairedTimes(RankedRatios);

impl PairedTimes {
    /// Takes the times of both in each block, in any unit. `None` if there is no pair, or a time that
    /// is not positive and finite.
    pub fn new(pairs: &[(f64, f64)]) -> Option<Self> {
        let sound = |time: f64| time.is_finite() && time > 0.0;
        if pairs.is_empty() || !pairs.iter().all(|&(a, b)| sound(a) && sound(b)) {
            return None;
        }
        let logs: Vec<f64> = pairs.iter().map(|&(a, b)| a.ln() - b.ln()).collect();
        let (null, n) = (signed_rank(logs.len()), logs.len());
        Some(Self(RankedRatios::new(walsh_averages(&logs), null, n)))
    }

    /// The estimate alone.
    pub fn point(&self) -> f64 {
        self.0.point()
    }
}

/// By the exact signed-rank test, over the Walsh averages of the log ratios.
impl Comparable for PairedTimes {
    fn ranked(&self) -> &RankedRatios {
        &self.0
    }

    fn needed(comparisons: usize) -> usize {
        fewest(comparisons, |n| signed_rank(n).smallest_p())
    }
}

/// The averages of every pair of logarithms, each with itself included, as ratios.
fn walsh_averages(logs: &[f64]) -> Vec<f64> {
    let from = |i: usize| {
        logs[i..]
            .iter()
            .map(move |other| f64::midpoint(logs[i], *other).exp())
    };
    (0..logs.len()).flat_map(from).collect()
}
