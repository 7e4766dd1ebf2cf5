//! Times of both sides, block by block, and what follows from them.

use anyhow::{Context, Result};
use harness::stats::LEVEL;
use harness::stats::median::{MedianEstimate, bootstrap};
use harness::stats::outliers::outliers;
use harness::stats::ratio::{PairedTimes, RatioEstimate};
use harness::stats::verdict::Comparable;

/// Seconds that an operation took, in each counted block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Times {
    pub(crate) ours: Vec<f64>,
    pub(crate) baseline: Vec<f64>,
    /// The baseline's second run, which shows the noise floor.
    pub(crate) again: Vec<f64>,
    /// In how many counted blocks other programs had the cores, or the host did.
    pub(crate) disturbed: usize,
}

impl Times {
    /// Ours as a multiple of the baseline's.
    pub(crate) fn ratio(&self) -> Result<RatioEstimate> {
        ratio(&self.ours, &self.baseline)
    }

    /// The baseline as a multiple of itself.
    pub(crate) fn noise_floor(&self) -> Result<RatioEstimate> {
        ratio(&self.again, &self.baseline)
    }

    /// The blocks whose ratio lies far from that of the others, by their places.
    pub(crate) fn far(&self) -> Vec<usize> {
        let pairs = self.ours.iter().zip(&self.baseline);
        outliers(&pairs.map(|(a, b)| (a / b).ln()).collect::<Vec<_>>())
    }

    /// What is left without some blocks.
    pub(crate) fn without(&self, places: &[usize]) -> Self {
        let rest = |times: &[f64]| {
            let kept = (0..)
                .zip(times)
                .filter(|(place, _)| !places.contains(place));
            kept.map(|(_, time)| *time).collect()
        };
        Self {
            ours: rest(&self.ours),
            baseline: rest(&self.baseline),
            again: rest(&self.again),
            disturbed: self.disturbed,
        }
    }

    /// Whether the machine was too busy to conclude anything: disturbed in more than a quarter of the
    /// blocks.
    pub(crate) fn unfit(&self) -> bool {
        self.disturbed * 4 > self.ours.len()
    }
}

/// The median of times, with an interval. The same `seed` gives the same interval.
pub(crate) fn median(times: &[f64], seed: u64) -> Result<MedianEstimate> {
    bootstrap(times, LEVEL, seed).context("there is no counted block")
}

fn ratio(a: &[f64], b: &[f64]) -> Result<RatioEstimate> {
    let pairs: Vec<_> = a.iter().copied().zip(b.iter().copied()).collect();
    let times = PairedTimes::new(&pairs).context("a time is too short for the clock")?;
    Ok(times.estimate(LEVEL))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eight_blocks() -> Times {
        Times {
            ours: (0..8).map(|block| 1.2 + 0.001 * f64::from(block)).collect(),
            baseline: vec![1.0; 8],
            again: vec![1.0; 8],
            disturbed: 0,
        }
    }

    #[test]
    fn a_block_far_from_the_others_is_found_and_can_be_left_out() {
        let mut times = eight_blocks();
        times.ours[5] = 3.0;
        assert_eq!(times.far(), [5]);
        let rest = times.without(&[5]);
        assert_eq!(rest.ours.len(), 7);
        assert_eq!(rest.far(), [0; 0]);
        assert!((rest.ratio().unwrap().point - 1.203).abs() < 0.001);
    }

    #[test]
    fn the_noise_floor_is_of_the_baseline_alone() {
        let floor = eight_blocks().noise_floor().unwrap();
        assert!(!floor.interval.unwrap().excludes(1.0));
    }

    #[test]
    fn a_machine_that_was_busy_in_a_third_of_the_blocks_is_unfit() {
        let disturbed = |disturbed| Times {
            disturbed,
            ..eight_blocks()
        };
        assert!(!disturbed(2).unfit());
        assert!(disturbed(3).unfit());
    }

    #[test]
    fn a_time_of_nothing_is_an_error_and_no_ratio() {
        let mut times = eight_blocks();
        times.ours[0] = 0.0;
        assert!(times.ratio().is_err());
        assert!(median(&[], 1).is_err());
    }
}
