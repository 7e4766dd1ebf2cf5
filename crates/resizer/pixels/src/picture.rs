//! A picture in memory.

use fast_image_resize::PixelType;

use crate::note::Note;

/// A picture, row after row without gaps; 16-bit samples in the order of the machine.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: Layout,
    pub(crate) data: Vec<u8>,
}

/// What one pixel is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Grey8,
    GreyAlpha8,
    Rgb8,
    Rgba8,
    /// How much light each ink lets through: 255 is none of it.
    Cmyk8,
    Grey16,
    GreyAlpha16,
    Rgb16,
    Rgba16,
}

impl Layout {
    /// Its samples, as the filter names them.
    pub(crate) fn pixel_type(self) -> PixelType {
        match self {
            Self::Grey8 => PixelType::U8,
            Self::GreyAlpha8 => PixelType::U8x2,
            Self::Rgb8 => PixelType::U8x3,
            Self::Rgba8 | Self::Cmyk8 => PixelType::U8x4,
            Self::Grey16 => PixelType::U16,
            Self::GreyAlpha16 => PixelType::U16x2,
            Self::Rgb16 => PixelType::U16x3,
            Self::Rgba16 => PixelType::U16x4,
        }
    }

    /// Bytes a pixel.
    pub(crate) fn bytes(self) -> usize {
        self.pixel_type().size()
    }

    pub(crate) fn has_alpha(self) -> bool {
        matches!(
            self,
            Self::GreyAlpha8 | Self::Rgba8 | Self::GreyAlpha16 | Self::Rgba16
        )
    }

    pub(crate) fn is_grey(self) -> bool {
        matches!(
            self,
            Self::Grey8 | Self::GreyAlpha8 | Self::Grey16 | Self::GreyAlpha16
        )
    }

    pub(crate) fn is_wide(self) -> bool {
        matches!(
            self,
            Self::Grey16 | Self::GreyAlpha16 | Self::Rgb16 | Self::Rgba16
        )
    }

    /// The same with 16 bits a sample.
    pub(crate) fn widened(self) -> Self {
        match self {
            Self::Grey8 => Self::Grey16,
            Self::GreyAlpha8 => Self::GreyAlpha16,
            Self::Rgb8 => Self::Rgb16,
            Self::Rgba8 => Self::Rgba16,
            other => other,
        }
    }
}

/// What stands in a file beside the pixels.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// Size in the file, before it is turned.
    pub(crate) size: (u32, u32),
    /// EXIF's number, 1 to 8: how it has to be turned to stand upright.
    pub(crate) orientation: u8,
    /// The ICC profile.
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) notes: Vec<Note>,
}

impl About {
    /// Size of the upright picture.
    pub(crate) fn upright(&self) -> (u32, u32) {
        let (width, height) = self.size;
        if self.lies_on_its_side() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Whether standing upright means a quarter turn.
    pub(crate) fn lies_on_its_side(&self) -> bool {
        self.orientation >= 5
    }
}
