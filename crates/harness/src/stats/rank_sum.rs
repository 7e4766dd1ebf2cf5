//! The null distribution of the Mann-Whitney statistic.
//!
//! With m values of one kind and n of another, U is the number of pairs in which the first is the
//! greater one. If nothing but chance tells the kinds apart, each of the (m+n)! / (m! n!) orders of kinds
//! is equally likely. Mann, H. B. and Whitney, D. R. (1947), "On a test of whether one of two random
//! variables is stochastically larger than the other", Annals of Mathematical Statistics 18(1), 50-60.

use crate::stats::null::Null;

/// Up to this many pairs the distribution is exact, beyond it the normal approximation is used: there
/// the two agree to three decimals.
pub const EXACT_UP_TO: usize = 10_000;

/// The distribution of U for `m` values of one kind and `n` of the other. The approximation has mean
/// m n / 2 and variance m n (m+n+1) / 12, as in the paper.
pub fn rank_sum(m: usize, n: usize) -> Null {
    if m * n <= EXACT_UP_TO {
        return Null::exact(probabilities(m, n));
    }
    let (one, other) = (m as f64, n as f64);
    Null::normal(m * n, one * other * (one + other + 1.0) / 12.0)
}

/// The probability of each U from 0 to m n, from the shares of the orders that give each u. The last value of an
/// order of i + j values is of the first kind with probability i / (i+j), and then exceeds all j others.
fn probabilities(m: usize, n: usize) -> Vec<f64> {
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
    shares.pop().unwrap_or_default()
}
