//! What may be claimed: verdicts, several comparisons at once, outliers.
#![cfg(feature = "measure")]

use harness::stats::MARGIN;
use harness::stats::holm::holm;
use harness::stats::outliers::outliers;
use harness::stats::ratio::PairedTimes;
use harness::stats::verdict::{Verdict, blocks_needed, judge};

/// So many blocks with ratios around `ratio`, up to `spread` away, evenly to both sides.
fn blocks(n: u32, ratio: f64, spread: f64) -> PairedTimes {
    let away = |i: u32| spread * (2.0 * f64::from(i) / f64::from(n - 1).max(1.0) - 1.0);
    let pairs: Vec<_> = (0..n).map(|i| (ratio * (1.0 + away(i)), 1.0)).collect();
    PairedTimes::new(&pairs).expect("sound times")
}

fn alone(times: PairedTimes) -> Verdict {
    judge(&[times], MARGIN)[0].verdict
}

#[test]
fn interval_off_1_is_faster_or_slower_by_the_right_factor() {
    let Verdict::Faster { times, interval } = alone(blocks(10, 0.5, 0.05)) else {
        panic!()
    };
    assert!((1.9..2.1).contains(&times) && interval.low < times && times < interval.high);
    let Verdict::Slower { times, interval } = alone(blocks(10, 2.0, 0.05)) else {
        panic!()
    };
    assert!((1.9..2.1).contains(&times) && interval.low < times && times < interval.high);
}

#[test]
fn interval_inside_the_margin_is_equivalent_even_off_1() {
    assert_eq!(
        alone(blocks(10, 1.0, 0.01)),
        Verdict::Equivalent { margin: MARGIN }
    );
    assert_eq!(
        alone(blocks(10, 1.02, 0.005)),
        Verdict::Equivalent { margin: MARGIN }
    );
}

#[test]
fn interval_over_1_and_the_margin_shows_nothing() {
    let nothing = Verdict::NoDifferenceShown { held_back: false };
    assert_eq!(alone(blocks(10, 1.0, 0.2)), nothing);
}

#[test]
fn interval_off_1_that_leaves_the_margin_is_a_difference() {
    assert!(matches!(
        alone(blocks(10, 1.03, 0.02)),
        Verdict::Slower { .. }
    ));
}

#[test]
fn five_blocks_are_too_few() {
    assert_eq!(
        alone(blocks(5, 9.0, 0.01)),
        Verdict::TooFewBlocks { needed: 6 }
    );
    assert!(matches!(
        alone(blocks(6, 9.0, 0.01)),
        Verdict::Slower { .. }
    ));
}

#[test]
fn six_blocks_are_too_few_for_two_comparisons() {
    let judged = judge(&[blocks(6, 9.0, 0.01), blocks(6, 9.0, 0.01)], MARGIN);
    for one in judged {
        assert!(one.ratio.interval.is_some());
        assert_eq!(one.verdict, Verdict::TooFewBlocks { needed: 7 });
    }
    // 2 / 2^n x comparisons <= 0.05.
    assert_eq!([1, 2, 3, 4, 12].map(blocks_needed), [6, 7, 7, 8, 9]);
}

#[test]
fn weak_difference_is_held_back_among_several_comparisons() {
    // All but the two least of eight ratios are above 1: p is 0.04.
    let ratios = [0.996, 0.998, 1.05, 1.08, 1.09, 1.11, 1.12, 1.14];
    let pairs = ratios.map(|ratio| (ratio, 1.0));
    let weak = PairedTimes::new(&pairs).expect("sound times");
    assert!(matches!(alone(weak.clone()), Verdict::Slower { .. }));
    let judged = judge(&[weak, blocks(8, 1.0, 0.3)], MARGIN);
    assert!(
        judged[0].p <= 0.05 && judged[0].p_holm > 0.05,
        "{:?}",
        judged[0]
    );
    assert!(
        judged[0]
            .ratio
            .interval
            .is_some_and(|interval| interval.low > 1.0)
    );
    assert_eq!(
        judged[0].verdict,
        Verdict::NoDifferenceShown { held_back: true }
    );
    assert_eq!(
        judged[1].verdict,
        Verdict::NoDifferenceShown { held_back: false }
    );
}

#[test]
fn holm_is_that_of_r() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02.
    let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
    for (found, expected) in corrected.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        assert!((found - expected).abs() < 1e-12, "{corrected:?}");
    }
    assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
    assert!(holm(&[]).is_empty());
}

#[test]
fn far_blocks_are_flagged_and_only_they() {
    let mut values: Vec<f64> = (0..20).map(|i| f64::from(i) / 1000.0).collect();
    assert!(outliers(&values).is_empty());
    values[7] = 0.4;
    values[12] = -0.4;
    assert_eq!(outliers(&values), [7, 12]);
}

#[test]
fn nothing_is_flagged_where_there_is_no_scale() {
    assert!(outliers(&[]).is_empty());
    assert!(outliers(&[1.0]).is_empty());
    assert!(outliers(&[1.0, 1.0, 1.0, 5.0]).is_empty());
}
