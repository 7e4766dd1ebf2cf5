//! How does it scale?

use maud::{Markup, html};

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, PAD, Size};
use super::look::Look;
use super::mark::{interval, label, line, mark, px};
use super::rows::told;
use super::scale::Scale;
use super::text::{widest, wrap};
use crate::report::numbers;
use crate::stats::Interval;

const TALL: f64 = 280.0;
const NAME: f64 = 13.0;
const LINE: f64 = 16.0;
/// Beside the ends of curves there is so much room for their names.
const BESIDE: f64 = 24.0;

/// How one contestant scales.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Its speed-up, by workers in ascending order.
    pub points: Vec<Point>,
    /// A curve that was fitted to them, as workers and speed-ups; empty where none was.
    pub fit: Vec<(f64, f64)>,
}

/// Speed-up with a number of workers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How many workers.
    pub workers: u32,
    /// How many times as fast as the sequential contestant.
    pub speedup: f64,
    /// The interval of it.
    pub interval: Option<Interval>,
}

/// Speed-up over workers, with the ideal line and a mark at the number of cores.
pub fn scaling(head: &Head, curves: &[Curve], cores: Option<u32>, size: Size) -> Chart {
    let mut frame = Frame::new(head, size);
    let names = Names::new(curves, size);
    let top = frame.bottom + 14.0;
    let (left, right) = (PAD + 34.0, size.width() - PAD - names.wide - BESIDE);
    let most = curves
        .iter()
        .flat_map(|curve| &curve.points)
        .map(|point| point.workers)
        .max();
    let most = f64::from(most.unwrap_or(1).max(2));
    let x = Scale::linear((0.0, most), (left, right));
    let tall = TALL.max(names.tall() + 10.0);
    let y = Scale::linear(
        (
            0.0,
            highest(curves, cores.map_or(most, f64::from).min(most)),
        ),
        (top + tall, top),
    );
    frame.bottom = top + tall;
    grid(&mut frame, (&x, &y), (left, right), curves);
    frame.add(ideal(
        (&x, &y),
        cores.map_or(most, f64::from).min(most),
        most,
    ));
    frame.add(at_cores(&x, top, top + tall, cores, most));
    for curve in curves {
        frame.add(drawn(curve, (&x, &y)));
    }
    frame.add(names.drawn(curves, &y, (right, top, top + tall)));
    axis::ends(&mut frame, (left, right), ("", "workers"));
    frame.chart()
}

/// Curves are shown in full; the ideal line need not be.
fn highest(curves: &[Curve], ideal: f64) -> f64 {
    let points = curves.iter().flat_map(|curve| &curve.points);
    let ends = points.map(|point| {
        let end = point.interval.map_or(point.speedup, |ends| ends.high);
        end.max(point.speedup)
    });
    let highest = ends.filter(|end| end.is_finite()).fold(1.0, f64::max);
    (highest * 1.08).max(ideal.min(highest * 2.0))
}

fn grid(frame: &mut Frame, (x, y): (&Scale, &Scale), (left, right): (f64, f64), curves: &[Curve]) {
    for value in y.ticks(6, 1.0) {
        let place = y.at(value);
        frame.add(line("grid", (left, place), (right, place)));
        let name = format!("{}x", axis::round(value));
        frame.add(label("tick end", left - 6.0, place + 4.0, &name));
    }
    let mut workers: Vec<u32> = curves
        .iter()
        .flat_map(|curve| &curve.points)
        .map(|point| point.workers)
        .collect();
    workers.sort_unstable();
    workers.dedup();
    let values: Vec<f64> = workers.into_iter().map(f64::from).collect();
    let top = y.at(y.high());
    Ticks::new(x, &values, axis::round, axis::edge(frame)).draw(frame, top);
}

/// The line of those who are n times as fast with n workers, as far as there are cores; named above
/// it, or beside it where there is no room.
fn ideal((x, y): (&Scale, &Scale), cores: f64, most: f64) -> Markup {
    let place = |workers: f64, speedup: f64| (x.at(workers), y.at(speedup));
    // Where it would leave the chart, it ends.
    let shown = cores.min(y.high());
    let (from, bend) = (place(0.0, 0.0), place(shown, shown));
    let named = place(shown * 0.6, shown * 0.6);
    html! {
        (line("axis dashed", from, bend))
        @if shown >= cores && cores < most { (line("axis dashed", bend, place(most, cores))) }
        @if named.0 - from.0 > 50.0 {
            (label("tick end", named.0 - 8.0, named.1, "ideal"))
        } @else {
            (label("tick", named.0 + 10.0, named.1 + 4.0, "ideal"))
        }
    }
}

fn at_cores(x: &Scale, top: f64, bottom: f64, cores: Option<u32>, most: f64) -> Markup {
    let shown = cores.filter(|cores| f64::from(*cores) <= most);
    html! {
        @if let Some(cores) = shown {
            @let name = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
            @let place = x.at(f64::from(cores));
            (line("axis", (place, top - 2.0), (place, bottom)))
            (label("tick middle", place, top - 6.0, &name))
        }
    }
}

fn drawn(curve: &Curve, (x, y): (&Scale, &Scale)) -> Markup {
    let place = |point: &Point| (x.at(f64::from(point.workers)), y.at(point.speedup));
    let corners: Vec<_> = curve
        .points
        .iter()
        .map(place)
        .map(|(x, y)| format!("{},{}", px(x), px(y)))
        .collect();
    let fit: Vec<_> = curve
        .fit
        .iter()
        .map(|(across, up)| format!("{},{}", px(x.at(*across)), px(y.at(*up))))
        .collect();
    html! {
        @if !fit.is_empty() {
            polyline class=(format!("{} fit", curve.look.class())) points=(fit.join(" ")) {}
        }
        polyline class=(format!("{} line", curve.look.class())) points=(corners.join(" ")) {}
        @for point in &curve.points {
            @let (across, down) = place(point);
            @let figures = numbers::ratio(point.speedup, point.interval).to_string();
            @if let Some(ends) = point.interval {
                (interval(curve.look, (across, y.at(ends.low)), (across, y.at(ends.high))))
            }
            (mark(curve.look, across, down, &told(&format!("{} ({})", curve.name, point.workers), &figures)))
        }
    }
}

/// The names of curves, beside their ends.
struct Names {
    lines: Vec<Vec<String>>,
    wide: f64,
}

impl Names {
    fn new(curves: &[Curve], size: Size) -> Self {
        let room = if size == Size::Wide { 170.0 } else { 84.0 };
        let name = |curve: &Curve| {
            let last = curve
                .points
                .last()
                .map(|last| numbers::ratio(last.speedup, None).to_string());
            let text = format!("{} {}", last.unwrap_or_default(), curve.name);
            wrap(&text, NAME, room)
        };
        let lines: Vec<_> = curves.iter().map(name).collect();
        let wide = widest(lines.iter().flatten().map(String::as_str), NAME);
        Self { lines, wide }
    }

    fn tall(&self) -> f64 {
        self.lines
            .iter()
            .map(|lines| lines.len() as f64 * LINE + 4.0)
            .sum()
    }

    /// Each as near to the end of its curve as the others allow.
    fn drawn(&self, curves: &[Curve], y: &Scale, (right, top, bottom): (f64, f64, f64)) -> Markup {
        let mut order: Vec<usize> = (0..curves.len()).collect();
        let end = |place: usize| {
            curves[place]
                .points
                .last()
                .map_or(bottom, |last| y.at(last.speedup))
        };
        order.sort_by(|a, b| end(*a).total_cmp(&end(*b)));
        let mut below: f64 = self.tall();
        let mut free = top;
        html! {
            @for place in order {
                @let tall = self.lines[place].len() as f64 * LINE + 4.0;
                @let begin = (end(place) - tall / 2.0).min(bottom - below).max(free);
                @let () = { free = begin + tall; below -= tall; };
                (self.name(place, curves[place].look, (right, end(place)), begin))
            }
        }
    }

    fn name(&self, place: usize, look: Look, end: (f64, f64), begin: f64) -> Markup {
        let middle = begin + self.lines[place].len() as f64 * LINE / 2.0 + 2.0;
        let left = end.0 + BESIDE;
        html! {
            (line(&format!("{} leader", look.class()), (end.0 + 8.0, end.1), (left - 4.0, middle)))
            @for (below, text) in self.lines[place].iter().enumerate() {
                (label("name", left, begin + 14.0 + below as f64 * LINE, text))
            }
        }
    }
}
