//! What decoding a JPEG costs with the decoders that could be had: wall time, processor time, and how much of it was
//! spent on threads that the decoder itself has started.
//!
//! ```text
//! cargo run --release -p resizer-pixels --example decoders -- 4000 3000
//! ```

use std::env;
use std::time::{Duration, Instant};

use jpeg_decoder::Decoder as JpegDecoder;
use libjpeg_turbo_rs::{Decoder as TurboDecoder, PixelFormat, ScalingFactor};
use resizer_pixels::Photo;
use rustix::time::{ClockId, clock_gettime};
use zune_jpeg::zune_core::bytestream::ZCursor;

/// Each decoder this often, one after another; what stands in the table is the median.
const ROUNDS: usize = 15;

type Decode = Box<dyn Fn(&[u8]) -> usize>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let size: Vec<u32> = env::args()
        .skip(1)
        .map(|arg| arg.parse())
        .collect::<Result<_, _>>()?;
    let [width, height] = size[..] else {
        return Err("usage: decoders WIDTH HEIGHT".into());
    };
    let file = Photo {
        width,
        height,
        seed: 1,
        orientation: 1,
        quality: 92,
    }
    .to_jpeg();
    println!(
        "{width}x{height}, {} bytes; medians of {ROUNDS}",
        file.len()
    );
    println!(
        "{:18} {:>6} {:>9} {:>9} {:>14}",
        "decoder", "scale", "wall ms", "CPU ms", "elsewhere ms"
    );
    let decoders = decoders([width, height]);
    let mut times = vec![Vec::new(); decoders.len()];
    for _ in 0..ROUNDS {
        // In turns, so that a machine that slows down slows all of them.
        for ((_, _, decode), times) in decoders.iter().zip(&mut times) {
            times.push(time(decode, &file));
        }
    }
    for ((name, scale, _), mut times) in decoders.iter().zip(times) {
        times.sort();
        let [wall, cpu, elsewhere] = times[ROUNDS / 2].map(|time| time.as_secs_f64() * 1e3);
        println!("{name:18} {scale:>6} {wall:>9.1} {cpu:>9.1} {elsewhere:>14.1}");
    }
    Ok(())
}

fn decoders(size: [u32; 2]) -> Vec<(&'static str, String, Decode)> {
    let mut decoders: Vec<(_, _, Decode)> = Vec::new();
    for eighths in 1..=8_u32 {
        let halvings = eighths.trailing_zeros();
        let (part, of) = (eighths >> halvings, 8 >> halvings);
        let scale = format!("{part}/{of}");
        let turbo = move |file: &[u8]| {
            let mut decoder = TurboDecoder::new(file).unwrap();
            decoder.set_scale(ScalingFactor::try_new(part, of).unwrap());
            decoder.set_output_format(PixelFormat::Rgb);
            decoder.decode_image().unwrap().data.len()
        };
        decoders.push(("libjpeg-turbo-rs", scale.clone(), Box::new(turbo)));
        // It has no others.
        if part == 1 {
            let side = |side: u32| u16::try_from(side / of).unwrap_or(u16::MAX);
            let (width, height) = (side(size[0]), side(size[1]));
            let plain = move |file: &[u8]| {
                let mut decoder = JpegDecoder::new(file);
                decoder.scale(width, height).unwrap();
                decoder.decode().unwrap().len()
            };
            decoders.push(("jpeg-decoder", scale, Box::new(plain)));
        }
    }
    let zune = |file: &[u8]| {
        zune_jpeg::JpegDecoder::new(ZCursor::new(file))
            .decode()
            .unwrap()
            .len()
    };
    decoders.push(("zune-jpeg", "1/1".to_owned(), Box::new(zune)));
    decoders
}

/// Wall time, processor time, and what of it other threads than this one have used.
fn time(decode: &Decode, file: &[u8]) -> [Duration; 3] {
    let (begin, all, here) = (
        Instant::now(),
        clock(ClockId::ProcessCPUTime),
        clock(ClockId::ThreadCPUTime),
    );
    assert!(decode(file) > 0);
    let all = clock(ClockId::ProcessCPUTime).saturating_sub(all);
    let here = clock(ClockId::ThreadCPUTime).saturating_sub(here);
    [begin.elapsed(), all, all.saturating_sub(here)]
}

fn clock(id: ClockId) -> Duration {
    let time = clock_gettime(id);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
