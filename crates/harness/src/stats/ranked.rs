//! What an estimate by ranks rests on, of pairs and of two samples alike.

use crate::stats::Interval;
use crate::stats::null::Null;
use crate::stats::ratio::RatioEstimate;

/// Ratios in ascending order, and how many of them chance leaves on one side of the true one.
#[derive(Clone, Debug)]
pub struct RankedRatios {
    ratios: Vec<f64>,
    null: Null,
    /// How many blocks, or runs of the smaller side, they come from.
    n: usize,
}

impl RankedRatios {
    /// At least one ratio; as many as the greatest value of `null`.
    pub(super) fn new(mut ratios: Vec<f64>, null: Null, n: usize) -> Self {
        ratios.sort_by(f64::total_cmp);
        Self { ratios, null, n }
    }

    /// The median: the Hodges-Lehmann estimate.
    pub(super) fn point(&self) -> f64 {
        let last = self.ratios.len() - 1;
        // The mean of the logarithms, as a ratio.
        (self.ratios[last / 2] * self.ratios[last.div_ceil(2)]).sqrt()
    }

    pub(super) fn estimate(&self, level: f64) -> RatioEstimate {
        let last = self.ratios.len() - 1;
        let interval = self.null.critical(level).map(|critical| Interval {
            low: self.ratios[critical],
            high: self.ratios[last - critical],
            level: 1.0 - 2.0 * self.null.at_most(critical),
        });
        RatioEstimate {
            point: self.point(),
            interval,
            level_asked: level,
            n: self.n,
        }
    }

    /// A ratio of exactly 1 counts for both sides, so ties make it greater, never smaller.
    pub(super) fn p_same(&self) -> f64 {
        let least = self.up_to(1.0).min(self.from(1.0));
        (2.0 * self.null.at_most(least)).min(1.0)
    }

    pub(super) fn p_beyond(&self, margin: f64) -> f64 {
        let (below, above) = (self.up_to((1.0 + margin).recip()), self.from(1.0 + margin));
        self.null.at_most(below.max(above))
    }

    pub(super) fn smallest_p(&self) -> f64 {
        self.null.smallest_p()
    }

    /// How many are at most this one.
    fn up_to(&self, ratio: f64) -> usize {
        self.ratios.partition_point(|&each| each <= ratio)
    }

    /// How many are at least this one.
    fn from(&self, ratio: f64) -> usize {
        self.ratios.len() - self.ratios.partition_point(|&each| each < ratio)
    }
}
