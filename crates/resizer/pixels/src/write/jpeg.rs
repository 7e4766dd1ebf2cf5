//! JPEGs.

use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};

use super::refused;
use crate::error::PixelsError;
use crate::format::Format;
use crate::picture::{Layout, Picture};

/// A baseline JPEG with colours at half the size (4:2:0), as most programs write.
pub(crate) fn jpeg(
    picture: &Picture,
    quality: u8,
    profile: Option<&[u8]>,
) -> Result<Vec<u8>, PixelsError> {
    let mut encoder = encoder(picture, quality);
    if let Some(profile) = profile {
        encoder = encoder.icc_profile(profile);
    }
    encoder
        .encode()
        .map_err(|error| refused(Format::Jpeg, &error))
}

/// The same with EXIF data: for pictures that are made, not for those that are made smaller.
pub(crate) fn jpeg_with_exif(
    picture: &Picture,
    quality: u8,
    exif: &[u8],
) -> Result<Vec<u8>, PixelsError> {
    encoder(picture, quality)
        .exif_data(exif)
        .encode()
        .map_err(|error| refused(Format::Jpeg, &error))
}

fn encoder(picture: &Picture, quality: u8) -> Encoder<'_> {
    let format = match picture.layout {
        Layout::Grey8 => PixelFormat::Grayscale,
        _ => PixelFormat::Rgb,
    };
    let (width, height) = (picture.width as usize, picture.height as usize);
    Encoder::new(&picture.data, width, height, format)
        .quality(quality)
        .subsampling(Subsampling::S420)
}
