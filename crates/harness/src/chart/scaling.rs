//! How does it scale?

use maud::{Markup, html};

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, PAD, Size};
use super::look::Look;
use super::mark::{interval, label, line, mark, px};
use super::names::{End, Names, Side};
use super::rows::told;
use super::scale::Scale;
use crate::report::numbers;
use crate::stats::Interval;

const TALL: f64 = 280.0;

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
    let names = Names::new(curves.iter().map(name), size);
    let top = frame.bottom + 14.0;
    let (left, right) = (PAD + 34.0, size.width() - PAD - names.wide());
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
    let ends = ends(curves, &y, (right, top + tall));
    frame.add(names.drawn(&ends, (Side::Right, right), (top, top + tall)));
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

/// Where curves end, at the right; one without points at the bottom.
fn ends(curves: &[Curve], y: &Scale, (right, bottom): (f64, f64)) -> Vec<End> {
    let end = |curve: &Curve| End {
        look: curve.look,
        x: right,
        y: curve
            .points
            .last()
            .map_or(bottom, |last| y.at(last.speedup)),
    };
    curves.iter().map(end).collect()
}

fn name(curve: &Curve) -> String {
    let last = curve
        .points
        .last()
        .map(|last| numbers::ratio(last.speedup, None).to_string());
    format!("{} {}", last.unwrap_or_default(), curve.name)
}
