//! Axes along the bottom, with their names.

use super::frame::{Frame, PAD};
use super::mark::{label, line};
use super::scale::Scale;
use super::text::width;

const TICK: f64 = 12.0;

/// Where lines of a grid go, and what they are called.
pub(super) struct Ticks {
    named: Vec<(f64, String)>,
}

impl Ticks {
    /// The round figures of `scale`, without those whose names would run into each other.
    pub(super) fn new(
        scale: &Scale,
        values: &[f64],
        name: impl Fn(f64) -> String,
        edge: f64,
    ) -> Self {
        let mut named: Vec<(f64, String)> = Vec::new();
        let mut free = 0.0;
        for &value in values {
            let (x, text) = (scale.at(value), name(value));
            let half = width(&text, TICK) / 2.0;
            if x - half >= free && x + half <= edge {
                free = x + half + 10.0;
                named.push((x, text));
            }
        }
        Self { named }
    }

    /// Draws lines from `top` to the bottom of `frame`, and names below them.
    pub(super) fn draw(&self, frame: &mut Frame, top: f64) {
        let bottom = frame.bottom;
        for (x, name) in &self.named {
            frame.add(line("grid", (*x, top), (*x, bottom)));
            frame.write(label("tick middle", *x, bottom + 16.0, name));
        }
        frame.bottom += 22.0;
    }
}

/// How many names fit beside each other, about.
pub(super) fn wanted(room: f64) -> usize {
    (room / 70.0).floor().clamp(4.0, 8.0) as usize
}

/// Up to where text may go.
pub(super) fn edge(frame: &Frame) -> f64 {
    frame.size().width() - PAD / 2.0
}

/// What the axis shows, below it at its left and right ends.
pub(super) fn ends(frame: &mut Frame, (left, right): (f64, f64), (low, high): (&str, &str)) {
    frame.bottom += 15.0;
    for (class, x, text) in [("note", left, low), ("note end", right, high)] {
        if !text.is_empty() {
            frame.write(label(class, x, frame.bottom - 4.0, text));
        }
    }
}

/// The unit for times up to `most` seconds: its length in seconds, and its name.
pub(super) fn time_unit(most: f64) -> (f64, &'static str) {
    const UNITS: [(f64, &str); 3] = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")];
    let fits = |(length, _): &(f64, &str)| most >= *length * 0.999;
    UNITS.into_iter().find(fits).unwrap_or((1e-9, "ns"))
}

/// The unit for memory up to `most` bytes.
pub(super) fn memory_unit(most: f64) -> (f64, &'static str) {
    const UNITS: [(f64, &str); 3] = [
        (1_073_741_824.0, "GiB"),
        (1_048_576.0, "MiB"),
        (1024.0, "KiB"),
    ];
    let fits = |(size, _): &(f64, &str)| most >= *size * 0.999;
    UNITS.into_iter().find(fits).unwrap_or((1.0, "bytes"))
}

/// A round figure, as short as it can be: `0.5`, `20`, `1,000,000`.
pub(super) fn round(value: f64) -> String {
    let short = if value == 0.0 {
        0.0
    } else {
        // A sum of steps is not as round as it should be.
        format!("{value:.6e}").parse().unwrap_or(value)
    };
    if !(1e-4..1e7).contains(&short) && short != 0.0 {
        return format!("{short:e}");
    }
    let text = short.to_string();
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), ""), |(a, b)| (a, b));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() {
        grouped
    } else {
        format!("{grouped}.{rest}")
    }
}

/// A round figure with its unit; 0 needs none.
pub(super) fn with_unit(value: f64, (size, name): (f64, &str)) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    format!("{} {name}", round(value / size))
}
