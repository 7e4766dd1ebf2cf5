//! ICC profiles: kept where they fit, left out where they do not.

use std::sync::LazyLock;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageDecoder, ImageEncoder};
use libjpeg_turbo_rs::{ColorSpace, Decoder, Encoder, PixelFormat};
use moxcms::ColorProfile;
use resizer_pixels::{Format, Note, Resized, Settings};

use crate::material::{photo, resize, to_png};

/// The same each time: the time of day stands in it.
fn profile() -> Vec<u8> {
    static PROFILE: LazyLock<Vec<u8>> =
        LazyLock::new(|| ColorProfile::new_display_p3().encode().unwrap());
    PROFILE.clone()
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

#[test]
fn beside_a_profile_webp_keeps_its_alpha() {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(profile()).unwrap();
    let half = [200, 100, 50, 128].repeat(32 * 32);
    encoder
        .write_image(&half, 32, 32, ExtendedColorType::Rgba8)
        .unwrap();
    let settings = Settings {
        format: Some(Format::WebP),
        ..to_png(16, 16)
    };
    let resized = resize(&file, settings);
    assert_eq!(found(&resized), Some(profile()));
    let pixel = crate::material::pixels(&resized)
        .to_rgba8()
        .get_pixel(8, 8)
        .0;
    assert!(pixel[3].abs_diff(128) <= 2, "{pixel:?}");
}

/// A chunk of a PNG.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
    chunk.extend_from_slice(&name);
    chunk.extend_from_slice(content);
    let sum = crate::bad::png_sum(&chunk[4..]);
    chunk.extend_from_slice(&sum.to_be_bytes());
    chunk
}

#[test]
fn a_profile_that_is_a_bomb_is_not_unpacked() {
    let plain = crate::material::encode(
        &image::DynamicImage::ImageRgb8(photo(64, 64)),
        image::ImageFormat::Png,
    );
    let mut packer =
        flate2::write::ZlibEncoder::new(b"bomb\0\0".to_vec(), flate2::Compression::best());
    let zeros = vec![0; 1_000_000];
    for _ in 0..400 {
        std::io::Write::write_all(&mut packer, &zeros).unwrap();
    }
    // Behind the header, which ends at byte 33.
    let mut file = plain[..33].to_vec();
    file.extend(chunk(*b"iCCP", &packer.finish().unwrap()));
    file.extend_from_slice(&plain[33..]);
    let Some(before) = crate::bad::peak() else {
        eprintln!("skipped: no /proc/self/status");
        return;
    };
    let result = resizer_pixels::Resizer::new(to_png(16, 16)).resize(&file);
    let grown = crate::bad::peak().unwrap() - before;
    assert!(grown < 300_000_000, "{grown} bytes, {result:?}");
}
