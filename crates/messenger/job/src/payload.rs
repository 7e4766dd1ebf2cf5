//! How large a payload is, as people write it.

use std::fmt;
use std::str::FromStr;

/// Bytes of a payload: `64B`, `4KiB`, `1MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payload(pub usize);

/// More than this needs more memory than most have: every way has it several times.
const MOST: usize = 1 << 30;

impl Payload {
    /// Nothing, and the powers of four from 1 B to 64 MiB.
    pub fn all() -> Vec<Self> {
        let powers = (0..=13).map(|power| Self(1 << (2 * power)));
        [Self(0)].into_iter().chain(powers).collect()
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("MiB", 1 << 20), ("KiB", 1 << 10)];
        for (unit, bytes) in units {
            if self.0 > 0 && self.0.is_multiple_of(bytes) {
                return formatter.pad(&format!("{}{unit}", self.0 / bytes));
            }
        }
        formatter.pad(&format!("{}B", self.0))
    }
}

impl FromStr for Payload {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|end: char| !end.is_ascii_digit());
        // Names of cases have no capitals.
        let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
            "" | "b" => Some(1),
            "kib" => Some(1 << 10),
            "mib" => Some(1 << 20),
            "gib" => Some(1 << 30),
            _ => None,
        };
        let number = digits.parse::<usize>().ok();
        let bytes = number
            .zip(unit)
            .and_then(|(number, unit)| number.checked_mul(unit));
        bytes
            .filter(|bytes| *bytes <= MOST)
            .map(Self)
            .ok_or_else(|| "a size from 0B to 1GiB is needed, as 64B, 4KiB or 1MiB".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for (text, bytes) in [
            ("0B", 0),
            ("1B", 1),
            ("1023B", 1023),
            ("4KiB", 4096),
            ("64MiB", 64 << 20),
        ] {
            assert_eq!(text.parse(), Ok(Payload(bytes)));
            assert_eq!(Payload(bytes).to_string(), text);
        }
        assert_eq!("5 KiB".parse(), Ok(Payload(5120)));
        assert_eq!("77".parse(), Ok(Payload(77)));
        assert_eq!("16kib".parse(), Ok(Payload(16 << 10)));
    }

    #[test]
    fn what_is_no_size_or_too_large_is_refused() {
        for text in [
            "",
            "B",
            "-1",
            "4kb",
            "1.5MiB",
            "2GiB",
            "99999999999999999999",
            "4KiB4",
        ] {
            assert!(text.parse::<Payload>().is_err(), "{text}");
        }
    }

    #[test]
    fn all_of_them_go_from_nothing_to_64_mib() {
        let all = Payload::all();
        assert_eq!(
            (all.len(), all[0].0, all[1].0, all[14].0),
            (15, 0, 1, 64 << 20)
        );
    }
}
