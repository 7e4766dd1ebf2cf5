//! The table for people, on stdout.

use harness::contestant::{bytes, duration};

use crate::interval::median;
use crate::report::Cell;

const HEADER: [&str; 6] = [
    "way",
    "payload",
    "round trip",
    "95 % interval",
    "messages/s",
    "bytes/s",
];

/// The table of what each way costs, each line ending in a line feed. What was not measured is left out.
pub(crate) fn cells(cells: &[Cell]) -> String {
    let measured = |cell: &&Cell| !(cell.round_trip_ns.is_empty() && cell.message_ns.is_empty());
    let rows: Vec<_> = cells.iter().filter(measured).map(row).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([HEADER[column].len()]).max().unwrap_or(0)
    };
    let widths: [usize; HEADER.len()] = std::array::from_fn(width);
    let line = |cells: [&str; HEADER.len()]| {
        let mut text = format!("{:<width$}", cells[0], width = widths[0]);
        for (cell, width) in cells.iter().zip(widths).skip(1) {
            text += &format!("  {cell:>width$}");
        }
        text.trim_end().to_owned() + "\n"
    };
    let mut text = line(HEADER);
    for row in &rows {
        text += &line(row.each_ref().map(String::as_str));
    }
    text
}

fn row(cell: &Cell) -> [String; HEADER.len()] {
    let trip = median(&cell.round_trip_ns);
    let message = median(&cell.message_ns).map(|(ns, _)| ns.max(0.1));
    let interval = trip.and_then(|(_, interval)| interval);
    let cells = [
        trip.map(|(ns, _)| nanoseconds(ns)),
        interval.map(|(low, high)| format!("{} to {}", nanoseconds(low), nanoseconds(high))),
        message.map(|ns| grouped(1e9 / ns)),
        message.map(|ns| bytes((cell.payload as f64 * 1e9 / ns) as u64)),
    ];
    let [trip, interval, rate, volume] = cells.map(Option::unwrap_or_default);
    let payload = cell.payload().to_string();
    [cell.way.clone(), payload, trip, interval, rate, volume]
}

/// Like all durations, but for those of a few nanoseconds, which need a digit more.
fn nanoseconds(ns: f64) -> String {
    if ns < 99.95 {
        format!("{ns:.1} ns")
    } else {
        duration(ns.round() as u64)
    }
}

/// `1,230,000`: three digits that count.
fn grouped(value: f64) -> String {
    let places = (value.max(1.0).log10().floor() as i32 - 2).max(0);
    let step = 10_f64.powi(places);
    let digits = format!("{:.0}", (value / step).round() * step);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(way: &str, payload: u64, round_trip_ns: &[f64], message_ns: &[f64]) -> Cell {
        Cell {
            way: way.to_owned(),
            payload,
            round_trip_ns: round_trip_ns.to_vec(),
            message_ns: message_ns.to_vec(),
        }
    }

    #[test]
    fn a_row_says_what_was_measured_and_no_more() {
        let table = cells(&[
            cell("pipe", 4096, &[9e3, 11e3, 10e3, 12e3, 8e3, 10e3], &[1234.0]),
            cell("in-place-spin", 0, &[97.3], &[]),
            cell("touch", 64 << 20, &[], &[20e6]),
            cell("tokio", 1, &[], &[]),
        ]);
        let expected = "\
way            payload  round trip         95 % interval  messages/s    bytes/s
pipe              4KiB     10.0 us  8.00 us to 12.0 us     810,000  3.32 GB
in-place-spin       0B     97.3 ns
touch            64MiB                                          50  3.36 GB
";
        let words = |text: &str| {
            let lines = text
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            lines.collect::<Vec<_>>()
        };
        assert_eq!(words(&table), words(expected));
    }

    #[test]
    fn rates_have_three_digits() {
        for (value, text) in [
            (0.26, "0"),
            (12.0, "12"),
            (1234.0, "1,230"),
            (9_876_543.0, "9,880,000"),
        ] {
            assert_eq!(grouped(value), text);
        }
    }
}
