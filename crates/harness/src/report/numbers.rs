//! Figures as people read them: three significant digits, a sensible unit, never "0.00".

use std::fmt;

use crate::stats::Interval;

/// An estimate with its interval as text: the figures of both have equally many decimals.
pub struct Figures {
    /// The estimate.
    pub(super) point: String,
    /// The ends of the interval.
    pub(super) ends: Option<(String, String)>,
    /// `x`, or a unit with a space before it.
    pub(super) unit: &'static str,
}

/// The estimate with its interval, if it has one: `1.81x (1.74–1.88)`.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.point())?;
        match &self.ends {
            Some((low, high)) => write!(f, " ({low}–{high})"),
            None => Ok(()),
        }
    }
}

impl Figures {
    /// The estimate with its unit: `1.81x`, `412 ms`.
    pub(super) fn point(&self) -> String {
        format!("{}{}", self.point, self.unit)
    }
}

/// A ratio: `1.81x`, and `1.74` and `1.88`. An interval that leaves out 1 never reads as if it did not, and
/// one that is narrow has a third decimal: `1.006x`, and `1.005` and `1.007`.
pub fn ratio(point: f64, interval: Option<Interval>) -> Figures {
    figures(point, interval, 1.0, "x")
}

/// A time in seconds: `412 ms`, and `405` and `418`.
pub fn time(seconds: f64, interval: Option<Interval>) -> Figures {
    const UNITS: [(f64, &str); 3] = [(1.0, " s"), (1e-3, " ms"), (1e-6, " µs")];
    let rounded = three_digits(seconds);
    let unit = UNITS
        .into_iter()
        .find(|(size, _)| rounded >= *size)
        .unwrap_or((1e-9, " ns"));
    figures(seconds, interval, unit.0, unit.1)
}

fn figures(point: f64, interval: Option<Interval>, size: f64, unit: &'static str) -> Figures {
    let ends = interval.map(|interval| (interval.low / size, interval.high / size));
    let point = point / size;
    let excludes_1 = unit == "x" && interval.is_some_and(|interval| interval.excludes(1.0));
    let tells_all = |decimals: &usize| {
        let both = ends.into_iter().flat_map(|(low, high)| [low, high]);
        both.chain([point]).all(|value| {
            let reads = format!("{value:.decimals$}");
            reads.contains(|digit| ('1'..='9').contains(&digit))
                && !(excludes_1 && reads_as_1(&reads))
        })
    };
    let decimals = (decimals(point)..MOST_DECIMALS)
        .find(tells_all)
        .unwrap_or(MOST_DECIMALS);
    let differ = |decimals: usize| {
        ends.is_some_and(|(low, high)| plain(low, decimals) != plain(high, decimals))
    };
    let narrow = unit == "x" && decimals == 2 && !differ(2) && differ(3);
    let decimals = if narrow { 3 } else { decimals };
    let text = |value| plain(value, decimals);
    Figures {
        point: text(point),
        ends: ends.map(|(low, high)| (text(low), text(high))),
        unit,
    }
}

/// Whether it is `1`, `1.0`, `1.00` and so on.
fn reads_as_1(text: &str) -> bool {
    text == "1"
        || text
            .strip_prefix("1.")
            .is_some_and(|rest| rest.trim_matches('0').is_empty())
}

const MOST_DECIMALS: usize = 6;

/// A share: `97 %`, `3.2 %`, `0 %` only if there is none.
pub(super) fn share(value: f64) -> String {
    let percent = value * 100.0;
    if percent == 0.0 {
        "0 %".to_owned()
    } else if percent < 0.1 {
        "<0.1 %".to_owned()
    } else if rounded(percent, 1) < 10.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// A margin: `3 %`, `2.5 %`.
pub(super) fn margin(value: f64) -> String {
    format!("{} %", rounded(value * 100.0, 6))
}

/// Memory: `7.75 GiB`.
pub fn memory(bytes: u64) -> String {
    memory_in_range(bytes, None).point()
}

/// Memory with the least and the greatest that was seen: `7.75 GiB`, and `7.70` and `7.82`.
pub(super) fn memory_in_range(bytes: u64, range: Option<(u64, u64)>) -> Figures {
    const UNITS: [(f64, &str); 3] = [
        (1_073_741_824.0, " GiB"),
        (1_048_576.0, " MiB"),
        (1024.0, " KiB"),
    ];
    let bytes = bytes as f64;
    let (size, unit) = UNITS
        .into_iter()
        .find(|(size, _)| bytes >= *size)
        .unwrap_or((1.0, " bytes"));
    let text = |bytes: f64| plain(bytes / size, decimals(bytes / size));
    Figures {
        point: text(bytes),
        ends: range.map(|(least, most)| (text(least as f64), text(most as f64))),
        unit,
    }
}

/// A number without a unit: `1,230`, `0`, `12`.
pub(super) fn number(value: f64) -> String {
    if value < 999.5 {
        format!("{value:.0}")
    } else {
        plain(value, 0)
    }
}

/// How many of something: `1 block`, `20 blocks`.
pub(super) fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

/// How many decimals show three significant digits.
fn decimals(value: f64) -> usize {
    // `{:.2e}` rounds first: 9.996 is 1.00e1, and so wants one decimal.
    let text = format!("{:.2e}", value.abs());
    let exponent: i32 = text
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    usize::try_from(2 - exponent).unwrap_or(0)
}

fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn rounded(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

/// From 1,000 on: three significant digits, and commas between the thousands.
fn plain(value: f64, decimals: usize) -> String {
    if value < 999.5 {
        return format!("{value:.decimals$}");
    }
    let digits = format!("{:.0}", three_digits(value));
    let comma = |place: usize| place > 0 && (digits.len() - place).is_multiple_of(3);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if comma(place) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
