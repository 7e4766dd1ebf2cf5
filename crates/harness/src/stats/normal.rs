//! The standard normal distribution, for where exact ones become too long.

use std::f64::consts::SQRT_2;

/// P(Z <= z) of the standard normal distribution, to 1.2e-7: the error function by the Chebyshev fit
/// `erfcc` of Press, W. H. et al. (1992), "Numerical Recipes in C", 2nd ed., section 6.2.
pub(super) fn normal_at_most(z: f64) -> f64 {
    const FIT: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let x = z.abs() / SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    let series = FIT.iter().rev().fold(0.0, |sum, factor| sum * t + factor);
    let upper = t * (series - x * x).exp() / 2.0;
    if z > 0.0 { 1.0 - upper } else { upper }
}
