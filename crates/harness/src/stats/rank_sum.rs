//! The null distribution of the Mann-Whitney statistic.
//!
//! With m values of one kind and n of another, U is the number of pairs in which the first is the
//! greater one. If nothing but chance tells the kinds apart, each of the (m+n)! / (m! n!) orders of kinds
//! is equally likely. Mann, H. B. and Whitney, D. R. (1947), "On a test of whether one of two random
//! variables is stochastically larger than the other", Annals of Mathematical Statistics 18(1), 50-60.

use crate::stats::normal::normal_at_most;

/// Up to this many pairs the distribution is exact, beyond it the normal approximation is used: there
/// the two agree to three decimals.
pub const EXACT_UP_TO: usize = 10_000;

/// The distribution of U for one m and n.
#[derive(Clone, Debug)]
pub struct RankSum {
    m: usize,
    n: usize,
    /// P(U <= u) for every u; empty where the normal approximation is used.
    cumulative: Vec<f64>,
}

impl RankSum {
    /// The distribution for `m` values of one kind and `n` of the other.
    pub fn new(m: usize, n: usize) -> Self {
        let cumulative = if m * n <= EXACT_UP_TO {
            exact(m, n)
        } else {
            Vec::new()
        };
        Self { m, n, cumulative }
    }

    /// The greatest value of U: m n, which is also the number of differences.
    pub fn greatest(&self) -> usize {
        self.m * self.n
    }

    /// P(U <= u), which by symmetry is P(U >= greatest - u).
    pub fn at_most(&self, u: usize) -> f64 {
        if u >= self.greatest() {
            1.0
        } else if let Some(&probability) = self.cumulative.get(u) {
            probability
        } else {
            self.approximately_at_most(u)
        }
    }

    /// The critical value: the greatest u with 2 P(U <= u) <= 1 - `level`. `None` if there are too few
    /// values for any: below 4 of each at 95 %.
    pub fn critical(&self, level: f64) -> Option<usize> {
        let tail = (1.0 - level) / 2.0 + ROUNDING;
        let (mut low, mut high) = (0, self.greatest());
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

    /// The smallest two-sided p-value that so many values can give: no overlap at all.
    pub fn smallest_p(&self) -> f64 {
        (2.0 * self.at_most(0)).min(1.0)
    }

    /// With mean m n / 2, variance m n (m+n+1) / 12 and a continuity correction of 1/2, as in the paper.
    fn approximately_at_most(&self, u: usize) -> f64 {
        let (m, n) = (self.m as f64, self.n as f64);
        let deviation = (m * n * (m + n + 1.0) / 12.0).sqrt();
        normal_at_most((u as f64 + 0.5 - m * n / 2.0) / deviation)
    }
}

/// How far `1 - level` may be off by rounding.
const ROUNDING: f64 = 1e-12;

/// P(U <= u) for u from 0 to m n, from the shares of the orders that give each u. The last value of an
/// order of i + j values is of the first kind with probability i / (i+j), and then exceeds all j others.
fn exact(m: usize, n: usize) -> Vec<f64> {
    // shares[j][u]: for the present i, and j values of the other kind. With i = 0, U is 0.
    let mut shares: Vec<Vec<f64>> = vec![vec![1.0]; n + 1];
    for i in 1..=m {
        shares[0] = vec![1.0];
        for j in 1..=n {
            let first = i as f64 / (i + j) as f64;
            let (with_last, without) = (&shares[j], &shares[j - 1]);
            shares[j] = (0..=i * j)
                .map(|u| {
                    let last_is_first = u.checked_sub(j).and_then(|rest| with_last.get(rest));
                    first * last_is_first.unwrap_or(&0.0)
                        + (1.0 - first) * without.get(u).unwrap_or(&0.0)
                })
                .collect();
        }
    }
    cumulate(shares.pop().unwrap_or_default())
}

fn cumulate(mut probability: Vec<f64>) -> Vec<f64> {
    let mut sum = 0.0;
    for value in &mut probability {
        sum += *value;
        *value = sum;
    }
    probability
}
