//! Alpha, 16 bits, and what a format cannot hold.

use image::{ColorType, DynamicImage, ImageBuffer, ImageFormat, Rgba, RgbaImage};
use resizer_pixels::{Format, Note, Settings};

use crate::material::{decode, encode, pixels, resize, to_png};

/// Opaque red beside a green that nobody sees.
fn hidden_green() -> Vec<u8> {
    let image = RgbaImage::from_fn(64, 64, |x, _| {
        if x % 2 == 0 {
            Rgba([255, 0, 0, 255])
        } else {
            Rgba([0, 255, 0, 0])
        }
    });
    encode(&DynamicImage::ImageRgba8(image), ImageFormat::Png)
}

#[test]
fn what_is_invisible_colours_nothing() {
    for linear in [false, true] {
        let resized = resize(
            &hidden_green(),
            Settings {
                linear,
                ..to_png(16, 16)
            },
        );
        let pixel = pixels(&resized).to_rgba8().get_pixel(8, 8).0;
        assert!(
            pixel[0] >= 254 && pixel[1] <= 1,
            "linear {linear}: {pixel:?}"
        );
        assert!(
            (126..=129).contains(&pixel[3]),
            "linear {linear}: {pixel:?}"
        );
    }
}

#[test]
fn what_is_transparent_becomes_white_where_a_format_knows_no_alpha() {
    let settings = Settings {
        format: Some(Format::Jpeg),
        quality: 95,
        ..to_png(16, 16)
    };
    let resized = resize(&hidden_green(), settings);
    assert_eq!(resized.notes, [Note::Flattened]);
    let [r, g, b] = decode(&resized.bytes).get_pixel(8, 8).0;
    assert!(
        r > 240 && g.abs_diff(127) < 12 && b.abs_diff(127) < 12,
        "{r} {g} {b}"
    );
}

#[test]
fn an_alpha_that_hides_nothing_is_dropped_without_a_word() {
    let image = RgbaImage::from_pixel(40, 40, Rgba([10, 20, 30, 255]));
    let file = encode(&DynamicImage::ImageRgba8(image), ImageFormat::Png);
    let resized = resize(
        &file,
        Settings {
            format: Some(Format::Jpeg),
            ..to_png(20, 20)
        },
    );
    assert_eq!(resized.notes, []);
}

/// 16 bits of grey that 8 bits cannot tell apart.
fn deep() -> Vec<u8> {
    let image = ImageBuffer::from_fn(64, 8, |x, _| image::Luma([1000 + (x / 32) as u16 * 50]));
    encode(&DynamicImage::ImageLuma16(image), ImageFormat::Png)
}

#[test]
fn sixteen_bits_stay_sixteen_where_the_format_has_them() {
    for (format, linear) in [
        (Format::Png, false),
        (Format::Tiff, false),
        (Format::Png, true),
    ] {
        let resized = resize(
            &deep(),
            Settings {
                format: Some(format),
                linear,
                ..to_png(16, 16)
            },
        );
        assert_eq!(resized.notes, []);
        let image = pixels(&resized);
        assert!(matches!(image.color(), ColorType::L16 | ColorType::Rgb16));
        let image = image.to_luma16();
        let (left, right) = (image.get_pixel(2, 0)[0], image.get_pixel(13, 0)[0]);
        // The way to linear light and back is made of steps, dark ones of a few.
        let close = |found: u16, exact: u16| found.abs_diff(exact) <= if linear { 12 } else { 1 };
        assert!(
            close(left, 1000) && close(right, 1050),
            "{format} {linear}: {left} {right}"
        );
    }
}

#[test]
fn sixteen_bits_become_eight_elsewhere_and_it_is_said() {
    for format in [Format::Jpeg, Format::WebP, Format::Bmp, Format::Gif] {
        let resized = resize(
            &deep(),
            Settings {
                format: Some(format),
                ..to_png(16, 16)
            },
        );
        assert_eq!(resized.notes, [Note::SixteenBits], "{format}");
    }
}

#[test]
fn sixteen_bits_of_light_are_rounded_and_not_cut() {
    let image = ImageBuffer::from_pixel(16, 16, image::Luma([0xfffe_u16]));
    let file = encode(&DynamicImage::ImageLuma16(image), ImageFormat::Png);
    let resized = resize(
        &file,
        Settings {
            format: Some(Format::Bmp),
            ..to_png(8, 8)
        },
    );
    assert_eq!(pixels(&resized).to_rgb8().get_pixel(4, 4).0, [255; 3]);
}

#[test]
fn floating_point_is_refused_by_name() {
    let image = DynamicImage::ImageRgb32F(ImageBuffer::from_pixel(8, 8, image::Rgb([0.5_f32; 3])));
    let file = encode(&image, ImageFormat::Tiff);
    let error = resizer_pixels::Resizer::new(to_png(4, 4))
        .resize(&file)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "TIFF: samples of the kind Rgb32F is not supported"
    );
}

#[test]
fn alpha_is_kept_by_the_formats_that_hold_it() {
    for format in [Format::Png, Format::WebP, Format::Tiff, Format::Gif] {
        let image = RgbaImage::from_fn(64, 64, |x, _| {
            if x < 32 {
                Rgba([200, 100, 50, 255])
            } else {
                Rgba([0, 0, 0, 0])
            }
        });
        let file = encode(&DynamicImage::ImageRgba8(image), ImageFormat::Png);
        let resized = resize(
            &file,
            Settings {
                format: Some(format),
                ..to_png(32, 32)
            },
        );
        let found = pixels(&resized).to_rgba8();
        assert_eq!(found.get_pixel(4, 16)[3], 255, "{format}");
        assert_eq!(found.get_pixel(28, 16)[3], 0, "{format}");
    }
}
