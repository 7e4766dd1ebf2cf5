//! From a file's bytes to a picture, no larger than needed.

mod jpeg;
mod others;

use crate::error::PixelsError;
use crate::fit::Plan;
use crate::format::Format;
use crate::picture::{About, Picture};
use crate::settings::Settings;

/// A picture as it was read: maybe at a reduced scale, not yet turned.
pub(crate) struct Read {
    pub(crate) about: About,
    pub(crate) picture: Picture,
    /// What is to become of it, for the picture as it lies in the file.
    pub(crate) plan: Plan,
    /// How many eighths of the picture's size were decoded: 8 is all of it.
    pub(crate) eighths: u32,
}

/// Reads the picture in `file`, into `buffer`, which comes back as the picture's data.
pub(crate) fn read(
    file: &[u8],
    format: Format,
    settings: &Settings,
    buffer: Vec<u8>,
) -> Result<Read, PixelsError> {
    match format {
        Format::Jpeg => jpeg::read(file, settings, buffer),
        _ => others::read(file, format, settings, buffer),
    }
}

/// The plan for a picture as it lies in the file.
fn plan(about: &About, settings: &Settings) -> Plan {
    let plan = Plan::new(about.upright(), settings);
    if about.lies_on_its_side() {
        plan.on_its_side()
    } else {
        plan
    }
}

/// Refuses a picture of `size` that takes `needed` bytes, if that is too much.
fn allow(size: (u32, u32), needed: u64, settings: &Settings) -> Result<(), PixelsError> {
    if needed <= settings.memory {
        return Ok(());
    }
    Err(PixelsError::TooLarge {
        width: size.0,
        height: size.1,
        needed: needed.div_ceil(1_000_000),
        allowed: settings.memory / 1_000_000,
    })
}

/// `buffer` with `length` bytes that nobody has to have cleared: what is left in it is written over.
fn sized(mut buffer: Vec<u8>, length: usize) -> Vec<u8> {
    if buffer.capacity() < length {
        // Fresh memory is zero when the system gives it: cheaper than growing, which would copy and clear.
        return vec![0; length];
    }
    buffer.resize(length, 0);
    buffer
}
