//! One row a contestant: its name, its data, its figures.

use super::frame::{Frame, PAD, Size};
use super::mark::label;
use super::text::{widest, wrap};

const NAME: f64 = 13.0;
const LINE: f64 = 16.0;
/// A column of names is at most so wide; longer ones are broken.
const NAMES: f64 = 190.0;
const GAP: f64 = 14.0;

/// What is written beside the data of a row.
pub(super) struct Words<'a> {
    pub(super) name: &'a str,
    pub(super) figures: String,
}

/// Where rows are.
pub(super) struct Rows {
    /// Where their data begins and ends, from left to right.
    pub(super) left: f64,
    pub(super) right: f64,
    /// Where all of them begin and end, from top to bottom.
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// The top of the data of each row.
    pub(super) data: Vec<f64>,
}

impl Rows {
    /// Makes room in `frame` for a row with data of this height for each, and writes the words there.
    pub(super) fn new(frame: &mut Frame, words: &[Words], height: f64) -> Self {
        match frame.size() {
            Size::Wide => Self::wide(frame, words, height),
            Size::Narrow => Self::narrow(frame, words, height),
        }
    }

    /// How wide the data will be.
    pub(super) fn room(frame: &Frame, words: &[Words]) -> f64 {
        let (left, right) = match frame.size() {
            Size::Wide => columns(frame, words),
            Size::Narrow => below(frame),
        };
        right - left
    }

    /// Names to the left of the data, figures to the right.
    fn wide(frame: &mut Frame, words: &[Words], height: f64) -> Self {
        let names: Vec<_> = words
            .iter()
            .map(|one| wrap(one.name, NAME, NAMES))
            .collect();
        let (left, right) = columns(frame, words);
        let edge = frame.size().width() - PAD;
        let top = frame.bottom;
        let mut data = Vec::new();
        for (one, lines) in words.iter().zip(&names) {
            let tall = height.max(lines.len() as f64 * LINE) + 8.0;
            let middle = frame.bottom + tall / 2.0;
            let first = middle - (lines.len() as f64 - 1.0) * LINE / 2.0 + 4.5;
            for (place, line) in lines.iter().enumerate() {
                let y = first + place as f64 * LINE;
                frame.write(label("name end", left - GAP, y, line));
            }
            if !one.figures.is_empty() {
                frame.write(label("figures end", edge, middle + 4.5, &one.figures));
            }
            data.push(middle - height / 2.0);
            frame.bottom += tall;
        }
        Self {
            left,
            right,
            top,
            bottom: frame.bottom,
            data,
        }
    }

    /// Names and figures above the data.
    fn narrow(frame: &mut Frame, words: &[Words], height: f64) -> Self {
        let edge = frame.size().width() - PAD;
        let top = frame.bottom;
        let mut data = Vec::new();
        for one in words {
            let figures = widest([one.figures.as_str()], NAME);
            frame.bottom += 4.0;
            let beside = edge - PAD - figures - GAP;
            // A long name and long figures: one below the other.
            let is_beside = widest([one.name], NAME) <= beside;
            let room = if is_beside { beside } else { edge - PAD };
            for line in wrap(one.name, NAME, room) {
                frame.bottom += LINE;
                frame.write(label("name", PAD, frame.bottom - 3.0, &line));
            }
            if !one.figures.is_empty() {
                frame.bottom += if is_beside { 0.0 } else { LINE };
                frame.write(label("figures end", edge, frame.bottom - 3.0, &one.figures));
            }
            data.push(frame.bottom + 3.0);
            frame.bottom += height + 6.0;
        }
        let (left, right) = below(frame);
        Self {
            left,
            right,
            top,
            bottom: frame.bottom,
            data,
        }
    }
}

/// Where data begins and ends between names and figures.
fn columns(frame: &Frame, words: &[Words]) -> (f64, f64) {
    let names: Vec<_> = words
        .iter()
        .flat_map(|one| wrap(one.name, NAME, NAMES))
        .collect();
    let figures = widest(words.iter().map(|one| one.figures.as_str()), NAME);
    let edge = frame.size().width() - PAD;
    let right = if figures > 0.0 {
        edge - figures - GAP
    } else {
        edge - 4.0
    };
    (
        PAD + widest(names.iter().map(String::as_str), NAME) + GAP,
        right,
    )
}

/// Where data begins and ends that has the whole width.
fn below(frame: &Frame) -> (f64, f64) {
    (PAD + 6.0, frame.size().width() - PAD - 6.0)
}

/// What is told of a row to whoever rests on its mark.
pub(super) fn told(name: &str, figures: &str) -> String {
    format!("{name}: {figures}")
}
