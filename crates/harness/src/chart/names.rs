//! Names beside the ends of curves, each as near to its end as the others allow.

use maud::{Markup, html};

use super::frame::Size;
use super::look::Look;
use super::mark::{label, line};
use super::text::{widest, wrap};

const NAME: f64 = 13.0;
const LINE: f64 = 16.0;
/// Between the edge of the curves and their names there is so much room.
const BESIDE: f64 = 24.0;

/// At which ends of the curves their names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// The names of some curves.
pub(super) struct Names {
    lines: Vec<Vec<String>>,
    wide: f64,
}

/// The end of a curve.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) look: Look,
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Names {
    pub(super) fn new(names: impl Iterator<Item = String>, size: Size) -> Self {
        let room = if size == Size::Wide { 170.0 } else { 84.0 };
        let lines: Vec<_> = names.map(|name| wrap(&name, NAME, room)).collect();
        let wide = widest(lines.iter().flatten().map(String::as_str), NAME);
        Self { lines, wide }
    }

    /// How much room they take beside the curves.
    pub(super) fn wide(&self) -> f64 {
        self.wide + BESIDE
    }

    pub(super) fn tall(&self) -> f64 {
        self.lines
            .iter()
            .map(|lines| lines.len() as f64 * LINE + 4.0)
            .sum()
    }

    /// One for each of `ends`, beside the `edge` of the curves.
    pub(super) fn drawn(
        &self,
        ends: &[End],
        (side, edge): (Side, f64),
        (top, bottom): (f64, f64),
    ) -> Markup {
        let mut order: Vec<usize> = (0..ends.len()).collect();
        order.sort_by(|a, b| ends[*a].y.total_cmp(&ends[*b].y));
        let mut below: f64 = self.tall();
        let mut free = top;
        html! {
            @for place in order {
                @let tall = self.lines[place].len() as f64 * LINE + 4.0;
                @let begin = (ends[place].y - tall / 2.0).min(bottom - below).max(free);
                @let () = { free = begin + tall; below -= tall; };
                (self.name(place, ends[place], (side, edge), begin))
            }
        }
    }

    fn name(&self, place: usize, end: End, (side, edge): (Side, f64), begin: f64) -> Markup {
        let middle = begin + self.lines[place].len() as f64 * LINE / 2.0 + 2.0;
        let (class, away) = match side {
            Side::Left => ("name end", -1.0),
            Side::Right => ("name", 1.0),
        };
        let beside = edge + away * BESIDE;
        let leader = format!("{} leader", end.look.class());
        html! {
            (line(&leader, (end.x + away * 8.0, end.y), (beside - away * 4.0, middle)))
            @for (below, text) in self.lines[place].iter().enumerate() {
                (label(class, beside, begin + 14.0 + below as f64 * LINE, text))
            }
        }
    }
}
