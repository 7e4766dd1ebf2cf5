//! ICC profiles: kept where they fit, left out where they do not.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageDecoder, ImageEncoder};
use libjpeg_turbo_rs::{ColorSpace, Decoder, Encoder, PixelFormat};
use moxcms::ColorProfile;
use resizer_pixels::{Format, Note, Resized, Settings};

use crate::material::{photo, resize, to_png};

fn profile() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

fn jpeg_with(profile: &[u8]) -> Vec<u8> {
    let photo = photo(200, 150);
    Encoder::new(photo.as_raw(), 200, 150, PixelFormat::Rgb)
        .icc_profile(profile)
        .encode()
        .unwrap()
}

/// The profile in a result, by readers that are not ours.
fn found(resized: &Resized) -> Option<Vec<u8>> {
    let bytes = std::io::Cursor::new(&resized.bytes[..]);
    match resized.written {
        Format::Jpeg => Decoder::new(&resized.bytes).unwrap().icc_profile().unwrap(),
        Format::Png => image::codecs::png::PngDecoder::new(bytes)
            .unwrap()
            .icc_profile()
            .unwrap(),
        Format::WebP => image::codecs::webp::WebPDecoder::new(bytes)
            .unwrap()
            .icc_profile()
            .unwrap(),
        _ => image::codecs::tiff::TiffDecoder::new(bytes)
            .unwrap()
            .icc_profile()
            .unwrap(),
    }
}

#[test]
fn a_profile_is_kept_by_every_format_that_holds_one() {
    let file = jpeg_with(&profile());
    for format in [Format::Jpeg, Format::Png, Format::WebP, Format::Tiff] {
        let resized = resize(
            &file,
            Settings {
                format: Some(format),
                ..to_png(100, 100)
            },
        );
        assert_eq!(resized.notes, [], "{format}");
        assert_eq!(found(&resized), Some(profile()), "{format}");
        // What stands around the profile is whole, too: the pixels can still be read.
        if format != Format::Jpeg {
            assert_eq!(crate::material::pixels(&resized).width(), 100, "{format}");
        }
    }
}

#[test]
fn where_a_format_holds_none_it_is_said() {
    for format in [Format::Gif, Format::Bmp] {
        let resized = resize(
            &jpeg_with(&profile()),
            Settings {
                format: Some(format),
                ..to_png(100, 100)
            },
        );
        assert_eq!(resized.notes, [Note::ProfileLeftOut], "{format}");
    }
}

#[test]
fn a_profile_of_grey_does_not_describe_what_became_rgb() {
    let grey = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(grey.clone()).unwrap();
    encoder
        .write_image(&[90; 32 * 32], 32, 32, ExtendedColorType::L8)
        .unwrap();
    let kept = resize(&file, to_png(16, 16));
    assert_eq!(found(&kept), Some(grey));
    let coloured = resize(
        &file,
        Settings {
            format: Some(Format::WebP),
            ..to_png(16, 16)
        },
    );
    assert_eq!(
        (coloured.notes.as_slice(), found(&coloured)),
        (&[Note::ProfileLeftOut][..], None)
    );
}

#[test]
fn a_profile_that_is_none_is_left_out() {
    let resized = resize(&jpeg_with(&[7; 300]), to_png(50, 50));
    assert_eq!(resized.notes, [Note::ProfileLeftOut]);
}

#[test]
fn inks_are_read_without_a_profile_that_is_not_theirs() {
    let data = [120; 64 * 64 * 4];
    let file = Encoder::new(&data, 64, 64, PixelFormat::Cmyk)
        .colorspace(ColorSpace::Cmyk)
        .icc_profile(&profile())
        .encode()
        .unwrap();
    let resized = resize(&file, to_png(32, 32));
    assert_eq!(resized.notes, [Note::CmykByArithmetic]);
    assert_eq!(found(&resized), None);
}
