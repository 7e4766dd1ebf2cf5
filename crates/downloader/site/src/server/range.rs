//! The Range header (RFC 9110, section 14): one range of bytes.

/// What part of a body was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// All of it: no range, one that is not understood, or several, which a server may ignore.
    All,
    /// `count` bytes from `first` on; at least one.
    Part { first: u64, count: u64 },
    /// A part that is not there.
    Nothing,
}

/// What the header `text` asks of a body of `size` bytes.
pub(crate) fn parse(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text
        .strip_prefix("bytes=")
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::All;
    };
    let part = |first: u64, end: u64| match end.min(size).checked_sub(first) {
        None | Some(0) => Asked::Nothing,
        Some(count) => Asked::Part { first, count },
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1)),
        (Some(first), None) if last.is_empty() => part(first, size),
        (None, Some(count)) if first.is_empty() => part(size.saturating_sub(count), size),
        _ => Asked::All,
    }
}

/// Digits only: `parse` alone would take a sign as well.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        let part = |first, count| Asked::Part { first, count };
        let cases = [
            ("", Asked::All),
            ("bytes=0-9", part(0, 10)),
            ("bytes=0-0", part(0, 1)),
            ("bytes=90-", part(90, 10)),
            ("bytes=90-1000", part(90, 10)),
            ("bytes=0-18446744073709551615", part(0, 100)),
            ("bytes=-10", part(90, 10)),
            ("bytes=-1000", part(0, 100)),
            ("bytes=100-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=9-0", Asked::All),
            ("bytes=0-9,20-29", Asked::All),
            ("bytes=-", Asked::All),
            ("bytes=+1-5", Asked::All),
            ("pages=1-2", Asked::All),
        ];
        for (text, asked) in cases {
            assert_eq!(parse(text, 100), asked, "{text:?}");
        }
        assert_eq!(parse("bytes=-5", 0), Asked::Nothing);
    }
}
