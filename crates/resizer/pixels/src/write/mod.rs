//! From a picture to a file's bytes.

mod jpeg;
mod webp;

use std::io::Cursor;

use image::codecs::bmp::BmpEncoder;
use image::codecs::gif::GifEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::tiff::TiffEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::error::PixelsError;
use crate::format::Format;
use crate::picture::{Layout, Picture};

pub(crate) use jpeg::{jpeg, jpeg_with_exif};

/// `picture`, whose colours suit `format`, as a file.
pub(crate) fn write(
    picture: &Picture,
    format: Format,
    quality: u8,
    profile: Option<Vec<u8>>,
) -> Result<Vec<u8>, PixelsError> {
    match format {
        Format::Jpeg => jpeg(picture, quality, profile.as_deref()),
        Format::WebP => webp::webp(picture, quality, profile.as_deref()),
        _ => with_image(picture, format, profile),
    }
}

/// Refuses a size that `format` has no room for.
pub(crate) fn allow(to: (u32, u32), format: Format) -> Result<(), PixelsError> {
    let most = format.longest_side();
    if to.0.max(to.1) <= most {
        return Ok(());
    }
    Err(PixelsError::TooWide {
        format,
        width: to.0,
        height: to.1,
        most,
    })
}

/// By the encoders of `image`.
fn with_image(
    picture: &Picture,
    format: Format,
    profile: Option<Vec<u8>>,
) -> Result<Vec<u8>, PixelsError> {
    let mut file = Cursor::new(Vec::new());
    let result = match format {
        Format::Png => encode(PngEncoder::new(&mut file), picture, profile),
        Format::Tiff => encode(TiffEncoder::new(&mut file), picture, profile),
        Format::Bmp => encode(BmpEncoder::new(&mut file), picture, profile),
        // The best palette and not the quickest one: a GIF is small.
        _ => GifEncoder::new_with_speed(&mut file, 10).encode(
            &picture.data,
            picture.width,
            picture.height,
            colours(picture.layout),
        ),
    };
    result.map_err(|error| refused(format, &error))?;
    Ok(file.into_inner())
}

fn encode(
    mut encoder: impl ImageEncoder,
    picture: &Picture,
    profile: Option<Vec<u8>>,
) -> Result<(), image::ImageError> {
    if let Some(profile) = profile {
        encoder
            .set_icc_profile(profile)
            .map_err(image::ImageError::Unsupported)?;
    }
    encoder.write_image(
        &picture.data,
        picture.width,
        picture.height,
        colours(picture.layout),
    )
}

fn colours(layout: Layout) -> ExtendedColorType {
    match layout {
        Layout::Grey8 => ExtendedColorType::L8,
        Layout::GreyAlpha8 => ExtendedColorType::La8,
        Layout::Rgb8 => ExtendedColorType::Rgb8,
        Layout::Rgba8 => ExtendedColorType::Rgba8,
        Layout::Cmyk8 => ExtendedColorType::Cmyk8,
        Layout::Grey16 => ExtendedColorType::L16,
        Layout::GreyAlpha16 => ExtendedColorType::La16,
        Layout::Rgb16 => ExtendedColorType::Rgb16,
        Layout::Rgba16 => ExtendedColorType::Rgba16,
    }
}

fn refused(format: Format, error: &dyn std::fmt::Display) -> PixelsError {
    PixelsError::Encoding {
        format,
        cause: error.to_string(),
    }
}
