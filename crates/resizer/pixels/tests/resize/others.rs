//! PNG, GIF, WebP, TIFF and BMP.

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage};
use resizer_pixels::{Fit, Format, Note, Settings};

use crate::material::{encode, photo, pixels, psnr, resize, to_png};
use crate::reference;

#[test]
fn lossless_formats_agree_with_the_resampler_by_the_book() {
    let photo = photo(320, 240);
    let expected = reference::stored(&photo, (100, 75));
    let image = DynamicImage::ImageRgb8(photo);
    for format in [
        ImageFormat::Png,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::WebP,
    ] {
        let resized = resize(&encode(&image, format), to_png(100, 100));
        let found = pixels(&resized).to_rgb8();
        let furthest = found.as_raw().iter().zip(expected.as_raw());
        let furthest = furthest.map(|(a, b)| a.abs_diff(*b)).max();
        assert!(furthest <= Some(1), "{format:?}: {furthest:?} off");
    }
}

#[test]
fn linear_light_agrees_with_the_resampler_by_the_book() {
    let photo = photo(320, 240);
    let expected = reference::linear(&photo, (100, 75));
    let file = encode(&DynamicImage::ImageRgb8(photo), ImageFormat::Png);
    let found = pixels(&resize(
        &file,
        Settings {
            linear: true,
            ..to_png(100, 100)
        },
    ))
    .to_rgb8();
    let psnr = psnr(&found, &expected);
    assert!(psnr > 48.0, "{psnr:.1} dB");
}

#[test]
fn a_checkerboard_becomes_the_grey_that_it_has_from_afar_in_linear_light_only() {
    let board = RgbImage::from_fn(128, 128, |x, y| {
        Rgb([if (x + y) % 2 == 0 { 255 } else { 0 }; 3])
    });
    let file = encode(&DynamicImage::ImageRgb8(board), ImageFormat::Png);
    let middle = |linear| {
        let resized = resize(
            &file,
            Settings {
                linear,
                ..to_png(16, 16)
            },
        );
        pixels(&resized).to_rgb8().get_pixel(8, 8)[0]
    };
    assert_eq!(middle(true), 188);
    assert!((127..=128).contains(&middle(false)));
}

#[test]
fn a_palette_is_read_as_its_colours() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 64, 64);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(vec![200, 10, 20, 5, 100, 250]);
    let indices: Vec<u8> = (0..64 * 64).map(|at| u8::from(at % 64 >= 32)).collect();
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&indices)
        .unwrap();
    let found = pixels(&resize(&file, to_png(32, 32))).to_rgb8();
    assert_eq!(found.get_pixel(4, 4).0, [200, 10, 20]);
    assert_eq!(found.get_pixel(28, 28).0, [5, 100, 250]);
}

#[test]
fn of_a_gif_that_moves_the_first_frame_is_taken_and_said() {
    let frame = |grey: u8| {
        Frame::new(image::RgbaImage::from_pixel(
            60,
            40,
            image::Rgba([grey, grey, grey, 255]),
        ))
    };
    let gif = |frames: Vec<Frame>| {
        let mut file = Vec::new();
        GifEncoder::new(&mut file).encode_frames(frames).unwrap();
        file
    };
    let still = resize(&gif(vec![frame(200)]), to_png(30, 30));
    assert_eq!(still.notes, []);
    let moving = resize(&gif(vec![frame(200), frame(50)]), to_png(30, 30));
    assert_eq!(moving.notes, [Note::FirstFrame]);
    assert_eq!(pixels(&moving).to_rgb8().get_pixel(10, 10).0, [200; 3]);
}

#[test]
fn every_format_can_be_written_and_read_again() {
    let photo = photo(200, 100);
    let expected = reference::stored(&photo, (100, 50));
    let file = encode(&DynamicImage::ImageRgb8(photo), ImageFormat::Png);
    for (format, least) in [
        (Format::Png, 50.0),
        (Format::Tiff, 50.0),
        (Format::Bmp, 50.0),
        (Format::WebP, 30.0),
        (Format::Gif, 25.0),
    ] {
        let settings = Settings {
            format: Some(format),
            ..to_png(100, 100)
        };
        let resized = resize(&file, settings);
        assert_eq!(
            (resized.written, Format::of(&resized.bytes)),
            (format, Some(format))
        );
        let psnr = psnr(&pixels(&resized).to_rgb8(), &expected);
        assert!(psnr > least, "{format}: {psnr:.1} dB");
    }
}

#[test]
fn lines_of_one_pixel_stay_lines() {
    for (width, height) in [(3000, 1), (1, 3000)] {
        let image = RgbImage::from_pixel(width, height, Rgb([9, 200, 90]));
        let file = encode(&DynamicImage::ImageRgb8(image), ImageFormat::Png);
        let resized = resize(&file, to_png(100, 100));
        assert_eq!(resized.to, (width.min(100), height.min(100)));
        let exact = Settings {
            fit: Fit::Exact,
            enlarge: true,
            ..to_png(50, 40)
        };
        assert_eq!(resize(&file, exact).to, (50, 40));
    }
}

#[test]
fn a_small_picture_is_enlarged_only_if_told() {
    let file = encode(&DynamicImage::ImageRgb8(photo(60, 40)), ImageFormat::Png);
    assert_eq!(resize(&file, to_png(600, 600)).to, (60, 40));
    let enlarge = Settings {
        enlarge: true,
        ..to_png(600, 600)
    };
    assert_eq!(resize(&file, enlarge).to, (600, 400));
}
