//! A figure with its interval, as records hold it.

use harness::stats::median::{MedianEstimate, exact};
use harness::stats::{Interval, LEVEL};
use serde::{Deserialize, Serialize};

/// Fewer blocks have no interval at 95 %.
pub(crate) const LEAST_BLOCKS: u32 = 6;

/// A median with its interval at 95 % at least: a time in nanoseconds, or bytes, as its name says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The median.
    pub median: f64,
    /// From where it may be; absent with fewer than 6 samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Up to where it may be; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

impl Figure {
    /// That of some times or sizes. Of none, it is no number.
    pub(crate) fn of(of: impl IntoIterator<Item = u64>) -> Self {
        let found = exact(of.into_iter().map(|one| one as f64), LEVEL);
        let interval = found.and_then(|found| found.interval);
        Self {
            median: found.map_or(f64::NAN, |MedianEstimate { point, .. }| point),
            low: interval.map(|ends| ends.low),
            high: interval.map(|ends| ends.high),
        }
    }

    /// Its interval, in seconds.
    pub(crate) fn interval_s(&self) -> Option<Interval> {
        let (low, high) = self.low.zip(self.high)?;
        Some(Interval {
            low: low / 1e9,
            high: high / 1e9,
            level: LEVEL,
        })
    }

    /// In seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.median / 1e9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_times_have_no_interval() {
        let figure = Figure::of([5, 1, 3]);
        assert_eq!((figure.median, figure.low, figure.high), (3.0, None, None));
        let figure = Figure::of([6, 5, 4, 3, 2, 1]);
        assert_eq!((figure.low, figure.high), (Some(1.0), Some(6.0)));
    }
}
