//! What did each worker do, and when?

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, PAD, Size};
use super::look::Look;
use super::mark::{bar, label, px};
use super::scale::Scale;
use super::text::{widest, wrap};
use crate::record::{Phases, Span, SpanKind};

const NAME: f64 = 13.0;
const TICK: f64 = 12.0;
/// Workers of a contestant that are drawn; the others are counted.
const MOST: u32 = 32;
/// Spans are drawn in so many steps of density, from idle to busy all the time.
const DENSITIES: f64 = 6.0;

/// One run of one contestant.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// What one of its workers is called: `thread`.
    pub worker: String,
    /// The parts of the run.
    pub phases: Phases,
    /// What its workers did.
    pub spans: Vec<Span>,
}

/// A row a worker, all contestants on one axis of time: filled while it computes, faint while it waits,
/// empty while it is idle. The run ends at the line; what is shaded is starting and stopping.
pub fn timeline(head: &Head, runs: &[Lanes], size: Size) -> Chart {
    let mut frame = Frame::new(head, size);
    let digits = |run: &Lanes| format!("{} {}", run.worker, workers(run).min(MOST));
    let names: Vec<String> = runs.iter().map(digits).collect();
    let left = PAD + widest(names.iter().map(String::as_str), TICK) + 10.0;
    let right = size.width() - PAD - 8.0;
    let most = runs.iter().map(end).max().unwrap_or(0).max(1) as f64 / 1e9;
    let scale = Scale::linear((0.0, most), (left, right));
    let top = frame.bottom;
    let mut rows = Vec::new();
    for run in runs {
        rows.push(lanes(&mut frame, run, &scale, left));
    }
    let unit = axis::time_unit(most);
    let values = scale.ticks(axis::wanted(right - left), unit.0);
    let name = |value| axis::with_unit(value, unit);
    frame.bottom += 4.0;
    Ticks::new(&scale, &values, name, axis::edge(&frame)).draw(&mut frame, top);
    for row in rows {
        frame.add(row);
    }
    axis::ends(&mut frame, (left, right), ("", "time since the run began"));
    frame.chart()
}

fn workers(run: &Lanes) -> u32 {
    run.spans
        .iter()
        .map(|span| span.worker + 1)
        .max()
        .unwrap_or(0)
}

fn end(run: &Lanes) -> u64 {
    run.spans
        .iter()
        .map(|span| span.end_ns)
        .max()
        .unwrap_or(0)
        .max(run.phases.total_ns())
}

/// Makes room for the rows of a run and names them; gives what is drawn there.
fn lanes(frame: &mut Frame, run: &Lanes, scale: &Scale, left: f64) -> Markup {
    frame.bottom += 6.0;
    for text in wrap(&run.name, NAME, frame.size().width() - 2.0 * PAD) {
        frame.bottom += 17.0;
        frame.write(label("name", PAD, frame.bottom - 5.0, &text));
    }
    let drawn = workers(run).min(MOST);
    let (tall, gap) = (if drawn <= 8 { 14.0 } else { 12.0 }, 3.0);
    let mut rows = vec![phases(
        run,
        scale,
        (frame.bottom, f64::from(drawn) * (tall + gap) - gap),
    )];
    for worker in 0..drawn {
        let name = format!("{} {}", run.worker, worker + 1);
        frame.write(label(
            "tick end",
            left - 8.0,
            frame.bottom + tall - 3.0,
            &name,
        ));
        rows.push(lane(run, worker, scale, (frame.bottom, tall)));
        frame.bottom += tall + gap;
    }
    if workers(run) > drawn {
        frame.bottom += 14.0;
        let more = format!("and {} more", workers(run) - drawn);
        frame.write(label("note", left, frame.bottom - 3.0, &more));
    }
    html! { @for row in rows { (row) } }
}

/// Starting and stopping, shaded.
fn phases(run: &Lanes, scale: &Scale, (top, tall): (f64, f64)) -> Markup {
    let at = |ns: u64| scale.at(ns as f64 / 1e9);
    let ready = at(run.phases.startup_ns);
    let (done, gone) = (
        at(run.phases.startup_ns + run.phases.work_ns),
        at(run.phases.total_ns()),
    );
    let begin = at(0);
    html! {
        (bar("shade", (begin, top), (ready - begin, tall)))
        (bar("shade", (done, top), (gone - done, tall)))
    }
}

/// One path for all spans of the same density: a rectangle each would be most of a report.
fn lane(run: &Lanes, worker: u32, scale: &Scale, (top, tall): (f64, f64)) -> Markup {
    let mut paths: BTreeMap<(bool, u32), String> = BTreeMap::new();
    for span in run.spans.iter().filter(|span| span.worker == worker) {
        let from = scale.at(span.start_ns as f64 / 1e9);
        // As wide as can be seen, lest a short task be lost.
        let wide = (scale.at(span.end_ns as f64 / 1e9) - from).max(0.4);
        let path = paths
            .entry((span.kind == SpanKind::Waiting, density(span)))
            .or_default();
        path.push_str(&format!(
            "M{} {}h{}v{}h-{}z",
            px(from),
            px(top),
            px(wide),
            px(tall),
            px(wide)
        ));
    }
    html! {
        @for ((waits, density), path) in paths {
            @let share = f64::from(density) / DENSITIES;
            @if waits {
                path class=(format!("{} wait", run.look.class())) d=(path) {}
            } @else {
                path class=(format!("{} bar", run.look.class())) fill-opacity=(px(share)) d=(path) {}
            }
        }
    }
}

/// For which part of a span its worker was at it, in steps.
fn density(span: &Span) -> u32 {
    let long = span.end_ns.saturating_sub(span.start_ns).max(1) as f64;
    ((span.busy_ns as f64 / long).clamp(0.0, 1.0) * DENSITIES)
        .round()
        .max(1.0) as u32
}
