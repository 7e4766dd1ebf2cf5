//! Tables for people, on stdout.

use crate::report::Count;

/// The table of what was counted, each line ending in a line feed.
pub(crate) fn counts(counts: &[Count]) -> String {
    let header = [
        "mechanism",
        "expected",
        "counted",
        "lost",
        "ns/increment",
        "waiting",
        "fairness",
    ];
    let rows = counts.iter().map(|count| {
        [
            count.mechanism.clone(),
            grouped(count.expected),
            grouped(count.counted),
            lost(count),
            nanoseconds(count.nanoseconds()),
            count
                .waiting
                .map_or_else(|| "?".to_owned(), |share| format!("{:.0} %", share * 100.0)),
            format!("{:.2}", count.fairness),
        ]
    });
    aligned(&header, &rows.collect::<Vec<_>>())
}

/// Columns as wide as their widest cell: the first to the left, all others to the right.
pub(crate) fn aligned<const N: usize>(header: &[&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([header[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let mut text = format!("{:<width$}", cells[0], width = widths[0]);
        for (cell, width) in cells.iter().zip(widths).skip(1) {
            text += &format!("  {cell:>width$}");
        }
        text + "\n"
    };
    let mut text = line(*header);
    for row in rows {
        text += &line(row.each_ref().map(String::as_str));
    }
    text
}

/// No digits where nothing is missing, so that what is lost stands out.
fn lost(count: &Count) -> String {
    match count.counted.cmp(&count.expected) {
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Less => {
            let percent = count.lost() * 100.0;
            if percent < 0.01 {
                "<0.01 %".to_owned()
            } else {
                format!("{percent:.2} %")
            }
        }
        std::cmp::Ordering::Greater => {
            format!("{} too many", grouped(count.counted - count.expected))
        }
    }
}

/// Three digits that count.
fn nanoseconds(value: f64) -> String {
    match value {
        v if v < 1.0 => format!("{v:.3}"),
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => grouped(v.round() as u64),
    }
}

/// `1,000,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
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

    fn count(counted: u64) -> Count {
        Count {
            mechanism: "atomic".to_owned(),
            expected: 1_000_000,
            counted,
            elapsed_ns: 8_512_000,
            busy_ns: 17_000_000,
            waiting: Some(0.126),
            fairness: 0.987,
        }
    }

    #[test]
    fn a_row_says_what_is_missing_and_what_it_cost() {
        let expected = "\
mechanism   expected    counted        lost  ns/increment  waiting  fairness
atomic     1,000,000  1,000,000           0          8.51     13 %      0.99
atomic     1,000,000    600,000     40.00 %          8.51     13 %      0.99
atomic     1,000,000    999,999     <0.01 %          8.51     13 %      0.99
atomic     1,000,000  1,000,002  2 too many          8.51     13 %      0.99
";
        assert_eq!(
            counts(&[1_000_000, 600_000, 999_999, 1_000_002].map(count)),
            expected
        );
    }

    #[test]
    fn nanoseconds_have_three_digits() {
        for (value, text) in [
            (0.1416, "0.142"),
            (8.512, "8.51"),
            (38.04, "38.0"),
            (58_312.0, "58,312"),
        ] {
            assert_eq!(nanoseconds(value), text);
        }
    }
}
