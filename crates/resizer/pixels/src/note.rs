//! What a user should know of a picture that was made.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something of the picture that was read is not in the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// It moves: this is its first frame.
    FirstFrame,
    /// It has pages: this is its first one.
    FirstPage,
    /// 16 bits a channel became 8.
    SixteenBits,
    /// What was transparent is white: the format knows no transparency.
    Flattened,
    /// CMYK became RGB, by the picture's profile.
    CmykByProfile,
    /// CMYK became RGB by arithmetic, for it came without a profile that says what its inks look like.
    CmykByArithmetic,
    /// The ICC profile was left out: the format holds none, or it is made for other colours.
    ProfileLeftOut,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FirstFrame => "first of several frames",
            Self::FirstPage => "first of several pages",
            Self::SixteenBits => "16 bits became 8",
            Self::Flattened => "transparency became white",
            Self::CmykByProfile => "CMYK became RGB by its profile",
            Self::CmykByArithmetic => "CMYK became RGB without a profile",
            Self::ProfileLeftOut => "colour profile left out",
        })
    }
}
