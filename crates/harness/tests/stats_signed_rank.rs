//! The signed-rank distribution against published tables and against counting.
#![cfg(feature = "measure")]

use harness::stats::null::Null;
use harness::stats::signed_rank::{EXACT_UP_TO, signed_rank};

// Critical values of T, two-sided, 5 %: McCornack, R. L. (1965), "Extended tables of the Wilcoxon
// matched pair signed rank statistic", Journal of the American Statistical Association 60, 864-871.
// Recomputed with integers in Python (n = 16 is 29; some older tables print 30).
const FIVE_PERCENT: [(usize, usize); 28] = [
    (6, 0),
    (7, 2),
    (8, 3),
    (9, 5),
    (10, 8),
    (11, 10),
    (12, 13),
    (13, 17),
    (14, 21),
    (15, 25),
    (16, 29),
    (17, 34),
    (18, 40),
    (19, 46),
    (20, 52),
    (21, 58),
    (22, 65),
    (23, 73),
    (24, 81),
    (25, 89),
    (26, 98),
    (27, 107),
    (28, 116),
    (29, 126),
    (30, 137),
    (40, 264),
    (50, 434),
    (60, 648),
];

// The same at 1 %.
const ONE_PERCENT: [(usize, usize); 9] = [
    (8, 0),
    (9, 1),
    (10, 3),
    (12, 7),
    (15, 15),
    (20, 37),
    (25, 68),
    (30, 109),
    (50, 373),
];

#[test]
fn critical_values_are_the_published_ones() {
    for (n, critical) in FIVE_PERCENT {
        assert_eq!(signed_rank(n).critical(0.95), Some(critical), "n = {n}");
    }
    for (n, critical) in ONE_PERCENT {
        assert_eq!(signed_rank(n).critical(0.99), Some(critical), "n = {n}");
    }
}

#[test]
fn few_differences_have_no_critical_value() {
    for n in 0..6 {
        assert_eq!(signed_rank(n).critical(0.95), None, "n = {n}");
    }
    assert_eq!(signed_rank(7).critical(0.99), None);
    // All of one sign has probability 2 / 2^5: a level of 93.75 %, and no more.
    assert_eq!(signed_rank(5).critical(0.9375), Some(0));
    assert_eq!(signed_rank(5).critical(0.938), None);
}

#[test]
fn probabilities_are_those_of_all_sign_patterns() {
    for n in 1..=12_usize {
        let sum = |signs: u32| {
            (0..n)
                .filter(|i| signs >> i & 1 == 1)
                .map(|i| i + 1)
                .sum::<usize>()
        };
        let sums: Vec<usize> = (0..1 << n).map(sum).collect();
        let distribution = signed_rank(n);
        for t in 0..=distribution.greatest() {
            let counted = sums.iter().filter(|sum| **sum <= t).count() as f64 / sums.len() as f64;
            let difference = (distribution.at_most(t) - counted).abs();
            assert!(difference < 1e-15, "n = {n}, t = {t}: {difference}");
        }
    }
}

#[test]
fn sixty_differences_are_exact() {
    // 56855660883395047 / 2^60, counted with Python's integers.
    let exact = 0.049_314_424_838_300_82;
    assert!((signed_rank(60).at_most(690) - exact).abs() < 1e-15);
}

#[test]
fn approximation_goes_on_where_exactness_ends() {
    let (last, first) = (signed_rank(EXACT_UP_TO), signed_rank(EXACT_UP_TO + 1));
    for share in [0.40, 0.45, 0.48, 0.5, 0.52, 0.55, 0.6] {
        let at = |one: &Null| one.at_most((one.greatest() as f64 * share) as usize);
        assert!(
            (at(&last) - at(&first)).abs() < 1e-3,
            "{share}: {} {}",
            at(&last),
            at(&first)
        );
    }
    // What T does below its mean it does above it.
    for t in [1, 20_000, first.greatest() / 2, 60_000] {
        let both = first.at_most(t) + first.at_most(first.greatest() - 1 - t);
        assert!((both - 1.0).abs() < 1e-6, "{t}: {both}");
    }
    // The quantile of the normal distribution at 2.5 %, as everywhere: -1.95996.
    let n = (EXACT_UP_TO + 1) as f64;
    let deviation = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
    let expected = n * (n + 1.0) / 4.0 - 1.959_96 * deviation - 0.5;
    let critical = first.critical(0.95).expect("enough differences") as f64;
    assert!((critical - expected).abs() <= 1.0, "{critical} {expected}");
}
