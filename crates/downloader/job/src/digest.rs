//! A SHA-256 digest.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A SHA-256 digest (FIPS 180-4). Shown as 64 lower-case hexadecimal digits, as sha256sum prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
