//! The median of one contestant and its bootstrap interval.
#![cfg(feature = "measure")]

use harness::stats::median::{bootstrap, exact, median_of};

#[test]
fn median_is_the_middle_or_the_mean_of_the_middle_two() {
    assert_eq!(median_of([]), None);
    assert_eq!(median_of([3.0]), Some(3.0));
    assert_eq!(median_of([9.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median_of([9.0, 1.0, 2.0, 3.0]), Some(2.5));
}

#[test]
fn interval_is_that_of_the_exact_bootstrap_distribution() {
    // The median of 9 values drawn from 1..=9 is at most k if 5 or more of them are, which has the
    // binomial probabilities 0.0014 (k = 1), 0.0287 (2), 0.1448 (3): the 2.5 % point is 2, and by
    // symmetry the 97.5 % point 8.
    let values: Vec<f64> = (1..=9).rev().map(f64::from).collect();
    let found = bootstrap(&values, 0.95, 1).expect("values");
    let interval = found.interval.expect("nine are enough");
    assert_eq!(
        (found.point, interval.low, interval.high, found.n),
        (5.0, 2.0, 8.0, 9)
    );
}

#[test]
fn seed_decides_alone() {
    let mut seed_matters = false;
    for n in 6..30 {
        let values: Vec<f64> = (0..n).map(|i| 100.0 + f64::from(i * i)).collect();
        let backwards: Vec<f64> = values.iter().rev().copied().collect();
        let found = bootstrap(&values, 0.95, 3);
        assert_eq!(found, bootstrap(&values, 0.95, 3), "n = {n}");
        assert_eq!(
            found,
            bootstrap(&backwards, 0.95, 3),
            "n = {n}: in another order"
        );
        seed_matters |= (0..10).any(|seed| bootstrap(&values, 0.95, seed) != found);
    }
    // The quantiles are steps, so most seeds agree on most of them, and not all on all.
    assert!(seed_matters);
}

#[test]
fn few_values_have_a_median_and_no_interval() {
    assert_eq!(bootstrap(&[], 0.95, 1), None);
    let five = bootstrap(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95, 1).expect("values");
    assert_eq!((five.point, five.interval), (3.0, None));
    let six = bootstrap(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0.95, 1).expect("values");
    assert!(six.interval.is_some());
}

/// Known from tables: with 6 values the range has 96.9 %; with 10 the second and the ninth have 97.9 %, with 20 the sixth
/// and the fifteenth 95.9 %.
#[test]
fn exact_interval_is_the_one_of_the_tables() {
    for (n, low, high, level) in [
        (6, 1.0, 6.0, 0.969),
        (10, 2.0, 9.0, 0.979),
        (20, 6.0, 15.0, 0.959),
    ] {
        let found = exact((1..=n).rev().map(f64::from), 0.95).expect("values");
        let interval = found.interval.expect("enough");
        assert_eq!((interval.low, interval.high), (low, high), "n = {n}");
        assert!((interval.level - level).abs() < 0.001, "{interval:?}");
    }
    assert_eq!(exact((1..=5).map(f64::from), 0.95).unwrap().interval, None);
    assert_eq!(exact([], 0.95), None);
    // About 2,000 / 2 - 0.98 * 2,000^(1/2), and no underflow.
    let many = exact((1..=2000).map(f64::from), 0.95).unwrap();
    let low = many.interval.expect("enough").low;
    assert!((low - 956.0).abs() <= 2.0, "{low}");
}
