//! How do contestants compare over many things at once? A row a thing, a mark a contestant.

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, Size};
use super::look::Look;
use super::mark::{interval, mark};
use super::rows::{Rows, Words, told};
use super::scale::Scale;
use crate::report::numbers;
use crate::stats::Interval;

const HEIGHT: f64 = 24.0;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Seconds of something, on a logarithmic axis.
    Time(&'static str),
    /// Shares of something, from 0 to 1.
    Share(&'static str),
}

/// One thing, with what each contestant makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct MarksRow {
    /// Its name.
    pub name: String,
    /// For each contestant: its name, how it is drawn, its figure and the interval of that.
    pub marks: Vec<(String, Look, f64, Option<Interval>)>,
}

/// The marks of all contestants in one row: those that lie above each other are alike.
pub fn marks(head: &Head, rows: &[MarksRow], quantity: Quantity, size: Size) -> Chart {
    let mut frame = Frame::new(head, size);
    let words: Vec<Words> = rows.iter().map(|row| words(row, quantity)).collect();
    let places = Rows::new(&mut frame, &words, HEIGHT);
    let scale = scale(rows, quantity, (places.left, places.right));
    draw_axis(&mut frame, &scale, quantity, &places);
    for (row, top) in rows.iter().zip(&places.data) {
        let y = top + HEIGHT / 2.0;
        for (name, look, value, ends) in row.marks.iter().filter(|mark| mark.2.is_finite()) {
            // Where all runs gave the same, there is nothing between its ends.
            if let Some(ends) = ends.filter(|ends| ends.high > ends.low) {
                frame.add(interval(
                    *look,
                    (scale.at(ends.low), y),
                    (scale.at(ends.high), y),
                ));
            }
            let figure = format!("{}, {}", row.name, figure(*value, quantity));
            frame.add(mark(*look, scale.at(*value), y, &told(name, &figure)));
        }
    }
    frame.chart()
}

fn words(row: &MarksRow, quantity: Quantity) -> Words<'_> {
    let figures: Vec<_> = row
        .marks
        .iter()
        .map(|mark| figure(mark.2, quantity))
        .collect();
    Words {
        name: &row.name,
        figures: figures.join(" · "),
    }
}

fn figure(value: f64, quantity: Quantity) -> String {
    match quantity {
        Quantity::Time(_) => numbers::time(value, None).to_string(),
        Quantity::Share(_) if value == 0.0 => "0".to_owned(),
        Quantity::Share(_) => format!("{:.1} %", value * 100.0),
    }
}

fn scale(rows: &[MarksRow], quantity: Quantity, ends: (f64, f64)) -> Scale {
    if matches!(quantity, Quantity::Share(_)) {
        return Scale::linear((0.0, 1.0), ends);
    }
    let values = rows
        .iter()
        .flat_map(|row| row.marks.iter())
        .flat_map(|mark| {
            let interval = mark.3.map_or([mark.2; 2], |ends| [ends.low, ends.high]);
            [mark.2, interval[0], interval[1]]
        });
    let sound = values.filter(|value| value.is_finite() && *value > 0.0);
    let (low, high) = sound.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        return Scale::log((1e-9, 1.0), ends);
    }
    let room = (high / low).max(2.0).powf(0.04);
    Scale::log((low / room, high * room), ends)
}

fn draw_axis(frame: &mut Frame, scale: &Scale, quantity: Quantity, places: &Rows) {
    let wanted = axis::wanted(places.right - places.left);
    let (values, kind) = match quantity {
        Quantity::Time(kind) => (scale.ticks(wanted, 1.0), format!("{kind}, logarithmic")),
        Quantity::Share(kind) => (vec![0.0, 0.25, 0.5, 0.75, 1.0], kind.to_owned()),
    };
    let name = |value: f64| match quantity {
        Quantity::Time(_) => axis::with_unit(value, axis::time_unit(value)),
        Quantity::Share(_) => format!("{:.0} %", value * 100.0),
    };
    Ticks::new(scale, &values, name, axis::edge(frame)).draw(frame, places.top);
    axis::ends(frame, (places.left, places.right), ("", &kind));
}
