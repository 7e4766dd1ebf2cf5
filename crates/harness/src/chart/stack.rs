//! Bars from zero, in parts that stand beside each other, each named below.

use maud::{Markup, html};

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, Size};
use super::look::Look;
use super::mark::{bar, label};
use super::rows::{Rows, Words};
use super::scale::Scale;
use super::text::{width, wrap};

const BAR: f64 = 16.0;
const NOTE: f64 = 12.0;
const LINE: f64 = 16.0;
const SWATCH: f64 = 8.0;

/// A bar.
pub(super) struct Stack {
    pub(super) name: String,
    pub(super) look: Look,
    /// The sum, written beside it.
    pub(super) figures: String,
    /// From left to right.
    pub(super) parts: Vec<Part>,
}

/// A part of a bar.
pub(super) struct Part {
    pub(super) value: f64,
    /// The class that says how it is filled.
    pub(super) class: &'static str,
    /// Its name with its figure.
    pub(super) words: String,
}

/// Draws the bars; `unit` finds the unit for the greatest figure, as its size and its name.
pub(super) fn stacks(
    head: &Head,
    stacks: &[Stack],
    size: Size,
    unit: fn(f64) -> (f64, &'static str),
    shown: &str,
) -> Chart {
    let mut frame = Frame::new(head, size);
    let words: Vec<Words> = stacks
        .iter()
        .map(|stack| Words {
            name: &stack.name,
            figures: stack.figures.clone(),
        })
        .collect();
    // Parts may need several lines below their bar; how many depends on the room that names leave.
    let room = Rows::room(&frame, &words);
    let lines = stacks
        .iter()
        .map(|stack| arranged(stack, room).1)
        .max()
        .unwrap_or(1);
    let places = Rows::new(&mut frame, &words, BAR + 4.0 + lines as f64 * LINE);
    let most = stacks.iter().map(sum).fold(0.0, f64::max);
    let scale = Scale::linear(
        (0.0, if most > 0.0 { most } else { 1.0 }),
        (places.left, places.right),
    );
    let unit = unit(scale.high());
    let values = scale.ticks(axis::wanted(room), unit.0);
    let ticks = Ticks::new(
        &scale,
        &values,
        |value| axis::with_unit(value, unit),
        axis::edge(&frame),
    );
    ticks.draw(&mut frame, places.top);
    for (stack, top) in stacks.iter().zip(&places.data) {
        frame.add(parts(stack, &scale, *top));
        frame.add(names(stack, places.left, *top + BAR + 4.0, room));
    }
    axis::ends(&mut frame, (places.left, places.right), ("", shown));
    frame.chart()
}

fn sum(stack: &Stack) -> f64 {
    stack.parts.iter().map(|part| part.value).sum()
}

fn parts(stack: &Stack, scale: &Scale, top: f64) -> Markup {
    let mut begin = 0.0;
    html! {
        @for part in &stack.parts {
            @let (from, to) = (scale.at(begin), scale.at(begin + part.value));
            @let () = begin += part.value;
            (bar(&format!("{} {}", stack.look.class(), part.class), (from, top), (to - from, BAR)))
        }
    }
}

/// Where each part's name goes: how far from the left, in which line. And how many lines there are.
fn arranged(stack: &Stack, room: f64) -> (Vec<(f64, usize, Vec<String>)>, usize) {
    let (mut x, mut line) = (0.0, 0);
    let mut places = Vec::new();
    for part in &stack.parts {
        let wide = SWATCH + 5.0 + width(&part.words, NOTE) + 12.0;
        if x > 0.0 && x + wide - 12.0 > room {
            (x, line) = (0.0, line + 1);
        }
        let texts = wrap(&part.words, NOTE, room - SWATCH - 5.0);
        let lines = texts.len().max(1);
        places.push((x, line, texts));
        x += wide;
        line += lines - 1;
    }
    (places, line + 1)
}

fn names(stack: &Stack, left: f64, top: f64, room: f64) -> Markup {
    let (places, _) = arranged(stack, room);
    html! {
        @for (part, (x, line, texts)) in stack.parts.iter().zip(places) {
            @let y = top + line as f64 * LINE;
            (bar(&format!("{} {}", stack.look.class(), part.class), (left + x, y + 3.5), (SWATCH, SWATCH)))
            @for (below, text) in texts.iter().enumerate() {
                (label("note", left + x + SWATCH + 5.0, y + 12.0 + below as f64 * LINE, text))
            }
        }
    }
}
