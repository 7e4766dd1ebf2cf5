//! Pictures to try, and what stands in a result.

use image::{DynamicImage, RgbImage};
use resizer_pixels::{Format, Photo, Resized, Resizer, Settings};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// A photo in pixels: decoded by another decoder than ours.
pub(crate) fn photo(width: u32, height: u32) -> RgbImage {
    let photo = Photo {
        width,
        height,
        seed: 7,
        orientation: 1,
        quality: 95,
    };
    decode(&photo.to_jpeg())
}

/// A JPEG's pixels in RGB, by zune-jpeg.
pub(crate) fn decode(file: &[u8]) -> RgbImage {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    let pixels = decoder.decode().unwrap();
    let (width, height) = decoder.dimensions().unwrap();
    RgbImage::from_raw(width as u32, height as u32, pixels).unwrap()
}

/// A box of this size, and a result without loss.
pub(crate) fn to_png(width: u32, height: u32) -> Settings {
    Settings {
        width,
        height,
        format: Some(Format::Png),
        ..Settings::default()
    }
}

pub(crate) fn resize(file: &[u8], settings: Settings) -> Resized {
    Resizer::new(settings).resize(file).unwrap()
}

/// The pixels of a result that is not a JPEG.
pub(crate) fn pixels(resized: &Resized) -> DynamicImage {
    image::load_from_memory(&resized.bytes).unwrap()
}

/// `image` in a format of the crate `image`.
pub(crate) fn encode(image: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Peak signal to noise of two pictures of one size, in dB: 40 is hard to see, 30 is not.
pub(crate) fn psnr(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let squares: f64 = one
        .as_raw()
        .iter()
        .zip(other.as_raw())
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0_f64.powi(2) * one.as_raw().len() as f64 / squares.max(1e-9)).log10()
}
