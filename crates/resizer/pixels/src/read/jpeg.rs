//! JPEGs: decoded at a reduced scale, for most of a large photo's pixels are not needed.

use libjpeg_turbo_rs::{ColorSpace, DecodeLimits, Decoder, JpegError, PixelFormat, ScalingFactor};

use super::{Read, allow, plan, sized};
use crate::error::PixelsError;
use crate::fit::Plan;
use crate::format::Format;
use crate::picture::{About, Layout, Picture};
use crate::settings::Settings;

/// More scans than any encoder writes; each costs a pass over all coefficients, so a small file could keep a worker
/// busy for hours.
const MOST_SCANS: usize = 500;

/// In eighths, those that cost clearly less than the whole, the smallest first. Six and seven do not: see decoders.md.
const SCALES: [u32; 5] = [1, 2, 3, 4, 5];

pub(super) fn read(file: &[u8], settings: &Settings, buffer: Vec<u8>) -> Result<Read, PixelsError> {
    let mut decoder = Decoder::new_with_limits(file, limits()).map_err(explain)?;
    refuse_what_is_not_known(&decoder)?;
    let about = about(&decoder);
    if about.size.0 == 0 || about.size.1 == 0 {
        return Err(damaged("no size in its header"));
    }
    refuse_what_must_end_early(&decoder, file)?;
    let plan = plan(&about, settings);
    let eighths = eighths(&plan, settings);
    decoder.set_scale(factor(eighths));
    let (format, layout) = samples(&decoder);
    decoder.set_output_format(format);
    let size = (decoder.output_width(), decoder.output_height());
    allow(about.size, needed(&decoder, size, layout), settings)?;

    let length = size.0 * size.1 * layout.bytes();
    let mut data = sized(buffer, length);
    decoder.decode_image_into(&mut data).map_err(explain)?;
    if layout == Layout::Cmyk8 && !is_inverted(file) {
        for ink in &mut data {
            *ink = 255 - *ink;
        }
    }
    let picture = Picture {
        width: size.0 as u32,
        height: size.1 as u32,
        layout,
        data,
    };
    Ok(Read {
        about,
        picture,
        plan,
        eighths,
    })
}

fn limits() -> DecodeLimits {
    DecodeLimits {
        max_scans: MOST_SCANS,
        // Sizes are judged by the memory that they take.
        max_width: 65_535,
        max_height: 65_535,
        max_pixels: u64::MAX,
        ..DecodeLimits::default()
    }
}

fn about(decoder: &Decoder<'_>) -> About {
    let header = decoder.header();
    About {
        size: (u32::from(header.width), u32::from(header.height)),
        orientation: decoder
            .exif_orientation()
            .filter(|number| (1..=8).contains(number))
            .unwrap_or(1),
        // A broken profile is as good as none: the pixels are still there.
        profile: decoder.icc_profile().ok().flatten(),
        notes: Vec::new(),
    }
}

fn refuse_what_is_not_known(decoder: &Decoder<'_>) -> Result<(), PixelsError> {
    let header = decoder.header();
    let what = match header {
        header if header.precision != 8 => format!("{} bits a sample", header.precision),
        header if header.is_lossless => "lossless JPEG".to_owned(),
        header if ![1, 3, 4].contains(&header.components.len()) => {
            format!("{} components", header.components.len())
        }
        _ if !are_inks_in_order(decoder) => "CMYK with inks of different sizes".to_owned(),
        _ => return Ok(()),
    };
    Err(PixelsError::Unsupported {
        format: Format::Jpeg,
        what,
    })
}

/// Whether four components are stored as the decoder takes for granted: the first and the last whole, those between them
/// alike, whole or smaller by whole numbers. Others it reads wrongly, or panics at.
fn are_inks_in_order(decoder: &Decoder<'_>) -> bool {
    let sampling = decoder
        .header()
        .components
        .iter()
        .map(|one| (one.horizontal_sampling, one.vertical_sampling));
    match sampling.collect::<Vec<_>>()[..] {
        [first, second, third, last] => {
            first == last
                && second == third
                && first.0.checked_rem(second.0) == Some(0)
                && first.1.checked_rem(second.1) == Some(0)
        }
        _ => true,
    }
}

/// Every block of 8 by 8 pixels takes at least a bit. A header that promises more than the file can hold is refused
/// before memory is taken for it. (Arithmetic coding knows fractions of a bit.)
fn refuse_what_must_end_early(decoder: &Decoder<'_>, file: &[u8]) -> Result<(), PixelsError> {
    let header = decoder.header();
    let blocks = u64::from(header.width).div_ceil(8) * u64::from(header.height).div_ceil(8);
    if !decoder.is_arithmetic() && blocks > file.len() as u64 * 8 {
        return Err(damaged("the file ends early"));
    }
    Ok(())
}

/// The scale to decode at. Twice the size that is wanted leaves the filter enough to choose from; averages that the
/// decoder makes are not in linear light.
fn eighths(plan: &Plan, settings: &Settings) -> u32 {
    if settings.linear {
        return 8;
    }
    let spare = if settings.fast { 1.0 } else { 2.0 };
    let enough = |eighths: &u32| plan.reduction() * f64::from(*eighths) / 8.0 >= spare;
    SCALES.into_iter().find(enough).unwrap_or(8)
}

/// In lowest terms, as the decoder wants it.
fn factor(eighths: u32) -> ScalingFactor {
    let halvings = eighths.trailing_zeros();
    ScalingFactor::try_new(eighths >> halvings, 8 >> halvings).unwrap_or_default()
}

fn samples(decoder: &Decoder<'_>) -> (PixelFormat, Layout) {
    match decoder.jpeg_color_space() {
        ColorSpace::Grayscale => (PixelFormat::Grayscale, Layout::Grey8),
        ColorSpace::Cmyk | ColorSpace::Ycck => (PixelFormat::Cmyk, Layout::Cmyk8),
        _ if decoder.header().components.len() == 1 => (PixelFormat::Grayscale, Layout::Grey8),
        _ => (PixelFormat::Rgb, Layout::Rgb8),
    }
}

/// Bytes to decode to `size`: the components apart, then together; all coefficients too, where several scans share
/// them.
fn needed(decoder: &Decoder<'_>, size: (usize, usize), layout: Layout) -> u64 {
    let header = decoder.header();
    let components = header.components.len() as u64;
    let decoded = (size.0 as u64 * size.1 as u64) * (layout.bytes() as u64 + components);
    let pixels = u64::from(header.width) * u64::from(header.height);
    if header.is_progressive || decoder.has_multiple_scans() || decoder.is_arithmetic() {
        decoded + pixels * components * 2
    } else {
        decoded
    }
}

/// Whether CMYK is stored as light and not as ink: so does Adobe, and whoever writes its marker.
fn is_inverted(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, kind, high, low]) = file.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        if kind == 0xda {
            return false;
        }
        if kind == 0xee && file.get(at + 4..at + 9) == Some(b"Adobe") {
            return true;
        }
        at += 2 + length;
    }
    false
}

fn explain(error: JpegError) -> PixelsError {
    match error {
        JpegError::Unsupported(what) => PixelsError::Unsupported {
            format: Format::Jpeg,
            what,
        },
        JpegError::UnexpectedEof => damaged("the file ends early"),
        JpegError::CorruptData(cause) => damaged(&cause),
        other => damaged(&other.to_string()),
    }
}

fn damaged(cause: &str) -> PixelsError {
    PixelsError::Damaged {
        format: Format::Jpeg,
        cause: cause.to_owned(),
    }
}
