//! A resampler by the book, in 64-bit floating point: what ours is held against.

use image::RgbImage;

/// `source` filtered with Lanczos3 to this size, on the values `map` gives, back by `unmap`.
///
/// Source: C. Duchon, "Lanczos Filtering in One and Two Dimensions", 1979; support 3, widened by the reduction.
fn lanczos(
    source: &RgbImage,
    (width, height): (u32, u32),
    map: impl Fn(f64) -> f64,
    unmap: impl Fn(f64) -> f64,
) -> RgbImage {
    let values: Vec<f64> = source.as_raw().iter().map(|v| map(f64::from(*v))).collect();
    let (wide, high) = (source.width() as usize, source.height() as usize);
    let mut across = vec![0.0; width as usize * high * 3];
    for (x, taps) in taps(wide, width as usize).iter().enumerate() {
        for y in 0..high {
            for channel in 0..3 {
                let at = |column: &usize| values[(y * wide + column) * 3 + channel];
                across[(y * width as usize + x) * 3 + channel] = taps
                    .iter()
                    .map(|(column, weight)| at(column) * weight)
                    .sum();
            }
        }
    }
    let row = width as usize * 3;
    let mut down = Vec::with_capacity(row * height as usize);
    for taps in taps(high, height as usize) {
        for at in 0..row {
            let value: f64 = taps
                .iter()
                .map(|(y, weight)| across[y * row + at] * weight)
                .sum();
            down.push(unmap(value).round().clamp(0.0, 255.0) as u8);
        }
    }
    RgbImage::from_raw(width, height, down).unwrap()
}

/// For every place of the result: which of the `from` samples count, and how much.
fn taps(from: usize, to: usize) -> Vec<Vec<(usize, f64)>> {
    let scale = from as f64 / to as f64;
    let stretch = scale.max(1.0);
    (0..to)
        .map(|place| {
            let centre = (place as f64 + 0.5) * scale;
            let first = (centre - 3.0 * stretch).floor().max(0.0) as usize;
            let last = ((centre + 3.0 * stretch).ceil() as usize).min(from);
            let weight = |sample: usize| kernel((sample as f64 + 0.5 - centre) / stretch);
            let sum: f64 = (first..last).map(weight).sum();
            (first..last)
                .map(|sample| (sample, weight(sample) / sum))
                .collect()
        })
        .collect()
}

fn kernel(x: f64) -> f64 {
    let sinc = |x: f64| {
        let x = x * std::f64::consts::PI;
        if x == 0.0 { 1.0 } else { x.sin() / x }
    };
    if x.abs() < 3.0 {
        sinc(x) * sinc(x / 3.0)
    } else {
        0.0
    }
}

/// Lanczos3 on the values as they are stored.
pub(crate) fn stored(source: &RgbImage, size: (u32, u32)) -> RgbImage {
    lanczos(source, size, |v| v, |v| v)
}

/// Lanczos3 in linear light.
///
/// Source: IEC 61966-2-1 (sRGB).
pub(crate) fn linear(source: &RgbImage, size: (u32, u32)) -> RgbImage {
    let light = |v: f64| {
        let v = v / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    let value = |l: f64| {
        let v = if l <= 0.003_130_8 {
            12.92 * l
        } else {
            1.055 * l.powf(1.0 / 2.4) - 0.055
        };
        v * 255.0
    };
    lanczos(source, size, light, value)
}
