//! JPEGs of all kinds against another decoder and a resampler by the book.

use image::RgbImage;
use libjpeg_turbo_rs::{ColorSpace, Encoder, PixelFormat, Subsampling};
use resizer_pixels::{Fit, Format, Note, Photo, Settings};

use crate::material::{decode, photo, pixels, psnr, resize, to_png};
use crate::reference;

/// Of every kind of JPEG: a name, and the photo in it.
fn kinds(photo: &RgbImage) -> Vec<(String, Vec<u8>)> {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let encoder = || Encoder::new(photo.as_raw(), width, height, PixelFormat::Rgb).quality(92);
    let mut kinds = Vec::new();
    for subsampling in [
        Subsampling::S444,
        Subsampling::S422,
        Subsampling::S420,
        Subsampling::S440,
        Subsampling::S411,
    ] {
        let plain = encoder().subsampling(subsampling);
        kinds.push((format!("{subsampling:?}"), plain.encode().unwrap()));
        let progressive = encoder().subsampling(subsampling).progressive(true);
        kinds.push((
            format!("{subsampling:?} progressive"),
            progressive.encode().unwrap(),
        ));
    }
    let restarts = encoder().subsampling(Subsampling::S420).restart_rows(1);
    kinds.push(("restart markers".into(), restarts.encode().unwrap()));
    let optimised = encoder().optimize_huffman(true);
    kinds.push(("optimised".into(), optimised.encode().unwrap()));
    kinds
}

#[test]
fn every_kind_agrees_with_another_decoder_when_decoded_whole() {
    let photo = photo(317, 203);
    for (kind, file) in kinds(&photo) {
        let expected = reference::stored(&decode(&file), (200, 128));
        let resized = resize(&file, to_png(200, 200));
        let found = pixels(&resized).to_rgb8();
        // Not more: where colours are stored at half the size, decoders may spread them in different ways.
        let psnr = psnr(&found, &expected);
        assert!(psnr > 36.0, "{kind}: {psnr:.1} dB");
    }
}

#[test]
fn every_kind_agrees_when_decoded_at_a_reduced_scale() {
    let photo = photo(1283, 965);
    for (kind, file) in kinds(&photo) {
        let whole = decode(&file);
        // Five eighths, four, three, two, one: the sizes are no multiples of them.
        for width in [400, 300, 210, 150, 75] {
            let resized = resize(&file, to_png(width, width));
            let expected = reference::stored(&whole, resized.to);
            let psnr = psnr(&pixels(&resized).to_rgb8(), &expected);
            assert!(psnr > 34.0, "{kind} to {width}: {psnr:.1} dB");
        }
    }
}

#[test]
fn with_fast_it_is_less_exact_and_still_the_same_picture() {
    let photo = photo(1200, 900);
    let file = kinds(&photo).swap_remove(4).1;
    let expected = reference::stored(&decode(&file), (300, 225));
    let of = |fast| {
        let settings = Settings {
            fast,
            ..to_png(300, 300)
        };
        psnr(&pixels(&resize(&file, settings)).to_rgb8(), &expected)
    };
    let (fine, fast) = (of(false), of(true));
    assert!(fine > fast, "{fine:.1} dB, fast {fast:.1} dB");
    assert!(fast > 28.0, "fast {fast:.1} dB");
}

#[test]
fn grey_stays_grey() {
    let photo = photo(400, 300);
    let grey: Vec<u8> = photo.pixels().map(|pixel| pixel[1]).collect();
    for progressive in [false, true] {
        let file = Encoder::new(&grey, 400, 300, PixelFormat::Grayscale)
            .progressive(progressive)
            .encode()
            .unwrap();
        let resized = resize(&file, to_png(100, 100));
        let found = pixels(&resized);
        assert_eq!(found.color(), image::ColorType::L8);
        let expected = reference::stored(&decode(&file), (100, 75));
        assert!(psnr(&found.to_rgb8(), &expected) > 38.0);
        let jpeg = resize(
            &file,
            Settings {
                width: 100,
                height: 100,
                ..Settings::default()
            },
        );
        let decoder = libjpeg_turbo_rs::Decoder::new(&jpeg.bytes).unwrap();
        assert_eq!(decoder.header().components.len(), 1);
    }
}

/// Ink as Adobe stores it: how much light it lets through.
fn inks(width: u32, height: u32) -> (Vec<u8>, RgbImage) {
    let photo = photo(width, height);
    let data: Vec<u8> = photo
        .pixels()
        .flat_map(|p| [p[0], p[1], p[2], 230])
        .collect();
    let through = |light: u8| ((u32::from(light) * 230 + 127) / 255) as u8;
    let seen = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb(photo.get_pixel(x, y).0.map(through))
    });
    (data, seen)
}

#[test]
fn cmyk_is_read_as_adobe_stores_it() {
    let (data, seen) = inks(240, 160);
    let expected = reference::stored(&seen, (120, 80));
    for colours in [ColorSpace::Cmyk, ColorSpace::Ycck] {
        let file = Encoder::new(&data, 240, 160, PixelFormat::Cmyk)
            .colorspace(colours)
            .subsampling(Subsampling::S444)
            .quality(95)
            .encode()
            .unwrap();
        let resized = resize(&file, to_png(120, 120));
        assert_eq!(resized.notes, [Note::CmykByArithmetic]);
        let psnr = psnr(&pixels(&resized).to_rgb8(), &expected);
        assert!(psnr > 33.0, "{colours:?}: {psnr:.1} dB");
    }
}

#[test]
fn cmyk_with_small_colours_is_read_at_every_scale() {
    let (data, seen) = inks(641, 483);
    for (colours, subsampling) in
        [ColorSpace::Cmyk, ColorSpace::Ycck]
            .into_iter()
            .flat_map(|colours| {
                [Subsampling::S444, Subsampling::S422, Subsampling::S420].map(|it| (colours, it))
            })
    {
        let file = Encoder::new(&data, 641, 483, PixelFormat::Cmyk)
            .colorspace(colours)
            .subsampling(subsampling)
            .quality(95)
            .encode()
            .unwrap();
        for width in [400, 200, 150, 105, 75, 37] {
            let resized = resize(&file, to_png(width, width));
            let expected = reference::stored(&seen, resized.to);
            let psnr = psnr(&pixels(&resized).to_rgb8(), &expected);
            assert!(
                psnr > 32.0,
                "{colours:?} {subsampling:?} to {width}: {psnr:.1} dB"
            );
        }
    }
}

#[test]
fn inks_of_different_sizes_are_refused_by_name() {
    let (data, _) = inks(48, 48);
    let file = Encoder::new(&data, 48, 48, PixelFormat::Cmyk)
        .colorspace(ColorSpace::Cmyk)
        .subsampling(Subsampling::S444)
        .encode()
        .unwrap();
    // In the header of the frame: its length, bits, height, width and number of components are before the first.
    let frame = file.windows(2).position(|two| two == [0xff, 0xc0]).unwrap() + 10;
    for (component, sampling) in [(0, 0x31), (2, 0x12), (3, 0x21)] {
        let mut odd = file.clone();
        odd[frame + 3 * component + 1] = sampling;
        let error = resizer_pixels::Resizer::new(to_png(4, 4))
            .resize(&odd)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "JPEG: CMYK with inks of different sizes is not supported"
        );
    }
}

#[test]
fn cmyk_without_adobes_marker_is_ink() {
    let (data, seen) = inks(240, 160);
    let inverted: Vec<u8> = data.iter().map(|light| 255 - light).collect();
    let file = Encoder::new(&inverted, 240, 160, PixelFormat::Cmyk)
        .colorspace(ColorSpace::Cmyk)
        .write_adobe_marker(false)
        .subsampling(Subsampling::S444)
        .quality(95)
        .encode()
        .unwrap();
    let psnr = psnr(
        &pixels(&resize(&file, to_png(120, 120))).to_rgb8(),
        &reference::stored(&seen, (120, 80)),
    );
    assert!(psnr > 33.0, "{psnr:.1} dB");
}

#[test]
fn all_orientations_give_the_same_upright_photo() {
    let of = |orientation: u8| {
        let (width, height) = if orientation >= 5 {
            (600, 800)
        } else {
            (800, 600)
        };
        let photo = Photo {
            width,
            height,
            seed: 3,
            orientation,
            quality: 95,
        };
        resize(&photo.to_jpeg(), to_png(200, 200))
    };
    let expected = pixels(&of(1)).to_rgb8();
    for orientation in 2..=8 {
        let resized = of(orientation);
        assert_eq!((resized.from, resized.to), ((800, 600), (200, 150)));
        let psnr = psnr(&pixels(&resized).to_rgb8(), &expected);
        assert!(psnr > 35.0, "orientation {orientation}: {psnr:.1} dB");
    }
}

#[test]
fn an_orientation_is_applied_once() {
    let photo = Photo {
        width: 300,
        height: 400,
        seed: 3,
        orientation: 6,
        quality: 90,
    };
    let settings = Settings {
        width: 100,
        height: 100,
        ..Settings::default()
    };
    let once = resize(&photo.to_jpeg(), settings.clone());
    let twice = resize(&once.bytes, settings);
    assert_eq!((once.to, twice.to), ((100, 75), (100, 75)));
}

#[test]
fn cover_takes_the_middle_of_a_reduced_photo_too() {
    let whole = photo(1600, 800);
    let file = kinds(&whole).swap_remove(0).1;
    let settings = Settings {
        fit: Fit::Cover,
        ..to_png(200, 200)
    };
    let resized = resize(&file, settings);
    let middle = image::imageops::crop_imm(&decode(&file), 400, 0, 800, 800).to_image();
    let psnr = psnr(
        &pixels(&resized).to_rgb8(),
        &reference::stored(&middle, (200, 200)),
    );
    assert!(psnr > 34.0, "{psnr:.1} dB");
}

#[test]
fn the_same_photo_gives_the_same_bytes_whatever_was_resized_before() {
    let file = |seed, width, height| {
        Photo {
            width,
            height,
            seed,
            orientation: 1,
            quality: 90,
        }
        .to_jpeg()
    };
    let settings = Settings {
        width: 128,
        height: 128,
        ..Settings::default()
    };
    let mut worker = resizer_pixels::Resizer::new(settings.clone());
    worker.resize(&file(1, 700, 500)).unwrap();
    worker.resize(&file(2, 150, 130)).unwrap();
    let third = file(3, 500, 400);
    assert_eq!(worker.resize(&third).unwrap(), resize(&third, settings));
}

#[test]
fn quality_decides_how_large_a_jpeg_is() {
    let file = Photo {
        width: 400,
        height: 300,
        seed: 1,
        orientation: 1,
        quality: 95,
    }
    .to_jpeg();
    let of = |quality| {
        let resized = resize(
            &file,
            Settings {
                quality,
                ..Settings::default()
            },
        );
        assert_eq!((resized.written, resized.to), (Format::Jpeg, (400, 300)));
        resized.bytes.len()
    };
    assert!(of(30) < of(85) && of(85) < of(95));
}

#[test]
fn in_linear_light_a_jpeg_is_decoded_whole() {
    let board: Vec<u8> = (0..256 * 256)
        .map(|at| if (at / 256 + at) % 2 == 0 { 255 } else { 0 })
        .collect();
    let file = Encoder::new(&board, 256, 256, PixelFormat::Grayscale)
        .quality(100)
        .encode()
        .unwrap();
    let middle = |linear| {
        let resized = resize(
            &file,
            Settings {
                linear,
                ..to_png(16, 16)
            },
        );
        pixels(&resized).to_luma8().get_pixel(8, 8)[0]
    };
    assert!((187..=189).contains(&middle(true)), "{}", middle(true));
    assert!((126..=129).contains(&middle(false)), "{}", middle(false));
}
