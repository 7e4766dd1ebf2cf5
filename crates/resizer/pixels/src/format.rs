//! The formats of picture files.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A format of picture files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG: lossy, 8 bit.
    Jpeg,
    /// PNG: lossless, 8 or 16 bit, alpha.
    Png,
    /// GIF: 256 colours.
    Gif,
    /// WebP: lossy here, alpha.
    WebP,
    /// TIFF: lossless.
    Tiff,
    /// BMP: uncompressed.
    Bmp,
}

impl Format {
    /// The format of a file with these bytes, by its first ones; none if they begin like no picture. A name's
    /// ending says nothing here.
    pub fn of(file: &[u8]) -> Option<Self> {
        let begins = |magic: &[u8]| file.starts_with(magic);
        match () {
            () if begins(b"\xff\xd8\xff") => Some(Self::Jpeg),
            () if begins(b"\x89PNG\r\n\x1a\n") => Some(Self::Png),
            () if begins(b"GIF87a") || begins(b"GIF89a") => Some(Self::Gif),
            () if begins(b"RIFF") && file.get(8..12) == Some(b"WEBP") => Some(Self::WebP),
            () if begins(b"II*\0") || begins(b"MM\0*") => Some(Self::Tiff),
            () if begins(b"BM") && file.len() > 18 && file[6..10] == [0; 4] => Some(Self::Bmp),
            () => None,
        }
    }

    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
        }
    }

    /// The usual ending of its files' names, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Tiff => "tif",
            Self::Bmp => "bmp",
        }
    }

    /// The most pixels that a side can have in it.
    pub(crate) fn longest_side(self) -> u32 {
        match self {
            Self::Jpeg => 65_500, // libjpeg's limit; the format's is 65,535.
            Self::Gif => 65_535,
            Self::WebP => 16_383,
            Self::Png | Self::Tiff | Self::Bmp => i32::MAX as u32,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
