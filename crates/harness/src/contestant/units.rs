//! Figures for people.

/// A duration with three digits and a unit: `1.23 s`, `45.6 ms`, `789 us`.
pub fn duration(ns: u64) -> String {
    let ns = ns as f64;
    match ns {
        _ if ns >= 999.5e6 => format!("{} s", three_digits(ns / 1e9)),
        _ if ns >= 999.5e3 => format!("{} ms", three_digits(ns / 1e6)),
        _ if ns >= 999.5 => format!("{} us", three_digits(ns / 1e3)),
        _ => format!("{ns} ns"),
    }
}

/// A number of bytes with three digits and a decimal unit: `1.07 GB`, `20.0 MB`, `999 B`.
pub fn bytes(count: u64) -> String {
    let count = count as f64;
    match count {
        _ if count >= 999.5e9 => format!("{} TB", three_digits(count / 1e12)),
        _ if count >= 999.5e6 => format!("{} GB", three_digits(count / 1e9)),
        _ if count >= 999.5e3 => format!("{} MB", three_digits(count / 1e6)),
        _ if count >= 999.5 => format!("{} kB", three_digits(count / 1e3)),
        _ => format!("{count} B"),
    }
}

/// A number from 1 to 1,000 (or above) with three digits.
fn three_digits(value: f64) -> String {
    let decimals = match value {
        _ if value >= 99.95 => 0,
        _ if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_the_unit_that_fits() {
        let cases = [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_500, "1.50 us"),
            (999_499, "999 us"),
            (999_500, "1.00 ms"),
            (45_650_000, "45.6 ms"),
            (1_234_000_000, "1.23 s"),
            (125_000_000_000, "125 s"),
        ];
        for (ns, text) in cases {
            assert_eq!(duration(ns), text);
        }
    }

    #[test]
    fn bytes_have_three_digits_and_the_unit_that_fits() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.00 kB"),
            (20_000_000, "20.0 MB"),
            (1_073_741_824, "1.07 GB"),
        ];
        for (count, text) in cases {
            assert_eq!(bytes(count), text);
        }
    }
}
