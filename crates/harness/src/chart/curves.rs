//! What does something cost over its size? Both on logarithmic axes.

use maud::{Markup, html};

use super::axis::{self, Ticks};
use super::frame::{Chart, Frame, Head, PAD, Size};
use super::look::Look;
use super::mark::{interval, label, line, mark, px};
use super::names::{End, Names, Side};
use super::rows::told;
use super::scale::Scale;
use super::text::widest;
use crate::stats::Interval;

const TALL: f64 = 320.0;
/// A size of 0 has no place on a logarithmic axis: it stands so far before the least one.
const ZERO: f64 = 36.0;

/// What figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Bytes, with steps of powers of two.
    Bytes,
    /// A number of something.
    Count,
}

/// One of the two axes: what figures are of, and what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// What its figures are of.
    pub unit: Unit,
    /// What it shows: "a round trip", for instance.
    pub name: &'static str,
}

/// What one way costs.
#[derive(Clone, Debug, PartialEq)]
pub struct CostCurve {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Its costs, by size in ascending order. A size may be 0; a cost that is not above 0 is left out.
    pub costs: Vec<Cost>,
    /// Where it crosses another one, if that is of interest.
    pub cross: Option<Cross>,
}

/// What one way costs at one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// The size.
    pub size: f64,
    /// The cost.
    pub cost: f64,
    /// The interval of the cost.
    pub interval: Option<Interval>,
}

/// Where a curve crosses another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cross {
    /// At which size.
    pub size: f64,
    /// From which size to which one it may be.
    pub sizes: (f64, f64),
    /// What both cost there.
    pub cost: f64,
}

/// Costs over sizes, with the names of the curves beside those ends that lie farther apart.
pub fn curves(head: &Head, curves: &[CostCurve], across: Axis, up: Axis, size: Size) -> Chart {
    let mut frame = Frame::new(head, size);
    let names = Names::new(curves.iter().map(|curve| curve.name.clone()), size);
    let side = side(curves);
    frame.bottom += 18.0;
    let top = frame.bottom;
    let tall = TALL.max(names.tall() + 10.0);
    let scale = log(figures_up(curves), (top + tall - 8.0, top + 8.0));
    let figures: Vec<String> = ticks(&scale, up.unit, 7)
        .into_iter()
        .map(|value| tick(value, up.unit))
        .collect();
    let beside = widest(figures.iter().map(String::as_str), 12.0) + 8.0;
    let (left, right) = match side {
        Side::Left => (PAD + names.wide(), size.width() - PAD - beside),
        Side::Right => (PAD + beside, size.width() - PAD - names.wide()),
    };
    let plot = Plot {
        across: Across::new(curves, (left, right)),
        up: scale,
        edges: (left, right),
        ends: (top, top + tall),
    };
    frame.write(label("note", PAD, top - 8.0, up.name));
    frame.bottom = top + tall;
    grid(&mut frame, &plot, side, (across, up));
    for curve in curves {
        frame.add(drawn(curve, &plot, (across.unit, up.unit)));
    }
    let (ends, edge) = (
        plot.named_ends(curves, side),
        if side == Side::Left { left } else { right },
    );
    frame.add(names.drawn(&ends, (side, edge), plot.ends));
    axis::ends(&mut frame, (left, right), ("", across.name));
    frame.chart()
}

/// Where figures are.
struct Plot {
    across: Across,
    up: Scale,
    /// Left and right.
    edges: (f64, f64),
    /// Top and bottom.
    ends: (f64, f64),
}

impl Plot {
    fn at(&self, cost: &Cost) -> (f64, f64) {
        (self.across.at(cost.size), self.up.at(cost.cost))
    }

    fn named_ends(&self, curves: &[CostCurve], side: Side) -> Vec<End> {
        let end = |curve: &CostCurve| {
            let at = end(curve, side).map(|cost| self.at(cost));
            let edge = if side == Side::Left {
                self.edges.0
            } else {
                self.edges.1
            };
            let (x, y) = at.unwrap_or((edge, self.ends.1));
            End {
                look: curve.look,
                x,
                y,
            }
        };
        curves.iter().map(end).collect()
    }
}

/// The axis of sizes, on which 0 has a place of its own.
struct Across {
    scale: Scale,
    zero: Option<f64>,
}

impl Across {
    fn new(curves: &[CostCurve], (left, right): (f64, f64)) -> Self {
        let sizes = || curves.iter().flat_map(sound).map(|cost| cost.size);
        let zero = sizes().any(|size| size <= 0.0).then_some(left + 8.0);
        let begin = zero.map_or(left + 8.0, |zero| zero + ZERO);
        let scale = log(sizes().filter(|size| *size > 0.0), (begin, right - 8.0));
        Self { scale, zero }
    }

    fn at(&self, size: f64) -> f64 {
        match self.zero {
            Some(zero) if size <= 0.0 => zero,
            _ => self.scale.at(size),
        }
    }
}

fn is_sound(cost: &Cost) -> bool {
    cost.size.is_finite() && cost.size >= 0.0 && cost.cost.is_finite() && cost.cost > 0.0
}

fn sound(curve: &CostCurve) -> impl Iterator<Item = &Cost> {
    curve.costs.iter().filter(|cost| is_sound(cost))
}

fn end(curve: &CostCurve, side: Side) -> Option<&Cost> {
    match side {
        Side::Left => sound(curve).next(),
        Side::Right => sound(curve).last(),
    }
}

/// Names stand where curves are farther apart.
fn side(curves: &[CostCurve]) -> Side {
    let spread = |side: Side| {
        let ends = curves.iter().filter_map(|curve| end(curve, side));
        let costs = ends.map(|cost| cost.cost.ln());
        let (low, high) = costs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), cost| {
            (low.min(cost), high.max(cost))
        });
        high - low
    };
    if spread(Side::Left) > spread(Side::Right) {
        Side::Left
    } else {
        Side::Right
    }
}

fn figures_up(curves: &[CostCurve]) -> impl Iterator<Item = f64> {
    curves.iter().flat_map(sound).flat_map(|cost| {
        let ends = cost
            .interval
            .map_or([cost.cost; 2], |ends| [ends.low, ends.high]);
        [cost.cost, ends[0], ends[1]]
    })
}

/// A logarithmic scale for all of `values`.
fn log(values: impl Iterator<Item = f64>, ends: (f64, f64)) -> Scale {
    let sound = values.filter(|value| value.is_finite() && *value > 0.0);
    let (low, high) = sound.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    match (low, high) {
        _ if low > high => Scale::log((1.0, 10.0), ends),
        _ if high < low * 1.2 => Scale::log((low / 2.0, high * 2.0), ends),
        _ => Scale::log((low, high), ends),
    }
}

fn grid(frame: &mut Frame, plot: &Plot, side: Side, (across, up): (Axis, Axis)) {
    let ((left, right), (top, bottom)) = (plot.edges, plot.ends);
    for value in ticks(&plot.up, up.unit, 7) {
        let y = plot.up.at(value);
        frame.add(line("grid", (left, y), (right, y)));
        let name = tick(value, up.unit);
        frame.add(match side {
            Side::Left => label("tick", right + 6.0, y + 4.0, &name),
            Side::Right => label("tick end", left - 6.0, y + 4.0, &name),
        });
    }
    if let Some(zero) = plot.across.zero {
        frame.add(line("grid", (zero, top), (zero, bottom)));
        frame.write(label("tick middle", zero, bottom + 16.0, "0"));
    }
    let values = ticks(&plot.across.scale, across.unit, axis::wanted(right - left));
    let behind_zero = |value: &f64| {
        plot.across
            .zero
            .is_none_or(|zero| plot.across.at(*value) > zero + 24.0)
    };
    let values: Vec<f64> = values.into_iter().filter(behind_zero).collect();
    let name = |value| tick(value, across.unit);
    Ticks::new(&plot.across.scale, &values, name, axis::edge(frame)).draw(frame, top);
}

fn ticks(scale: &Scale, unit: Unit, wanted: usize) -> Vec<f64> {
    if unit != Unit::Bytes {
        return scale.ticks(wanted, 1.0);
    }
    let (first, last) = (
        scale.low().log2().ceil() as i32,
        scale.high().log2().floor() as i32,
    );
    let steps = [1, 2, 5, 10, 20, 50];
    let fits = |step: &i32| (last - first) / step < i32::try_from(wanted).unwrap_or(i32::MAX);
    let step = steps.into_iter().find(fits).unwrap_or(100);
    let powers = (first..=last).filter(|power| power.rem_euclid(step) == 0);
    powers.map(|power| 2_f64.powi(power)).collect()
}

fn tick(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => axis::with_unit(value, axis::time_unit(value)),
        Unit::Bytes if (value - 1.0).abs() < 1e-9 => "1 byte".to_owned(),
        Unit::Bytes => axis::with_unit(value, axis::memory_unit(value)),
        Unit::Count => axis::round(value),
    }
}

/// Three digits are enough to be told.
fn figure(value: f64, unit: Unit) -> String {
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    tick(rounded, unit)
}

fn drawn(curve: &CostCurve, plot: &Plot, (across, up): (Unit, Unit)) -> Markup {
    // From 0 to the next size there is no distance that a line could have.
    let corners: Vec<_> = sound(curve)
        .filter(|cost| cost.size > 0.0)
        .map(|cost| plot.at(cost))
        .map(|(x, y)| format!("{},{}", px(x), px(y)))
        .collect();
    html! {
        polyline class=(format!("{} line", curve.look.class())) points=(corners.join(" ")) {}
        @if let Some(cross) = curve.cross { (crossing(cross, curve.look, plot)) }
        @for cost in sound(curve) {
            @let (x, y) = plot.at(cost);
            @if let Some(ends) = cost.interval {
                (interval(curve.look, (x, plot.up.at(ends.low)), (x, plot.up.at(ends.high))))
            }
            @let figures = format!("{}, {}", figure(cost.size, across), figure(cost.cost, up));
            (mark(curve.look, x, y, &told(&curve.name, &figures)))
        }
    }
}

/// A line down to the axis, and from where to where it may be.
fn crossing(cross: Cross, look: Look, plot: &Plot) -> Markup {
    let (x, y, bottom) = (
        plot.across.at(cross.size),
        plot.up.at(cross.cost),
        plot.ends.1,
    );
    let ends = (plot.across.at(cross.sizes.0), plot.across.at(cross.sizes.1));
    html! {
        (line(&format!("{} leader dashed", look.class()), (x, y), (x, bottom)))
        (interval(look, (ends.0, bottom - 10.0), (ends.1, bottom - 10.0)))
    }
}
