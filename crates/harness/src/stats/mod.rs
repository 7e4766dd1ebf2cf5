//! Estimates with intervals. Pure: figures in, figures out.
//!
//! - [`ratio`]: how many times as long one contestant takes as another, from paired blocks;
//! - [`signed_rank`]: the exact null distribution behind its interval and its p-values;
//! - [`shift`]: how many times as long something takes as in another measurement, and [`rank_sum`] behind it;
//! - [`usl`]: how a contestant scales over workers;
//! - [`median`]: how long one contestant takes;
//! - [`crossing`]: from which size on one way costs less than another;
//! - [`outliers`]: blocks that lie far from the others, which are flagged and never dropped;
//! - [`holm`]: several claims from one measurement;
//! - [`verdict`]: what may be said.

pub mod crossing;
pub mod holm;
pub mod median;
mod normal;
pub mod null;
pub mod outliers;
mod random;
pub mod rank_sum;
pub mod ranked;
pub mod ratio;
pub mod shift;
pub mod signed_rank;
pub mod usl;
pub mod verdict;

/// The level of every interval that is reported.
pub const LEVEL: f64 = 0.95;

/// Within how much two contestants count as equivalent: 0.03 is 3 %.
pub const MARGIN: f64 = 0.03;

/// An interval that covers the truth with a known probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end, in the unit of the estimate.
    pub low: f64,
    /// Its upper end, in the unit of the estimate.
    pub high: f64,
    /// The level that it has. Order statistics come in steps, so it may be more than was asked for.
    pub level: f64,
}

impl Interval {
    /// The same interval for the inverse of the quantity.
    #[must_use]
    pub fn inverted(self) -> Self {
        Self {
            low: self.high.recip(),
            high: self.low.recip(),
            level: self.level,
        }
    }

    /// Whether the whole interval lies within `margin` of a ratio of 1: in 1/1.03 to 1.03 for 0.03.
    pub fn is_within(&self, margin: f64) -> bool {
        self.low > (1.0 + margin).recip() && self.high < 1.0 + margin
    }

    /// Whether `value` lies outside.
    pub fn excludes(&self, value: f64) -> bool {
        self.low > value || self.high < value
    }
}
