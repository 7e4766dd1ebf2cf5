//! The null distribution of the Wilcoxon signed-rank statistic.
//!
//! With n differences whose signs are down to chance, the statistic T is the sum of the ranks of the
//! positive ones: each of the 2^n sets of ranks from 1 to n is equally likely. Wilcoxon, F. (1945),
//! "Individual comparisons by ranking methods", Biometrics Bulletin 1(6), 80-83.

use crate::stats::null::Null;

/// Up to this n the distribution is exact, beyond it the normal approximation is used: there the two
/// agree to four decimals.
pub const EXACT_UP_TO: usize = 400;

/// The distribution of T for `n` differences. The approximation has mean n(n+1)/4 and variance
/// n(n+1)(2n+1)/24: Hollander, M., Wolfe, D. A. and Chicken, E. (2014), "Nonparametric Statistical
/// Methods", 3rd ed., section 3.1.
pub fn signed_rank(n: usize) -> Null {
    if n <= EXACT_UP_TO {
        return Null::exact(probabilities(n));
    }
    let count = n as f64;
    let variance = count * (count + 1.0) * (2.0 * count + 1.0) / 24.0;
    Null::normal(n * (n + 1) / 2, variance)
}

/// The probability of each T from 0 to n(n+1)/2. Rank after rank is either in the sum or not, with probability
/// one half each; the probabilities are dyadic, so for n up to 52 nothing is rounded.
fn probabilities(n: usize) -> Vec<f64> {
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
    probability
}
