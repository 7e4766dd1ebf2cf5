//! What is wanted.

use serde::{Deserialize, Serialize};

use crate::format::Format;

/// What is wanted of every picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Width of the box, in pixels of the upright picture; at least 1.
    pub width: u32,
    /// Height of the box, likewise.
    pub height: u32,
    /// How a picture meets the box.
    pub fit: Fit,
    /// Whether a picture that is smaller than the box is made larger.
    pub enlarge: bool,
    /// The format to write; none: that which was read.
    pub format: Option<Format>,
    /// Quality of lossy formats, 1 to 100; others ignore it.
    pub quality: u8,
    /// Filter in linear light: a fine black and white pattern gets the grey that it has from afar (188, and not
    /// 127). JPEGs are then decoded whole, for what a decoder leaves out it averages as it is stored.
    pub linear: bool,
    /// Decode JPEGs no larger than needed, instead of at least twice the size.
    pub fast: bool,
    /// Bytes that one picture may take while it is decoded.
    pub memory: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            width: 800,
            height: 800,
            fit: Fit::Inside,
            enlarge: false,
            format: None,
            quality: 85,
            linear: false,
            fast: false,
            memory: 1 << 30,
        }
    }
}

/// How a picture meets the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fit {
    /// All of the picture, as large as the box allows.
    Inside,
    /// All of the box, filled with the middle of the picture.
    Cover,
    /// All of the box, filled with all of the picture, which may be stretched.
    Exact,
}
