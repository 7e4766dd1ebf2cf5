//! Least squares of the throughput over gamma, sigma and kappa, none of them below 0.
//!
//! Given sigma and kappa, the best gamma is known (the law is linear in it). What is left are two
//! coefficients with a floor: if the best pair does not lie above it, the best of all that lie on it (one of
//! them 0, or both) is taken. The search is that of Levenberg and Marquardt: Marquardt, D. W.
//! (1963), "An algorithm for least-squares estimation of nonlinear parameters", Journal of the Society for
//! Industrial and Applied Mathematics 11(2), 431-441.

use super::Usl;

const STEPS: usize = 200;
/// Steps that better the sum of squares by less than this share end the search.
const GOOD_ENOUGH: f64 = 1e-14;

/// Points of (workers, throughput), all positive, with at least three different numbers of workers.
pub(super) fn fit(points: &[(f64, f64)]) -> Usl {
    let inside = search(points, [true, true], begin(points, [true, true]));
    if inside.iter().all(|coefficient| *coefficient > 0.0) {
        return law(points, inside);
    }
    let mut best = [0.0, 0.0];
    let mut least = squares(points, best);
    for free in [[true, false], [false, true], [true, true]] {
        let found = search(points, free, begin(points, free));
        let squares = squares(points, found);
        if squares < least {
            (best, least) = (found, squares);
        }
    }
    law(points, best)
}

/// The law with these coefficients and the best gamma.
fn law(points: &[(f64, f64)], [sigma, kappa]: [f64; 2]) -> Usl {
    let one = Usl {
        gamma: 1.0,
        sigma,
        kappa,
    };
    let (mut with, mut of) = (0.0, 0.0);
    for (workers, throughput) in points {
        let scale = one.throughput(*workers);
        with += scale * throughput;
        of += scale * scale;
    }
    Usl {
        gamma: with / of,
        ..one
    }
}

fn residuals(points: &[(f64, f64)], coefficients: [f64; 2]) -> Vec<f64> {
    let law = law(points, coefficients);
    let residual = |(workers, throughput): &(f64, f64)| throughput - law.throughput(*workers);
    points.iter().map(residual).collect()
}

fn squares(points: &[(f64, f64)], coefficients: [f64; 2]) -> f64 {
    let residuals = residuals(points, coefficients);
    residuals.iter().map(|residual| residual * residual).sum()
}

/// Where to begin: N / X is linear in the coefficients, which makes a rough fit that cannot go astray.
/// Here from the first point and the last one.
fn begin(points: &[(f64, f64)], free: [bool; 2]) -> [f64; 2] {
    let by_workers = |a: &&(f64, f64), b: &&(f64, f64)| a.0.total_cmp(&b.0);
    let (Some(first), Some(last)) = (
        points.iter().min_by(by_workers),
        points.iter().max_by(by_workers),
    ) else {
        return [0.0, 0.0];
    };
    let lost = ((last.0 / last.1) / (first.0 / first.1) - 1.0).max(1e-6);
    let sigma = lost / (last.0 - first.0);
    let kappa = sigma / last.0;
    match free {
        [true, true] => [sigma / 2.0, kappa / 2.0],
        [true, false] => [sigma, 0.0],
        [false, true] => [0.0, kappa],
        [false, false] => [0.0, 0.0],
    }
}

/// Levenberg and Marquardt's search over the free coefficients, which stay at 0 or above.
fn search(points: &[(f64, f64)], free: [bool; 2], from: [f64; 2]) -> [f64; 2] {
    let (mut here, mut least) = (from, squares(points, from));
    let mut damping = 1e-3;
    for _ in 0..STEPS {
        let Some(step) = step(points, free, here, damping) else {
            break;
        };
        let there = [(here[0] + step[0]).max(0.0), (here[1] + step[1]).max(0.0)];
        let found = squares(points, there);
        if found < least {
            let done = least - found <= GOOD_ENOUGH * least;
            (here, least) = (there, found);
            damping /= 10.0;
            if done {
                break;
            }
        } else if damping > 1e12 {
            break;
        } else {
            damping *= 10.0;
        }
    }
    here
}

/// The damped step; `None` where there is no direction to go.
fn step(points: &[(f64, f64)], free: [bool; 2], at: [f64; 2], damping: f64) -> Option<[f64; 2]> {
    let residuals = residuals(points, at);
    let slopes = [slope(points, at, 0), slope(points, at, 1)];
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let pull = [
        product(&slopes[0], &residuals),
        product(&slopes[1], &residuals),
    ];
    let curve = [
        product(&slopes[0], &slopes[0]),
        product(&slopes[1], &slopes[1]),
    ];
    let mixed = product(&slopes[0], &slopes[1]);
    let damped = curve.map(|curve| curve * (1.0 + damping));
    let step = match free {
        [false, false] => return None,
        [true, false] => [pull[0] / damped[0], 0.0],
        [false, true] => [0.0, pull[1] / damped[1]],
        [true, true] => {
            let determinant = damped[0] * damped[1] - mixed * mixed;
            [
                (pull[0] * damped[1] - pull[1] * mixed) / determinant,
                (pull[1] * damped[0] - pull[0] * mixed) / determinant,
            ]
        }
    };
    step.iter().all(|part| part.is_finite()).then_some(step)
}

/// By how much the fitted throughputs rise with a coefficient, by a small difference to both sides.
fn slope(points: &[(f64, f64)], at: [f64; 2], which: usize) -> Vec<f64> {
    let width = 1e-6 * (at[which] + 0.1);
    let (mut below, mut above) = (at, at);
    below[which] -= width;
    above[which] += width;
    let (below, above) = (law(points, below), law(points, above));
    let rise = |(workers, _): &(f64, f64)| {
        (above.throughput(*workers) - below.throughput(*workers)) / (2.0 * width)
    };
    points.iter().map(rise).collect()
}
