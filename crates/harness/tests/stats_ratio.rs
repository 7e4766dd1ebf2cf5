//! Ratios of paired times against published examples and an independent implementation.
#![cfg(feature = "measure")]

use harness::stats::MARGIN;
use harness::stats::ratio::{PairedTimes, RatioEstimate};
use harness::stats::verdict::Comparable;
use proptest::collection::vec;
use proptest::prelude::*;

/// Depression scores before and after a tranquillizer: Hollander, M. and Wolfe, D. A. (1973),
/// "Nonparametric Statistical Methods", table 3.1; also the example of R's `wilcox.test`.
const BEFORE: [f64; 9] = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
#[expect(clippy::approx_constant, reason = "a score of 3.14, which is not pi")]
const AFTER: [f64; 9] = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];

/// Made with numpy; what is expected of them was computed with scipy 1.17.1 (`wilcoxon`, method
/// "exact", of the log ratios) and with numpy from the Walsh averages.
const TEN: [(f64, f64); 10] = [
    (103.6, 93.9),
    (98.4, 101.4),
    (102.9, 100.8),
    (106.7, 99.1),
    (96.3, 88.2),
    (100.7, 97.3),
    (93.7, 99.8),
    (96.6, 100.6),
    (94.0, 92.6),
    (101.8, 97.6),
];

fn estimate(pairs: &[(f64, f64)]) -> RatioEstimate {
    PairedTimes::new(pairs).expect("sound times").estimate(0.95)
}

fn close(a: f64, b: f64) -> bool {
    (a / b).ln().abs() < 1e-9
}

#[test]
fn published_example_comes_out() {
    // Differences of scores are log ratios of their exponentials.
    let pairs: Vec<_> = BEFORE
        .iter()
        .zip(AFTER)
        .map(|(a, b)| (a.exp(), b.exp()))
        .collect();
    let times = PairedTimes::new(&pairs).expect("sound times");
    let found = times.estimate(0.95);
    let interval = found.interval.expect("nine are enough");
    // Hollander and Wolfe, examples 3.3 and 3.4: 0.46, and 0.010 to 0.786 at 96.1 %.
    assert!(close(found.point, 0.46_f64.exp()), "{found:?}");
    assert!(close(interval.low, 0.010_f64.exp()), "{found:?}");
    assert!(close(interval.high, 0.786_f64.exp()), "{found:?}");
    assert!((interval.level - 0.960_937_5).abs() < 1e-12, "{found:?}");
    // R: V = 40, p-value = 0.03906 (two-sided).
    assert!((times.p_same() - 0.039_062_5).abs() < 1e-12);
}

#[test]
fn independent_implementation_agrees() {
    let times = PairedTimes::new(&TEN).expect("sound times");
    let found = times.estimate(0.95);
    let interval = found.interval.expect("ten are enough");
    assert!(close(found.point, 1.024_983_203_447_086_5), "{found:?}");
    assert!(close(interval.low, 0.985_741_043_963_971_9), "{found:?}");
    assert!(close(interval.high, 1.067_155_805_031_038), "{found:?}");
    assert!((interval.level - 0.951_171_875).abs() < 1e-12, "{found:?}");
    assert!((times.p_same() - 0.232_421_875).abs() < 1e-12);
}

#[test]
fn interval_needs_six_blocks() {
    let pairs = |n: u8| {
        (1..=n)
            .map(|i| (f64::from(i) + 10.0, 10.0))
            .collect::<Vec<_>>()
    };
    assert!(estimate(&pairs(5)).interval.is_none());
    let six = estimate(&pairs(6));
    let interval = six.interval.expect("six are enough");
    // From the least ratio to the greatest, at 1 - 2 / 2^6.
    assert!(
        close(interval.low, 1.1) && close(interval.high, 1.6),
        "{six:?}"
    );
    assert!((interval.level - 0.968_75).abs() < 1e-12);
}

#[test]
fn times_that_cannot_be_are_refused() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(
            PairedTimes::new(&[(1.0, 1.0), (bad, 1.0)]).is_none(),
            "{bad}"
        );
        assert!(
            PairedTimes::new(&[(1.0, 1.0), (1.0, bad)]).is_none(),
            "{bad}"
        );
    }
    assert!(PairedTimes::new(&[]).is_none());
}

#[test]
fn equal_times_are_equal_for_certain_and_never_a_difference() {
    let times = PairedTimes::new(&[(2.0, 2.0); 10]).expect("sound times");
    let interval = times.estimate(0.95).interval.expect("ten are enough");
    assert!(close(interval.low, 1.0) && close(interval.high, 1.0));
    assert!(!interval.excludes(1.0));
    assert!(times.p_same() > 0.999);
    assert!(times.p_beyond(MARGIN) < 0.001);
}

prop_compose! {
    /// Whole numbers within a narrow range, so that ties are common.
    fn tied_times()(pairs in vec((90..110_u32, 90..110_u32), 1..30)) -> Vec<(f64, f64)> {
        pairs.into_iter().map(|(a, b)| (f64::from(a), f64::from(b))).collect()
    }
}

proptest! {
    #[test]
    fn unit_of_times_does_not_matter(pairs in tied_times(), unit in 0.001..1000.0) {
        let scaled: Vec<_> = pairs.iter().map(|(a, b)| (a * unit, b * unit)).collect();
        let (plain, scaled) = (estimate(&pairs), estimate(&scaled));
        prop_assert!(close(plain.point, scaled.point));
        prop_assert_eq!(plain.interval.is_some(), scaled.interval.is_some());
        if let (Some(plain), Some(scaled)) = (plain.interval, scaled.interval) {
            prop_assert!(close(plain.low, scaled.low) && close(plain.high, scaled.high));
        }
    }

    #[test]
    fn one_contestant_slower_makes_the_ratio_greater(pairs in tied_times(), factor in 0.1..10.0) {
        let slower: Vec<_> = pairs.iter().map(|(a, b)| (a * factor, *b)).collect();
        prop_assert!(close(estimate(&pairs).point * factor, estimate(&slower).point));
    }

    #[test]
    fn swapping_inverts(pairs in tied_times()) {
        let swapped: Vec<_> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
        let (plain, swapped) = (estimate(&pairs).inverted(), estimate(&swapped));
        prop_assert!(close(plain.point, swapped.point));
        prop_assert_eq!(plain.interval.is_some(), swapped.interval.is_some());
        if let (Some(plain), Some(swapped)) = (plain.interval, swapped.interval) {
            prop_assert!(close(plain.low, swapped.low) && close(plain.high, swapped.high));
        }
    }

    #[test]
    fn order_of_blocks_does_not_matter(pairs in tied_times()) {
        let mut reversed = pairs.clone();
        reversed.reverse();
        prop_assert_eq!(estimate(&pairs), estimate(&reversed));
    }

    #[test]
    fn interval_and_p_value_never_contradict(pairs in tied_times()) {
        let times = PairedTimes::new(&pairs).expect("sound times");
        let Some(interval) = times.estimate(0.95).interval else { return Ok(()) };
        prop_assert!(interval.low <= interval.high && interval.level >= 0.95);
        prop_assert_eq!(interval.excludes(1.0), times.p_same() <= 0.05);
        prop_assert_eq!(interval.is_within(MARGIN), times.p_beyond(MARGIN) <= 0.025);
    }
}
