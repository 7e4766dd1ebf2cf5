//! Any bytes: an error or a picture, never a panic, never memory that is not ours, never more of it than allowed.
//!
//! The mutator of `tests/resize/mutated.rs` damages sound files at random, and is part of the tests. This one follows what
//! a change reaches in the code, under AddressSanitizer, and goes on for as long as it is let:
//!
//! ```text
//! cargo install cargo-fuzz
//! for format in jpeg png webp; do
//!     cargo run --release -p resizer -- --case small --size 48 --format $format --out crates/resizer/pixels/fuzz/seeds
//! done
//! cd crates/resizer/pixels
//! cargo +nightly fuzz run resize fuzz/corpus/resize fuzz/seeds -- -max_total_time=3600 -max_len=20000
//! ```
//!
//! No picture becomes a GIF, TIFF or BMP that was none: put small ones of your own into `fuzz/seeds` beside those.

#![no_main]

use libfuzzer_sys::fuzz_target;
use resizer_pixels::{Fit, Format, Resizer, Settings};

/// What one picture may take, in bytes. The fuzzer's own limit is far above it, as the sanitizer needs memory too.
const MEMORY: u64 = 50_000_000;

fuzz_target!(|input: &[u8]| {
    // What is wanted stands behind the picture, where no decoder looks for more.
    if let Some((file, wanted)) = input.split_last_chunk() {
        let _ = Resizer::new(settings(*wanted)).resize(file);
    }
});

fn settings([side, kind]: [u8; 2]) -> Settings {
    let fits = [Fit::Inside, Fit::Cover, Fit::Exact];
    let formats = [
        None,
        Some(Format::Jpeg),
        Some(Format::Png),
        Some(Format::WebP),
    ];
    Settings {
        width: u32::from(side).max(1),
        height: u32::from(side ^ kind).max(1),
        fit: fits[usize::from(kind) % fits.len()],
        format: formats[usize::from(kind >> 2) % formats.len()],
        enlarge: kind & 0x10 != 0,
        linear: kind & 0x20 != 0,
        fast: kind & 0x40 != 0,
        memory: MEMORY,
        ..Settings::default()
    }
}
