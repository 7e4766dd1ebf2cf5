//! What is no picture, or a damaged one, or asks for too much.

use image::{DynamicImage, ImageFormat};
use resizer_pixels::{Format, Photo, PixelsError, Resizer, Settings};

use crate::material::{encode, photo};

fn error(file: &[u8]) -> PixelsError {
    Resizer::new(Settings::default())
        .resize(file)
        .expect_err("a bad picture was resized")
}

/// A sound picture in every format.
pub(crate) fn sound() -> Vec<(Format, Vec<u8>)> {
    let image = DynamicImage::ImageRgb8(photo(160, 120));
    let jpeg = Photo {
        width: 160,
        height: 120,
        seed: 1,
        orientation: 6,
        quality: 90,
    }
    .to_jpeg();
    let mut files = vec![(Format::Jpeg, jpeg)];
    for (ours, format) in [
        (Format::Png, ImageFormat::Png),
        (Format::Gif, ImageFormat::Gif),
        (Format::WebP, ImageFormat::WebP),
        (Format::Tiff, ImageFormat::Tiff),
        (Format::Bmp, ImageFormat::Bmp),
    ] {
        let alpha = DynamicImage::ImageRgba8(image.to_rgba8());
        let image = if ours == Format::Gif { &alpha } else { &image };
        files.push((ours, encode(image, format)));
    }
    files
}

#[test]
fn nothing_and_no_picture_are_told_apart() {
    assert_eq!(error(b""), PixelsError::Empty);
    assert_eq!(
        error(b"Dear all, the photos are attached."),
        PixelsError::NotAPicture
    );
    assert_eq!(error(b"BM"), PixelsError::NotAPicture);
}

#[test]
fn a_format_is_told_by_what_is_in_the_file() {
    for (format, file) in sound() {
        assert_eq!(Format::of(&file), Some(format));
        let resized = Resizer::new(Settings::default()).resize(&file).unwrap();
        assert_eq!((resized.read, resized.written), (format, format));
    }
}

#[test]
fn a_truncated_picture_is_damaged_in_every_format() {
    for (format, file) in sound() {
        for part in [0.2, 0.6, 0.95] {
            let cut = &file[..(file.len() as f64 * part) as usize];
            match error(cut) {
                PixelsError::Damaged {
                    format: found,
                    cause,
                } => {
                    assert_eq!(found, format);
                    assert!(!cause.contains('\n'), "{cause}");
                }
                other => panic!("{format} cut to {part}: {other}"),
            }
        }
    }
}

/// The sound file with a header that says it is enormous.
fn bombs() -> Vec<(Format, Vec<u8>)> {
    let large = |file: &mut Vec<u8>, at: usize, bytes: &[u8]| {
        file[at..at + bytes.len()].copy_from_slice(bytes);
    };
    sound()
        .into_iter()
        .map(|(format, mut file)| {
            match format {
                Format::Jpeg => {
                    let frame = file.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
                    large(&mut file, frame + 5, &[0xff, 0xdc, 0xff, 0xdc]);
                }
                Format::Png => {
                    large(&mut file, 16, &[0, 1, 0, 0, 0, 1, 0, 0]);
                    let sum = png_sum(&file[12..29]);
                    large(&mut file, 29, &sum.to_be_bytes());
                }
                Format::Gif => large(&mut file, 6, &[0xff; 4]),
                // A lossless stream: 14 bits each of width and height less one, behind a signature byte.
                Format::WebP => {
                    let stream = file.windows(4).position(|w| w == b"VP8L").unwrap();
                    large(&mut file, stream + 9, &[0xfe, 0xbf, 0xff, 0x0f]);
                    if &file[12..16] == b"VP8X" {
                        large(&mut file, 24, &[0xfe, 0x3f, 0, 0xfe, 0x3f, 0]);
                    }
                }
                Format::Tiff => {
                    let directory = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
                    for entry in (directory + 2..).step_by(12).take(2) {
                        // Width and height come first: their tag, one number of four bytes, and it.
                        let number = [4, 0, 1, 0, 0, 0, 0, 0, 1, 0];
                        assert!(matches!(file[entry..entry + 2], [0 | 1, 1]));
                        large(&mut file, entry + 2, &number);
                    }
                }
                Format::Bmp => large(&mut file, 18, &[0xe8, 0xfd, 0, 0, 0xe8, 0xfd, 0, 0]),
            }
            (format, file)
        })
        .collect()
}

/// The checksum of a chunk. Source: PNG specification, annex D.
pub(crate) fn png_sum(chunk: &[u8]) -> u32 {
    !chunk.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                0xedb8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            }
        })
    })
}

#[test]
fn a_header_that_asks_for_too_much_is_refused_by_it() {
    for (format, file) in bombs() {
        let error = error(&file);
        let refused = match format {
            // These are judged by what a file of their length, or so many strips, can hold.
            Format::Jpeg => error.to_string() == "JPEG: damaged: the file ends early",
            Format::Tiff => matches!(error, PixelsError::Damaged { .. }),
            _ => matches!(error, PixelsError::TooLarge { .. }),
        };
        assert!(refused, "{format}: {error}");
    }
}

#[test]
fn a_jpeg_that_must_end_early_is_refused_whatever_memory_there_is() {
    let (_, file) = bombs().swap_remove(0);
    let settings = Settings {
        memory: 1,
        ..Settings::default()
    };
    let error = Resizer::new(settings).resize(&file).unwrap_err();
    assert_eq!(error.to_string(), "JPEG: damaged: the file ends early");
}

/// The most memory that this process has had, in bytes; none where the system does not tell.
pub(crate) fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1000)
}

#[test]
fn bombs_take_no_memory() {
    let files = bombs();
    // Other tests run beside this one, so what is asked is far below the least that a bomb would take.
    let Some(before) = peak() else {
        eprintln!("skipped: no /proc/self/status");
        return;
    };
    for (_, file) in &files {
        error(file);
    }
    let grown = peak().unwrap() - before;
    assert!(grown < 300_000_000, "{grown} bytes");
}

#[test]
fn a_picture_is_refused_for_less_memory_than_it_takes() {
    for (format, file) in sound() {
        let resize = |memory| {
            Resizer::new(Settings {
                memory,
                ..Settings::default()
            })
            .resize(&file)
        };
        let error = resize(40_000).unwrap_err();
        assert!(
            matches!(error, PixelsError::TooLarge { .. }),
            "{format}: {error}"
        );
        assert!(resize(400_000).is_ok(), "{format}");
    }
}

#[test]
fn a_jpeg_with_too_many_scans_is_refused() {
    let photo = photo(64, 64);
    let jpeg =
        libjpeg_turbo_rs::Encoder::new(photo.as_raw(), 64, 64, libjpeg_turbo_rs::PixelFormat::Rgb)
            .progressive(true)
            .encode()
            .unwrap();
    // The last scan over and over: each makes the decoder go through all coefficients once more.
    let scan = jpeg.windows(2).rposition(|w| w == [0xff, 0xda]).unwrap();
    let mut file = jpeg[..jpeg.len() - 2].to_vec();
    for _ in 0..600 {
        file.extend_from_slice(&jpeg[scan..jpeg.len() - 2]);
    }
    file.extend_from_slice(&[0xff, 0xd9]);
    let error = error(&file);
    assert!(error.to_string().contains("scan"), "{error}");
}

#[test]
fn a_result_that_its_format_has_no_room_for_is_refused() {
    let image = image::RgbImage::new(20_000, 1);
    let file = encode(&DynamicImage::ImageRgb8(image), ImageFormat::Png);
    let settings = Settings {
        width: 20_000,
        height: 20_000,
        format: Some(Format::WebP),
        ..Settings::default()
    };
    let error = Resizer::new(settings).resize(&file).unwrap_err();
    assert_eq!(
        error.to_string(),
        "WebP cannot hold 20000x1 pixels (at most 16383 a side)"
    );
}
