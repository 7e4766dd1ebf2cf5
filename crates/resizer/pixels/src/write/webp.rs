//! WebP: the pixels by libwebp, which no Rust encoder replaces yet where lossy files are wanted; a profile around them
//! by hand.
//!
//! Source: RFC 9649, 2.7 (extended file format).

use webp::Encoder;

use super::refused;
use crate::error::PixelsError;
use crate::format::Format;
use crate::picture::{Layout, Picture};

const HAS_PROFILE: u8 = 0x20;
const HAS_ALPHA: u8 = 0x10;

pub(super) fn webp(
    picture: &Picture,
    quality: u8,
    profile: Option<&[u8]>,
) -> Result<Vec<u8>, PixelsError> {
    let (width, height) = (picture.width, picture.height);
    let encoder = match picture.layout {
        Layout::Rgba8 => Encoder::from_rgba(&picture.data, width, height),
        _ => Encoder::from_rgb(&picture.data, width, height),
    };
    let file = encoder
        .encode_simple(false, f32::from(quality))
        .map_err(|error| refused(Format::WebP, &format!("{error:?}")))?;
    Ok(match profile {
        Some(profile) => with_profile(&file, profile, (width, height), picture.layout),
        None => file.to_vec(),
    })
}

/// `file`, as libwebp writes it, with the profile where readers look for it: a VP8X chunk that announces it, then
/// itself, then the pixels.
fn with_profile(file: &[u8], profile: &[u8], size: (u32, u32), layout: Layout) -> Vec<u8> {
    let pixels = match file.get(12..16) {
        Some(b"VP8X") => &file[30..],
        _ => &file[12..],
    };
    let mut flags = HAS_PROFILE;
    if layout.has_alpha() {
        flags |= HAS_ALPHA;
    }
    let mut header = vec![flags, 0, 0, 0];
    header.extend_from_slice(&(size.0 - 1).to_le_bytes()[..3]);
    header.extend_from_slice(&(size.1 - 1).to_le_bytes()[..3]);

    let mut content = b"WEBP".to_vec();
    put_chunk(&mut content, *b"VP8X", &header);
    put_chunk(&mut content, *b"ICCP", profile);
    content.extend_from_slice(pixels);
    let mut whole = Vec::with_capacity(content.len() + 8);
    put_chunk(&mut whole, *b"RIFF", &content);
    whole
}

/// A name, a length and so many bytes, filled up to an even number.
fn put_chunk(file: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    file.extend_from_slice(&name);
    file.extend_from_slice(&(content.len() as u32).to_le_bytes());
    file.extend_from_slice(content);
    if content.len() % 2 == 1 {
        file.push(0);
    }
}
