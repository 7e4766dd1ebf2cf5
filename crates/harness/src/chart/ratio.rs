//! Which is faster, and how sure is that?

use maud::html;

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, Size};
use super::look::Look;
use super::mark::{bar, interval, line, mark};
use super::rows::{Rows, Words, told};
use super::scale::Scale;
use crate::report::numbers;
use crate::stats::Interval;

const HEIGHT: f64 = 26.0;

/// One contestant against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct RatioRow {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Its time as a multiple of the baseline's, which has 1 without an interval; `None` where it could
    /// not be compared.
    pub ratio: Option<(f64, Option<Interval>)>,
    /// What is written instead of figures: `baseline`, `answer differs`.
    pub instead: Option<String>,
}

/// Dots and intervals on a logarithmic axis, with a line at 1 and the margin of equivalence shaded.
pub fn ratio(head: &Head, rows: &[RatioRow], margin: f64, size: Size) -> Chart {
    let mut frame = Frame::new(head, size);
    let words: Vec<Words> = rows.iter().map(words).collect();
    let places = Rows::new(&mut frame, &words, HEIGHT);
    let scale = Scale::log(range(rows, margin), (places.left, places.right));
    let values = scale.ticks(axis::wanted(places.right - places.left), 1.0);
    let ticks = Ticks::new(
        &scale,
        &values,
        |value| format!("{}x", axis::round(value)),
        axis::edge(&frame),
    );
    let (from, to) = (scale.at((1.0 + margin).recip()), scale.at(1.0 + margin));
    let tall = places.bottom - places.top;
    frame.add(bar("shade", (from, places.top), (to - from, tall)));
    ticks.draw(&mut frame, places.top);
    let one = scale.at(1.0);
    frame.add(line("rule", (one, places.top), (one, places.bottom)));
    for ((row, top), words) in rows.iter().zip(&places.data).zip(&words) {
        let y = top + HEIGHT / 2.0;
        let Some((point, ends)) = row.ratio.filter(is_drawable) else {
            continue;
        };
        frame.add(html! {
            @if let Some(ends) = ends {
                (interval(row.look, (scale.at(ends.low), y), (scale.at(ends.high), y)))
            }
            (mark(row.look, scale.at(point), y, &told(&row.name, &words.figures)))
        });
    }
    axis::ends(
        &mut frame,
        (places.left, places.right),
        ("← less time", "more time →"),
    );
    frame.chart()
}

fn words(row: &RatioRow) -> Words<'_> {
    let figures = row
        .ratio
        .map(|(point, ends)| numbers::ratio(point, ends).to_string());
    Words {
        name: &row.name,
        figures: row.instead.clone().or(figures).unwrap_or_default(),
    }
}

fn is_drawable((point, ends): &(f64, Option<Interval>)) -> bool {
    let sound = |value: f64| value.is_finite() && value > 0.0;
    sound(*point) && ends.is_none_or(|ends| sound(ends.low) && sound(ends.high))
}

/// All that is drawn, and 1 with the margin around it, with a little room at both ends.
fn range(rows: &[RatioRow], margin: f64) -> (f64, f64) {
    let drawn = rows.iter().filter_map(|row| row.ratio.filter(is_drawable));
    let values = drawn.flat_map(|(point, ends)| {
        [
            point,
            ends.map_or(point, |ends| ends.low),
            ends.map_or(point, |ends| ends.high),
        ]
    });
    let around = 1.0 + 2.0 * margin.max(0.01);
    let (low, high) = values.fold((around.recip(), around), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let room = (high / low).powf(0.04);
    (low / room, high * room)
}
