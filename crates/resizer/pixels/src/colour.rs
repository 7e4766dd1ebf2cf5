//! Colours that the format to write can hold.

use moxcms::{ColorProfile, DataColorSpace, Layout as IccLayout, TransformOptions};

use crate::format::Format;
use crate::note::Note;
use crate::picture::{Layout, Picture};

/// `picture` in a layout that `format` can hold, and what to note. `profile` is that of the picture as it was read;
/// where it no longer fits, it is taken out.
pub(crate) fn suit(
    mut picture: Picture,
    format: Format,
    profile: &mut Option<Vec<u8>>,
    notes: &mut Vec<Note>,
) -> Picture {
    if picture.layout == Layout::Cmyk8 {
        picture = rgb_of_inks(&picture, profile, notes);
    }
    if picture.layout.is_wide() && !matches!(format, Format::Png | Format::Tiff) {
        notes.push(Note::SixteenBits);
        picture = narrowed(&picture);
    }
    let holds_alpha = !matches!(format, Format::Jpeg | Format::Bmp);
    if picture.layout.has_alpha() && !holds_alpha && flattened(&mut picture) {
        notes.push(Note::Flattened);
    }
    let holds_grey = matches!(format, Format::Jpeg | Format::Png);
    if picture.layout.is_grey() && !holds_grey {
        picture = coloured(&picture);
    }
    keep_fitting(profile, &picture, format, notes);
    picture
}

/// RGB of a CMYK picture, by its profile if it has one that is for CMYK.
fn rgb_of_inks(picture: &Picture, profile: &mut Option<Vec<u8>>, notes: &mut Vec<Note>) -> Picture {
    let described = profile
        .take()
        .and_then(|profile| by_profile(picture, &profile));
    let (data, note) = described.map_or_else(
        || (by_arithmetic(&picture.data), Note::CmykByArithmetic),
        |data| (data, Note::CmykByProfile),
    );
    notes.push(note);
    Picture {
        layout: Layout::Rgb8,
        data,
        ..*picture
    }
}

/// sRGB by the ICC profile; none if it is broken or not for CMYK.
fn by_profile(picture: &Picture, profile: &[u8]) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    if profile.color_space != DataColorSpace::Cmyk {
        return None;
    }
    let transform = profile
        .create_transform_8bit(
            IccLayout::Rgba, // Four samples: moxcms has no word of its own for inks.
            &ColorProfile::new_srgb(),
            IccLayout::Rgb,
            TransformOptions::default(),
        )
        .ok()?;
    let inks: Vec<u8> = picture.data.iter().map(|light| 255 - light).collect();
    let mut rgb = vec![0; inks.len() / 4 * 3];
    transform.transform(&inks, &mut rgb).ok()?;
    Some(rgb)
}

/// What each ink lets through of what black lets through.
fn by_arithmetic(data: &[u8]) -> Vec<u8> {
    let (pixels, _) = data.as_chunks::<4>();
    let through = |light: u8, black: u8| ((u32::from(light) * u32::from(black) + 127) / 255) as u8;
    pixels
        .iter()
        .flat_map(|&[c, m, y, k]| [through(c, k), through(m, k), through(y, k)])
        .collect()
}

/// 8 bits a sample, rounded to the nearest.
fn narrowed(picture: &Picture) -> Picture {
    let layout = match picture.layout {
        Layout::Grey16 => Layout::Grey8,
        Layout::GreyAlpha16 => Layout::GreyAlpha8,
        Layout::Rgb16 => Layout::Rgb8,
        Layout::Rgba16 => Layout::Rgba8,
        other => other,
    };
    let (samples, _) = picture.data.as_chunks::<2>();
    let narrow = |bytes: &[u8; 2]| ((u32::from(u16::from_ne_bytes(*bytes)) + 128) / 257) as u8;
    Picture {
        layout,
        data: samples.iter().map(narrow).collect(),
        ..*picture
    }
}

/// Lays an 8-bit picture on white and takes its alpha away. Whether anything of it was transparent.
fn flattened(picture: &mut Picture) -> bool {
    let (channels, layout) = match picture.layout {
        Layout::GreyAlpha8 => (1, Layout::Grey8),
        _ => (3, Layout::Rgb8),
    };
    let mut transparent = false;
    let mut data = Vec::with_capacity(picture.data.len() / (channels + 1) * channels);
    for pixel in picture.data.chunks_exact(channels + 1) {
        let alpha = u32::from(pixel[channels]);
        transparent |= alpha < 255;
        let on_white =
            |sample: &u8| ((u32::from(*sample) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        data.extend(pixel[..channels].iter().map(on_white));
    }
    picture.layout = layout;
    picture.data = data;
    transparent
}

/// Grey as RGB, for formats that know no grey.
fn coloured(picture: &Picture) -> Picture {
    let (layout, alpha) = match picture.layout {
        Layout::Grey8 => (Layout::Rgb8, false),
        Layout::GreyAlpha8 => (Layout::Rgba8, true),
        Layout::Grey16 => (Layout::Rgb16, false),
        Layout::GreyAlpha16 => (Layout::Rgba16, true),
        other => (other, false),
    };
    let bytes = if picture.layout.is_wide() { 2 } else { 1 };
    let mut data = Vec::with_capacity(picture.data.len() * 4);
    for pixel in picture.data.chunks_exact(picture.layout.bytes()) {
        let (grey, rest) = pixel.split_at(bytes);
        for _ in 0..3 {
            data.extend_from_slice(grey);
        }
        if alpha {
            data.extend_from_slice(rest);
        }
    }
    Picture {
        layout,
        data,
        ..*picture
    }
}

/// Takes the profile out where it describes other colours than are written, or the format holds none.
fn keep_fitting(
    profile: &mut Option<Vec<u8>>,
    picture: &Picture,
    format: Format,
    notes: &mut Vec<Note>,
) {
    let Some(bytes) = profile else { return };
    let colours: &[u8] = if picture.layout.is_grey() {
        b"GRAY"
    } else {
        b"RGB "
    };
    // ICC.1:2022, 7.2: the colour space stands at byte 16 of the header, "acsp" at byte 36.
    let fits = bytes.get(16..20) == Some(colours) && bytes.get(36..40) == Some(b"acsp");
    let held = !matches!(format, Format::Gif | Format::Bmp);
    if !(fits && held) {
        *profile = None;
        notes.push(Note::ProfileLeftOut);
    }
}
