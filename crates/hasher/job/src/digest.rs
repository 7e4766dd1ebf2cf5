//! A SHA-256 digest.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A SHA-256 digest (FIPS 180-4). Shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Reads 64 hexadecimal digits of either case; none if `hex` is anything else.
    pub fn parse(hex: &[u8]) -> Option<Self> {
        let mut digest = [0; 32];
        if hex.len() != 2 * digest.len() {
            return None;
        }
        for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *byte = (high << 4 | low) as u8;
        }
        Some(Self(digest))
    }

    /// The hexadecimal digits, in ASCII.
    pub fn hex(&self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        hex
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hex()
            .iter()
            .try_for_each(|digit| fmt::Write::write_char(f, char::from(*digit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_as_it_is_written_in_either_case() {
        let digest = Digest(std::array::from_fn(|index| (index * 37) as u8));
        let hex = digest.hex();
        assert_eq!(Digest::parse(&hex), Some(digest));
        assert_eq!(Digest::parse(&hex.to_ascii_uppercase()), Some(digest));
        assert_eq!(digest.to_string().as_bytes(), hex);
    }

    #[test]
    fn what_is_not_a_digest_is_refused() {
        assert_eq!(Digest::parse(b""), None);
        assert_eq!(Digest::parse(&[b'a'; 63]), None);
        assert_eq!(Digest::parse(&[b'a'; 66]), None);
        assert_eq!(Digest::parse(&[b'g'; 64]), None);
        assert_eq!(Digest::parse(&[b'+'; 64]), None);
    }
}
