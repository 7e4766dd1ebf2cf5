//! Figures as people read them.

use crate::report::numbers::{count, margin, memory, ratio, share, time};
use crate::stats::Interval;

fn with(low: f64, high: f64) -> Interval {
    Interval {
        low,
        high,
        level: 0.95,
    }
}

fn ratio_text(point: f64, low: f64, high: f64) -> String {
    let figures = ratio(point, Some(with(low, high)));
    let (low, high) = figures.ends.as_ref().expect("an interval");
    format!("{} {low} {high}", figures.point())
}

#[test]
fn times_have_three_digits_and_a_sensible_unit() {
    let cases = [
        (0.412_34, "412 ms"),
        (0.041_234, "41.2 ms"),
        (0.004_123, "4.12 ms"),
        (4.1234, "4.12 s"),
        (41.234, "41.2 s"),
        (1234.5, "1,230 s"),
        (0.999_96, "1.00 s"),
        (0.999_4, "999 ms"),
        (0.000_412_3, "412 µs"),
        (0.000_000_012, "12.0 ns"),
    ];
    for (seconds, expected) in cases {
        assert_eq!(time(seconds, None).point(), expected);
    }
}

#[test]
fn ends_of_an_interval_have_the_unit_and_decimals_of_the_estimate() {
    let figures = time(0.95, Some(with(0.9, 1.05)));
    assert_eq!(
        (figures.point().as_str(), figures.ends),
        ("950 ms", Some(("900".into(), "1,050".into())))
    );
    assert_eq!(ratio_text(1.8123, 1.744, 1.879), "1.81x 1.74 1.88");
    let figures = ratio(1.8123, Some(with(1.744, 1.879)));
    assert_eq!(figures.to_string(), "1.81x (1.74–1.88)");
    assert_eq!(time(0.95, None).to_string(), "950 ms");
    assert_eq!(ratio_text(0.5521, 0.532, 1.0201), "0.552x 0.532 1.020");
    assert_eq!(ratio_text(1.0073, 1.0062, 1.0081), "1.007x 1.006 1.008");
    assert_eq!(ratio_text(1.2, 1.1999, 1.2001), "1.20x 1.20 1.20");
    assert_eq!(
        ratio_text(58_123.0, 57_000.0, 59_999.0),
        "58,100x 57,000 60,000"
    );
}

#[test]
fn interval_that_leaves_out_1_never_reads_as_if_it_did_not() {
    assert_eq!(ratio_text(1.008, 1.003, 1.012), "1.008x 1.003 1.012");
    assert_eq!(ratio_text(0.9996, 0.9992, 0.9999), "0.9996x 0.9992 0.9999");
    assert_eq!(ratio_text(10.2, 1.04, 11.0), "10.20x 1.04 11.00");
    // One that holds 1 may.
    assert_eq!(ratio_text(1.003, 0.999, 1.012), "1.00x 1.00 1.01");
}

#[test]
fn nothing_reads_as_zero_that_is_not() {
    assert_eq!(ratio_text(12.3, 0.004, 20.0), "12.300x 0.004 20.000");
    assert_eq!(share(0.0), "0 %");
    assert_eq!(share(0.0004), "<0.1 %");
    assert_eq!(share(0.032), "3.2 %");
    assert_eq!(share(0.0996), "10 %");
    assert_eq!(share(0.97), "97 %");
    assert_eq!(share(1.234), "123 %");
}

#[test]
fn sizes_and_counts_are_words() {
    assert_eq!(memory(8_321_499_136), "7.75 GiB");
    assert_eq!(memory(512), "512 bytes");
    assert_eq!(
        (count(1, "block"), count(0, "block")),
        ("1 block".into(), "0 blocks".into())
    );
    assert_eq!(
        (margin(0.03), margin(0.025)),
        ("3 %".into(), "2.5 %".into())
    );
}
