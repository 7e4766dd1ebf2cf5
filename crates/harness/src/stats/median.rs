//! How long one contestant takes: the median, with a bootstrap interval.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use crate::stats::Interval;
use crate::stats::random::{below, percentiles};
use crate::stats::signed_rank::signed_rank;

/// How often the bootstrap draws.
pub const RESAMPLES: usize = 10_000;

/// A median with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MedianEstimate {
    /// The median, in the unit of the values.
    pub point: f64,
    /// The interval at its nominal level; `None` if there are too few values for it.
    pub interval: Option<Interval>,
    /// How many values it rests on.
    pub n: usize,
}

/// The median with the interval between two of the values that holds the median of whatever they were drawn from
/// with at least that probability, whatever its distribution (Thompson, W. R. (1936), "On confidence ranges for the
/// median and other expectation distributions", Annals of Mathematical Statistics 7(3), 122-128). Costs a sorting,
/// where [`bootstrap`] costs ten thousand; for whoever has many medians, or many values.
///
/// The interval is absent with fewer than 6 values at 95 %. `None` of nothing.
pub fn exact(values: impl IntoIterator<Item = f64>, level: f64) -> Option<MedianEstimate> {
    let values = sorted(values);
    let (point, n) = (median(&values)?, values.len());
    // How probable it is that so many values lie below the median, in logarithms: 1/2^1100 is 0 to a machine.
    let mut log = -(n as f64) * std::f64::consts::LN_2;
    let (mut outside, mut interval) = (0.0, None);
    for below in 0..n / 2 {
        outside += 2.0 * log.exp();
        if outside > 1.0 - level {
            break;
        }
        interval = Some(Interval {
            low: values[below],
            high: values[n - 1 - below],
            level: 1.0 - outside,
        });
        log += ((n - below) as f64 / (below + 1) as f64).ln();
    }
    Some(MedianEstimate { point, interval, n })
}

/// The median of values that are in ascending order: of an even number, the mean of the middle two.
/// `None` of nothing.
pub fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

/// The median of values in any order. `None` of nothing.
pub fn median_of(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    median(&sorted(values))
}

/// The median with a percentile bootstrap interval: the values are drawn anew, with replacement,
/// [`RESAMPLES`] times, and the interval leaves out an equal share of the medians at both ends. Efron,
/// B. (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1), 1-26.
///
/// The same `seed` gives the same interval. It is absent where not even the range from the least to
/// the greatest value would cover the median at that level (fewer than 6 values at 95 %). `None` of
/// nothing.
pub fn bootstrap(values: &[f64], level: f64, seed: u64) -> Option<MedianEstimate> {
    let values = sorted(values.iter().copied());
    let point = median(&values)?;
    // The range misses the median if all values lie on one side, which has that very probability.
    let enough = signed_rank(values.len()).critical(level).is_some();
    let interval = enough.then(|| percentiles(&resampled(&values, seed), level));
    Some(MedianEstimate {
        point,
        interval,
        n: values.len(),
    })
}

/// Medians of the values drawn anew, in ascending order.
fn resampled(values: &[f64], seed: u64) -> Vec<f64> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut drawn = vec![0; values.len()];
    let medians = (0..RESAMPLES).map(|_| {
        drawn.fill_with(|| below(values.len(), &mut random));
        // The values are sorted, so sorting their places sorts them.
        drawn.sort_unstable();
        f64::midpoint(
            values[drawn[(drawn.len() - 1) / 2]],
            values[drawn[drawn.len() / 2]],
        )
    });
    sorted(medians)
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}
