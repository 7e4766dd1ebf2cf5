//! PNG, GIF, WebP, TIFF and BMP, by the decoders of `image`: they are decoded whole.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageError, Limits};

use super::{Read, allow, plan, sized};
use crate::error::PixelsError;
use crate::format::Format;
use crate::note::Note;
use crate::picture::{About, Layout, Picture};
use crate::settings::Settings;

pub(super) fn read(
    file: &[u8],
    format: Format,
    settings: &Settings,
    buffer: Vec<u8>,
) -> Result<Read, PixelsError> {
    let source = Source {
        format,
        settings,
        several: several(file, format),
    };
    let bytes = Cursor::new(file);
    let explain = |error| explain(format, error);
    match format {
        Format::Png => source.read(
            PngDecoder::with_limits(bytes, beside_pixels()).map_err(explain)?,
            buffer,
        ),
        Format::Gif => source.read(GifDecoder::new(bytes).map_err(explain)?, buffer),
        Format::WebP => source.read(WebPDecoder::new(bytes).map_err(explain)?, buffer),
        Format::Tiff => source.read(TiffDecoder::new(bytes).map_err(explain)?, buffer),
        Format::Bmp => source.read(BmpDecoder::new(bytes).map_err(explain)?, buffer),
        Format::Jpeg => unreachable!("JPEGs have a decoder of their own"),
    }
}

/// What PNG's decoder may take beside the pixels. Its profile and texts are compressed, and can be a thousand times as
/// large as they are in the file.
fn beside_pixels() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(8_000_000);
    limits
}

/// What is known before a decoder of any kind begins.
struct Source<'a> {
    format: Format,
    settings: &'a Settings,
    several: Option<Note>,
}

impl Source<'_> {
    fn read(&self, mut decoder: impl ImageDecoder, buffer: Vec<u8>) -> Result<Read, PixelsError> {
        let explain = |error| explain(self.format, error);
        let size = decoder.dimensions();
        let layout = self.layout(decoder.color_type())?;
        // Decoders hold the picture twice at the most: once as they unpack it, once as it is handed over.
        allow(size, decoder.total_bytes().saturating_mul(2), self.settings)?;
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(self.settings.memory);
        decoder.set_limits(limits).map_err(explain)?;
        let about = self.about(&mut decoder);

        let mut data = sized(buffer, decoder.total_bytes() as usize);
        decoder.read_image(&mut data).map_err(explain)?;
        let picture = Picture {
            width: size.0,
            height: size.1,
            layout,
            data,
        };
        let plan = plan(&about, self.settings);
        Ok(Read {
            about,
            picture,
            plan,
            eighths: 8,
        })
    }

    fn layout(&self, colours: ColorType) -> Result<Layout, PixelsError> {
        Ok(match colours {
            ColorType::L8 => Layout::Grey8,
            ColorType::La8 => Layout::GreyAlpha8,
            ColorType::Rgb8 => Layout::Rgb8,
            ColorType::Rgba8 => Layout::Rgba8,
            ColorType::L16 => Layout::Grey16,
            ColorType::La16 => Layout::GreyAlpha16,
            ColorType::Rgb16 => Layout::Rgb16,
            ColorType::Rgba16 => Layout::Rgba16,
            other => {
                return Err(PixelsError::Unsupported {
                    format: self.format,
                    what: format!("samples of the kind {other:?}"),
                });
            }
        })
    }

    /// What stands beside the pixels; what of it is broken is as good as absent.
    fn about(&self, decoder: &mut impl ImageDecoder) -> About {
        let cmyk = matches!(
            decoder.original_color_type(),
            ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16
        );
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        About {
            size: decoder.dimensions(),
            orientation: orientation.to_exif(),
            profile: decoder.icc_profile().ok().flatten(),
            notes: self
                .several
                .into_iter()
                .chain(cmyk.then_some(Note::CmykByArithmetic))
                .collect(),
        }
    }
}

/// What to say where a file holds more pictures than the one that is read.
fn several(file: &[u8], format: Format) -> Option<Note> {
    let bytes = Cursor::new(file);
    let moves = match format {
        Format::Png => {
            PngDecoder::with_limits(bytes, beside_pixels()).and_then(|decoder| decoder.is_apng())
        }
        Format::WebP => WebPDecoder::new(bytes).map(|decoder| decoder.has_animation()),
        Format::Gif => Ok(gif_has_frames(file)),
        Format::Tiff => return tiff_has_pages(file).then_some(Note::FirstPage),
        Format::Jpeg | Format::Bmp => Ok(false),
    };
    moves.unwrap_or(false).then_some(Note::FirstFrame)
}

/// Whether a second image follows: walks over the blocks, without unpacking any.
fn gif_has_frames(file: &[u8]) -> bool {
    let colours = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let Some(&flags) = file.get(10) else {
        return false;
    };
    let (mut at, mut images) = (13 + colours(flags), 0);
    while let Some(&block) = file.get(at) {
        match block {
            0x2c => {
                images += 1;
                let Some(&flags) = file.get(at + 9) else {
                    return false;
                };
                at += 11 + colours(flags);
            }
            0x21 => at += 2,
            _ => break,
        }
        if images == 2 {
            return true;
        }
        // Both kinds of blocks go on in pieces: a length and so many bytes, until a length of 0.
        while let Some(&length) = file.get(at) {
            at += 1 + usize::from(length);
            if length == 0 {
                break;
            }
        }
    }
    false
}

/// Whether the first directory names a second one.
fn tiff_has_pages(file: &[u8]) -> bool {
    let little = file.starts_with(b"II");
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let digits = file.get(at..at.checked_add(bytes)?)?;
        let push = |number: usize, digit: &u8| number << 8 | usize::from(*digit);
        Some(if little {
            digits.iter().rev().fold(0, push)
        } else {
            digits.iter().fold(0, push)
        })
    };
    let next = number(4, 4).and_then(|first| {
        let entries = number(first, 2)?;
        number(first + 2 + 12 * entries, 4)
    });
    next.is_some_and(|next| next != 0)
}

fn explain(format: Format, error: ImageError) -> PixelsError {
    match error {
        ImageError::Unsupported(error) => PixelsError::Unsupported {
            format,
            what: error.kind_text(),
        },
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PixelsError::Damaged {
                format,
                cause: "the file ends early".to_owned(),
            }
        }
        other => PixelsError::Damaged {
            format,
            cause: innermost(&other),
        },
    }
}

/// The innermost cause: what lies around it repeats the format's name.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string().replace('\n', " ")
}

/// What is not supported, without what `image` says around it.
trait KindText {
    fn kind_text(&self) -> String;
}

impl KindText for image::error::UnsupportedError {
    fn kind_text(&self) -> String {
        use image::error::UnsupportedErrorKind as Kind;
        match self.kind() {
            Kind::Color(colours) => format!("colours of the kind {colours:?}"),
            Kind::GenericFeature(feature) => feature,
            _ => self.to_string(),
        }
    }
}
