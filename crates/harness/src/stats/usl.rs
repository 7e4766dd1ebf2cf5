//! How a contestant scales over workers: the Universal Scalability Law.
//!
//! With N workers the throughput is `gamma N / (1 + sigma (N - 1) + kappa N (N - 1))`: gamma is what one
//! worker gets done, sigma the share of the work that workers queue for (contention), kappa what keeping
//! each in step with each other costs (coherency). With sigma = kappa = 0 it is the ideal line, with kappa
//! = 0 Amdahl's law. Gunther, N. J. (2007), "Guerrilla Capacity Planning", Springer, chapters 4 to 6;
//! there C(N) = X(N) / gamma.
//!
//! Fitted by least squares of the throughput, with no coefficient below 0; intervals by a bootstrap of
//! whole blocks.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use crate::stats::Interval;
use crate::stats::random::{below, percentiles};
use crate::stats::ratio::PairedTimes;
use crate::stats::signed_rank::signed_rank;

mod least_squares;

/// How many different numbers of workers a fit needs: one more than there are coefficients. Each must be
/// one that the machine has cores for: beyond, it is the machine that is measured.
pub const LEAST_POINTS: usize = 4;

/// How often the bootstrap draws.
pub const RESAMPLES: usize = 1000;

/// The three coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usl {
    /// The throughput of one worker, in the unit of the throughputs.
    pub gamma: f64,
    /// Contention: 0 or more, no unit.
    pub sigma: f64,
    /// Coherency: 0 or more, no unit.
    pub kappa: f64,
}

impl Usl {
    /// The throughput with so many workers, which need not be a whole number.
    pub fn throughput(&self, workers: f64) -> f64 {
        self.gamma * workers / self.delay(workers)
    }

    /// How many workers get the most done; `None` if more always do more (kappa is 0), 1 if one does.
    pub fn peak(&self) -> Option<f64> {
        let peak = ((1.0 - self.sigma).max(0.0) / self.kappa).sqrt();
        (self.kappa > 0.0).then_some(peak.max(1.0))
    }

    /// By how much more work a worker takes than if it were alone.
    fn delay(&self, workers: f64) -> f64 {
        1.0 + self.sigma * (workers - 1.0) + self.kappa * workers * (workers - 1.0)
    }
}

/// Coefficients with their intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct UslFit {
    /// The coefficients.
    pub usl: Usl,
    /// The interval of sigma. It reaches down to 0 where the data know of no contention.
    pub sigma: Interval,
    /// The interval of kappa, likewise.
    pub kappa: Interval,
    /// The greatest distance of a point from the curve, as a share of the point: 0.02 is 2 %. A great one
    /// says that this law is not what is behind the figures.
    pub worst_residual: f64,
    /// How many blocks the intervals rest on.
    pub n: usize,
    /// The seed of the bootstrap.
    pub seed: u64,
}

/// The least-squares fit to points of (workers, throughput). `None` with fewer than 3 different numbers
/// of workers, or with a point that is not positive and finite.
pub fn fit(points: &[(f64, f64)]) -> Option<Usl> {
    let sound = |value: f64| value.is_finite() && value > 0.0;
    let mut workers: Vec<f64> = points.iter().map(|(workers, _)| *workers).collect();
    workers.sort_by(f64::total_cmp);
    workers.dedup();
    let enough = workers.len() >= 3 && points.iter().all(|(n, x)| sound(*n) && sound(*x));
    enough.then(|| least_squares::fit(points))
}

/// The fit to speed-ups, with bootstrap intervals of at least `level`. `workers` are the numbers of
/// workers; a block holds the time of the reference (what speed-up counts from) and then one time for each
/// of them. The speed-ups are those that the tables show, block by block: see [`PairedTimes`].
///
/// Blocks are drawn whole, so what a slow block does to all its runs at once stays together. `None` where
/// [`fit`] is none, with fewer than [`LEAST_POINTS`], or with fewer blocks than any interval needs.
pub fn fit_blocks(
    workers: &[u32],
    blocks: &[(f64, Vec<f64>)],
    level: f64,
    seed: u64,
) -> Option<UslFit> {
    signed_rank(blocks.len()).critical(level)?;
    if workers.len() < LEAST_POINTS {
        return None;
    }
    let points = speedups(workers, blocks.iter())?;
    let usl = fit(&points)?;
    let mut random = Pcg64::seed_from_u64(seed);
    let mut draws = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let drawn = (0..blocks.len()).map(|_| &blocks[below(blocks.len(), &mut random)]);
        draws.push(fit(&speedups(workers, drawn)?)?);
    }
    let interval = |coefficient: fn(&Usl) -> f64| {
        let mut values: Vec<f64> = draws.iter().map(coefficient).collect();
        values.sort_by(f64::total_cmp);
        percentiles(&values, level)
    };
    let residual = |(n, x): &(f64, f64)| (usl.throughput(*n) / x - 1.0).abs();
    Some(UslFit {
        usl,
        sigma: interval(|usl| usl.sigma),
        kappa: interval(|usl| usl.kappa),
        worst_residual: points.iter().map(residual).fold(0.0, f64::max),
        n: blocks.len(),
        seed,
    })
}

/// (workers, speed-up) over these blocks.
fn speedups<'a>(
    workers: &[u32],
    blocks: impl Iterator<Item = &'a (f64, Vec<f64>)>,
) -> Option<Vec<(f64, f64)>> {
    let blocks: Vec<_> = blocks.collect();
    let one = |(place, workers): (usize, &u32)| {
        let pairs: Option<Vec<_>> = blocks
            .iter()
            .map(|(reference, times)| Some((*reference, *times.get(place)?)))
            .collect();
        let speedup = PairedTimes::new(&pairs?)?.point();
        Some((f64::from(*workers), speedup))
    };
    workers.iter().enumerate().map(one).collect()
}
