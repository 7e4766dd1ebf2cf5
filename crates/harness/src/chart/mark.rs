//! Points, intervals and bars.

use maud::{Markup, html};

use super::look::{Look, Shape};

/// A figure of pixels, short.
pub(super) fn px(value: f64) -> String {
    // Adding 0 turns -0 into 0.
    ((value * 100.0).round() / 100.0 + 0.0).to_string()
}

/// The mark of a contestant at a point, with what is told of it to whoever rests on it.
pub(super) fn mark(look: Look, x: f64, y: f64, told: &str) -> Markup {
    let hollow = if look.is_hollow() { " hollow" } else { "" };
    let class = format!("{} mark{hollow}", look.class());
    let told = super::text::clean(told);
    html! {
        @if let Some(corners) = corners(look.shape(), x, y) {
            polygon class=(class) points=(corners) { title { (told) } }
        } @else {
            circle class=(class) cx=(px(x)) cy=(px(y)) r=(radius(look.shape())) { title { (told) } }
        }
    }
}

fn radius(shape: Shape) -> &'static str {
    if shape == Shape::Dot { "2.5" } else { "5.5" }
}

fn corners(shape: Shape, x: f64, y: f64) -> Option<String> {
    let around: &[(f64, f64)] = match shape {
        Shape::Circle | Shape::Dot => return None,
        Shape::Square => &[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)],
        Shape::Diamond => &[(0.0, -6.8), (6.8, 0.0), (0.0, 6.8), (-6.8, 0.0)],
        Shape::Triangle => &[(0.0, -6.2), (6.2, 5.0), (-6.2, 5.0)],
    };
    let corner = |(dx, dy): &(f64, f64)| format!("{},{}", px(x + dx), px(y + dy));
    Some(around.iter().map(corner).collect::<Vec<_>>().join(" "))
}

/// Half the height of the bars at the ends of an interval: more than that of a mark, so that a narrow
/// interval is seen behind it.
const CAP: f64 = 8.5;

/// A line from one end of an interval to the other, with a short bar at each end.
pub(super) fn interval(look: Look, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Markup {
    let class = format!("{} interval", look.class());
    let (across, down) = if look == Look::Noise {
        (0.0, CAP / 2.0)
    } else if (x1 - x2).abs() < f64::EPSILON {
        (CAP, 0.0)
    } else {
        (0.0, CAP)
    };
    let cap = |x: f64, y: f64| {
        let (from, to) = ((x - across, y - down), (x + across, y + down));
        format!("M{} {}L{} {}", px(from.0), px(from.1), px(to.0), px(to.1))
    };
    let between = format!("M{} {}L{} {}", px(x1), px(y1), px(x2), px(y2));
    html! { path class=(class) d=(between + &cap(x1, y1) + &cap(x2, y2)) {} }
}

/// A line that belongs to no contestant.
pub(super) fn line(class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Markup {
    html! { line class=(class) x1=(px(x1)) y1=(px(y1)) x2=(px(x2)) y2=(px(y2)) {} }
}

/// A rectangle.
pub(super) fn bar(class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) -> Markup {
    html! {
        rect class=(class) x=(px(x)) y=(px(y)) width=(px(width.max(0.0))) height=(px(height)) {}
    }
}

/// One line of text.
pub(super) fn label(class: &str, x: f64, y: f64, text: &str) -> Markup {
    html! { text class=(class) x=(px(x)) y=(px(y)) { (super::text::clean(text)) } }
}
