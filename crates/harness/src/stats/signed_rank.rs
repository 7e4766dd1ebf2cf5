//! The null distribution of the Wilcoxon signed-rank statistic.
//!
//! With n differences whose signs are down to chance, the statistic T is the sum of the ranks of the
//! positive ones: each of the 2^n sets of ranks from 1 to n is equally likely. Wilcoxon, F. (1945),
//! "Individual comparisons by ranking methods", Biometrics Bulletin 1(6), 80-83.

use crate::stats::normal::normal_at_most;

/// Up to this n the distribution is exact, beyond it the normal approximation is used: there the two
/// agree to four decimals.
pub const EXACT_UP_TO: usize = 400;

/// The distribution of T for one n.
#[derive(Clone, Debug)]
pub struct SignedRank {
    n: usize,
    /// P(T <= t) for every t; empty where the normal approximation is used.
    cumulative: Vec<f64>,
}

impl SignedRank {
    /// The distribution for `n` differences.
    pub fn new(n: usize) -> Self {
        let cumulative = if n <= EXACT_UP_TO {
            exact(n)
        } else {
            Vec::new()
        };
        Self { n, cumulative }
    }

    /// The greatest value of T: n(n+1)/2, which is also the number of Walsh averages.
    pub fn greatest(&self) -> usize {
        self.n * (self.n + 1) / 2
    }

    /// P(T <= t), which by symmetry is P(T >= greatest - t).
    pub fn at_most(&self, t: usize) -> f64 {
        if t >= self.greatest() {
            1.0
        } else if let Some(&probability) = self.cumulative.get(t) {
            probability
        } else {
            self.approximately_at_most(t)
        }
    }

    /// The critical value: the greatest t with 2 P(T <= t) <= 1 - `level`. `None` if n is too small
    /// for any: below 6 at 95 %.
    pub fn critical(&self, level: f64) -> Option<usize> {
        let tail = (1.0 - level) / 2.0;
        let (mut low, mut high) = (0, self.greatest());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.at_most(middle) <= tail + ROUNDING {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    /// The smallest two-sided p-value that n differences can give: all of one sign.
    pub fn smallest_p(&self) -> f64 {
        (2.0 * self.at_most(0)).min(1.0)
    }

    /// With mean n(n+1)/4, variance n(n+1)(2n+1)/24 and a continuity correction of 1/2. Hollander, M.,
    /// Wolfe, D. A. and Chicken, E. (2014), "Nonparametric Statistical Methods", 3rd ed., section 3.1.
    fn approximately_at_most(&self, t: usize) -> f64 {
        let n = self.n as f64;
        let mean = n * (n + 1.0) / 4.0;
        let deviation = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
        normal_at_most((t as f64 + 0.5 - mean) / deviation)
    }
}

/// How far `1 - level` may be off by rounding: (1 - 0.95) / 2 is a little more than 0.025.
const ROUNDING: f64 = 1e-12;

/// P(T <= t) for t from 0 to n(n+1)/2. Rank after rank is either in the sum or not, with probability
/// one half each; the probabilities are dyadic, so for n up to 52 nothing is rounded.
fn exact(n: usize) -> Vec<f64> {
    let greatest = n * (n + 1) / 2;
    let mut probability = vec![0.0; greatest + 1];
    probability[0] = 1.0;
    for rank in 1..=n {
        for sum in (0..=rank * (rank + 1) / 2).rev() {
            let with = if sum >= rank {
                probability[sum - rank]
            } else {
                0.0
            };
            probability[sum] = f64::midpoint(probability[sum], with);
        }
    }
    cumulate(probability)
}

fn cumulate(mut probability: Vec<f64>) -> Vec<f64> {
    let mut sum = 0.0;
    for value in &mut probability {
        sum += *value;
        *value = sum;
    }
    probability
}
