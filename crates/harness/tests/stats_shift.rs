//! Comparisons of unpaired times against published tables and an independent implementation.
#![cfg(feature = "measure")]

use harness::stats::MARGIN;
use harness::stats::null::Null;
use harness::stats::rank_sum::rank_sum;
use harness::stats::shift::UnpairedTimes;
use harness::stats::verdict::{Comparable, Verdict, judge};
use proptest::collection::vec;
use proptest::prelude::*;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Permeability of the placenta at term and earlier: Hollander, M. and Wolfe, D. A. (1973),
/// "Nonparametric Statistical Methods", table 4.1; also the example of R's `wilcox.test`.
const TERM: [f64; 10] = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const EARLIER: [f64; 5] = [1.15, 0.88, 0.90, 0.74, 1.21];

/// Made with numpy; what is expected of them was computed with scipy 1.17.1 (`mannwhitneyu`, method
/// "exact", of the logarithms) and with numpy from the differences.
const FIRST: [f64; 9] = [100.2, 97.2, 103.6, 107.8, 112.5, 105.8, 101.6, 100.3, 110.0];
const SECOND: [f64; 12] = [
    110.3, 101.7, 92.9, 94.4, 110.1, 101.2, 90.1, 99.5, 93.3, 96.3, 97.1, 95.8,
];

fn times(first: &[f64], second: &[f64]) -> UnpairedTimes {
    UnpairedTimes::new(first, second).expect("sound times")
}

fn close(a: f64, b: f64) -> bool {
    (a / b).ln().abs() < 1e-9
}

#[test]
fn critical_values_are_those_of_the_published_table() {
    // Two-sided, 5 %: Mann and Whitney's table as extended by Auble, D. (1953), Bulletin of the Institute
    // of Educational Research at Indiana University 1(2).
    let table = [
        (4, 4, 0),
        (5, 5, 2),
        (5, 8, 6),
        (6, 6, 5),
        (8, 10, 17),
        (10, 10, 23),
        (12, 15, 49),
        (20, 20, 127),
    ];
    for (m, n, critical) in table {
        assert_eq!(rank_sum(m, n).critical(0.95), Some(critical), "{m}, {n}");
        assert_eq!(rank_sum(n, m).critical(0.95), Some(critical), "{n}, {m}");
    }
    assert_eq!(rank_sum(3, 4).critical(0.95), None);
}

#[test]
fn published_example_comes_out() {
    let [first, second] =
        [&TERM[..], &EARLIER].map(|side| side.iter().map(|x| x.exp()).collect::<Vec<_>>());
    let times = times(&first, &second);
    let found = times.estimate(0.95);
    let interval = found.interval.expect("enough");
    // R: wilcox.test(x, y, conf.int = TRUE): W = 35, p-value = 0.2544; 0.305, -0.15 to 0.76.
    assert!(close(found.point, 0.305_f64.exp()), "{found:?}");
    assert!(close(interval.low, (-0.15_f64).exp()), "{found:?}");
    assert!(close(interval.high, 0.76_f64.exp()), "{found:?}");
    assert!(
        (interval.level - 0.960_039_960_04).abs() < 1e-9,
        "{found:?}"
    );
    assert!((times.p_same() - 0.254_412_254_412).abs() < 1e-9);
    assert_eq!(found.n, 5);
}

#[test]
fn independent_implementation_agrees() {
    let times = times(&FIRST, &SECOND);
    let found = times.estimate(0.95);
    let interval = found.interval.expect("enough");
    assert!(close(found.point, 1.064_266_562_747_752), "{found:?}");
    assert!(
        close(interval.low, 1.007_035_175_879_397) && close(interval.high, 1.119_418_483_904_466),
        "{found:?}"
    );
    assert!((interval.level - 0.950_927_091_484_367).abs() < 1e-12);
    assert!((times.p_same() - 0.033_865_206_001_429).abs() < 1e-12);
    assert!((times.p_beyond(0.2) - 0.000_040_826_047_018).abs() < 1e-12);
}

#[test]
fn normal_approximation_meets_the_exact_distribution() {
    let (exact, approximate) = (rank_sum(100, 100), rank_sum(100, 101));
    for share in [0.3, 0.4, 0.45, 0.5, 0.55] {
        let at = |sum: &Null| sum.at_most((sum.greatest() as f64 * share) as usize);
        assert!((at(&exact) - at(&approximate)).abs() < 0.006, "{share}");
    }
}

#[test]
fn verdicts_are_those_of_paired_times() {
    let before: Vec<f64> = (0..20).map(|i| 100.0 + f64::from(i) / 10.0).collect();
    let after = |by: f64| {
        before
            .iter()
            .map(|time| time * by + 0.01)
            .collect::<Vec<_>>()
    };
    let verdict = |by| judge(&[times(&after(by), &before)], MARGIN)[0].verdict;
    assert!(matches!(verdict(0.5), Verdict::Faster { .. }));
    assert!(matches!(verdict(2.0), Verdict::Slower { .. }));
    assert!(matches!(verdict(1.0), Verdict::Equivalent { .. }));
    let few = judge(&[times(&[1.0, 2.0, 3.0], &[7.0, 8.0, 9.0])], MARGIN)[0].verdict;
    assert_eq!(few, Verdict::TooFewBlocks { needed: 4 });
}

#[test]
fn sides_without_sound_times_are_refused() {
    for bad in [&[][..], &[0.0], &[-1.0], &[f64::NAN], &[f64::INFINITY]] {
        assert!(UnpairedTimes::new(bad, &[1.0]).is_none(), "{bad:?}");
        assert!(UnpairedTimes::new(&[1.0], bad).is_none(), "{bad:?}");
    }
}

#[test]
fn interval_covers_a_known_shift_where_runs_do_not_hang_together() {
    const TRUTH: f64 = 1.05;
    let mut random = Pcg64::seed_from_u64(11);
    let mut run = |seconds: f64| {
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let tail = if uniform() < 0.08 {
            -0.15 * (1.0 - uniform()).ln()
        } else {
            0.0
        };
        let normal = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        seconds * (0.02 * normal + tail).exp()
    };
    for n in [10, 20] {
        let mut covered = 0;
        for _ in 0..2000 {
            let first: Vec<f64> = (0..n).map(|_| run(TRUTH)).collect();
            let second: Vec<f64> = (0..n).map(|_| run(1.0)).collect();
            let interval = times(&first, &second)
                .estimate(0.95)
                .interval
                .expect("enough");
            covered += u32::from(!interval.excludes(TRUTH));
        }
        let share = f64::from(covered) / 2000.0;
        println!("n = {n}: unpaired {:.1} %", share * 100.0);
        // Achieved levels are 95.7 % and 95.0 %; the standard error is 0.5 %.
        assert!((0.935..=0.975).contains(&share), "n = {n}: {share}");
    }
}

proptest! {
    #[test]
    fn test_and_interval_never_contradict_each_other(
        first in vec(0.5_f64..2.0, 4..12), second in vec(0.5_f64..2.0, 4..12)
    ) {
        let times = times(&first, &second);
        let interval = times.estimate(0.95).interval.expect("enough");
        prop_assert_eq!(times.p_same() <= 0.05, interval.excludes(1.0));
        let swapped = UnpairedTimes::new(&second, &first).expect("sound times");
        prop_assert!((times.p_same() - swapped.p_same()).abs() < 1e-9);
        prop_assert!(close(times.estimate(0.95).point, swapped.estimate(0.95).inverted().point));
    }
}
