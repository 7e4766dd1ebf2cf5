//! How long does it take?

use maud::html;

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, Size};
use super::look::Look;
use super::mark::{interval, mark, px};
use super::rows::{Rows, Words, told};
use super::scale::Scale;
use crate::report::numbers;
use crate::stats::Interval;

const HEIGHT: f64 = 30.0;
/// From this many times the shortest on, an axis from 0 would press the short ones together.
const FAR: f64 = 12.0;

/// The times of one contestant.
#[derive(Clone, Debug, PartialEq)]
pub struct WallRow {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Median and its interval, in seconds; `None` where there is none.
    pub median_s: Option<(f64, Option<Interval>)>,
    /// Every counted run in seconds, in the order in which they ran.
    pub runs_s: Vec<f64>,
}

/// Dots and intervals, with every run as a faint point: the first at the top of its row, the last at the
/// bottom, so that a drift is a slope. The axis begins at 0, or is logarithmic where times are far apart.
pub fn wall(head: &Head, rows: &[WallRow], size: Size) -> Chart {
    let mut frame = Frame::new(head, size);
    let words: Vec<Words> = rows.iter().map(words).collect();
    let places = Rows::new(&mut frame, &words, HEIGHT);
    let (scale, is_log) = scale(rows, (places.left, places.right));
    axis(&mut frame, &scale, is_log, &places);
    for ((row, top), words) in rows.iter().zip(&places.data).zip(&words) {
        let y = top + HEIGHT / 2.0;
        let class = format!("{} run", row.look.class());
        frame.add(html! {
            @for (x, y) in spots(row, &scale, *top) {
                circle class=(class) cx=(px(x)) cy=(px(y)) r="2.5" {}
            }
            @if let Some((point, ends)) = row.median_s {
                @if let Some(ends) = ends {
                    (interval(row.look, (scale.at(ends.low), y), (scale.at(ends.high), y)))
                }
                (mark(row.look, scale.at(point), y, &told(&row.name, &words.figures)))
            }
        });
    }
    frame.chart()
}

fn words(row: &WallRow) -> Words<'_> {
    let figures = row
        .median_s
        .map(|(point, ends)| numbers::time(point, ends).to_string());
    Words {
        name: &row.name,
        figures: figures.unwrap_or_default(),
    }
}

fn scale(rows: &[WallRow], ends: (f64, f64)) -> (Scale, bool) {
    let times = rows.iter().flat_map(|row| {
        let (point, ends) = row.median_s.unzip();
        let ends = ends.flatten().map(|ends| [ends.low, ends.high]);
        row.runs_s
            .iter()
            .copied()
            .chain(point)
            .chain(ends.into_iter().flatten())
    });
    let sound = times.filter(|time| time.is_finite() && *time > 0.0);
    let (low, high) = sound.fold((f64::INFINITY, 0.0_f64), |(low, high), time| {
        (low.min(time), high.max(time))
    });
    if high > low * FAR {
        let room = (high / low).powf(0.04);
        (Scale::log((low / room, high * room), ends), true)
    } else {
        (
            Scale::linear((0.0, if high > 0.0 { high * 1.03 } else { 1.0 }), ends),
            false,
        )
    }
}

fn axis(frame: &mut Frame, scale: &Scale, is_log: bool, places: &Rows) {
    let most = scale.high();
    let unit = axis::time_unit(most);
    let name =
        |value: f64| axis::with_unit(value, if is_log { axis::time_unit(value) } else { unit });
    let values = scale.ticks(
        axis::wanted(places.right - places.left),
        if is_log { 1.0 } else { unit.0 },
    );
    Ticks::new(scale, &values, name, axis::edge(frame)).draw(frame, places.top);
    let kind = if is_log {
        "wall time, logarithmic"
    } else {
        "wall time"
    };
    axis::ends(frame, (places.left, places.right), ("", kind));
}

fn spots(row: &WallRow, scale: &Scale, top: f64) -> Vec<(f64, f64)> {
    let step = (HEIGHT - 5.0) / (row.runs_s.len().max(2) - 1) as f64;
    let spot = |(place, time): (usize, &f64)| (scale.at(*time), top + 2.5 + step * place as f64);
    row.runs_s.iter().enumerate().map(spot).collect()
}
