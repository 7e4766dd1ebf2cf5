//! How a rank statistic is distributed when nothing but chance is at work.
//!
//! Both statistics used here run from 0 to a greatest value, symmetrically: [`signed_rank`] for pairs,
//! [`rank_sum`] for two samples.
//!
//! [`signed_rank`]: super::signed_rank::signed_rank
//! [`rank_sum`]: super::rank_sum::rank_sum

use crate::stats::normal::normal_at_most;

/// How far `1 - level` may be off by rounding: (1 - 0.95) / 2 is a little more than 0.025.
const ROUNDING: f64 = 1e-12;

/// The distribution of a statistic T.
#[derive(Clone, Debug)]
pub struct Null {
    greatest: usize,
    /// P(T <= t) for every t; empty where the normal approximation is used.
    cumulative: Vec<f64>,
    /// The standard deviation, for the approximation.
    deviation: f64,
}

impl Null {
    /// From the probability of each value from 0 on.
    pub(super) fn exact(mut probability: Vec<f64>) -> Self {
        let mut sum = 0.0;
        for value in &mut probability {
            sum += *value;
            *value = sum;
        }
        Self {
            greatest: probability.len().saturating_sub(1),
            cumulative: probability,
            deviation: 0.0,
        }
    }

    /// Approximated by a normal one around `greatest / 2`, with a continuity correction of 1/2.
    pub(super) fn normal(greatest: usize, variance: f64) -> Self {
        Self {
            greatest,
            cumulative: Vec::new(),
            deviation: variance.sqrt(),
        }
    }

    /// The greatest value, which is also the number of averages or differences behind an estimate.
    pub fn greatest(&self) -> usize {
        self.greatest
    }

    /// P(T <= t), which by symmetry is P(T >= greatest - t).
    pub fn at_most(&self, t: usize) -> f64 {
        if t >= self.greatest {
            1.0
        } else if let Some(&probability) = self.cumulative.get(t) {
            probability
        } else {
            normal_at_most((t as f64 + 0.5 - self.greatest as f64 / 2.0) / self.deviation)
        }
    }

    /// The critical value: the greatest t with 2 P(T <= t) <= 1 - `level`. `None` if there are too few
    /// values for any: at 95 % below 6 pairs, or below 4 of each of two samples.
    pub fn critical(&self, level: f64) -> Option<usize> {
        let tail = (1.0 - level) / 2.0 + ROUNDING;
        let (mut low, mut high) = (0, self.greatest);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.at_most(middle) <= tail {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    /// The smallest two-sided p-value that there can be: all on one side.
    pub fn smallest_p(&self) -> f64 {
        (2.0 * self.at_most(0)).min(1.0)
    }
}
