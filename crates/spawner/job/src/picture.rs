//! The picture of break-evens: what two tasks take, over their length.

use harness::chart::{Axis, Chart, Cost, CostCurve, Cross, Head, Look, Size, Unit, curves};
use harness::record::Model;

use crate::break_even::{BreakEven, CostAt, Place};
use crate::figure::Figure;
use crate::table;
use crate::way::Way;

/// The picture of all that was `found`.
pub(crate) fn picture(found: &[BreakEven]) -> Chart {
    let task = Axis {
        unit: Unit::Seconds,
        name: "the length of a task, logarithmic",
    };
    let both = Axis {
        unit: Unit::Seconds,
        name: "until both tasks are done, logarithmic",
    };
    let in_place = found.first().map(|one| CostCurve {
        name: "one after the other".to_owned(),
        look: Look::Model(Model::Sequential),
        costs: costs(one, |cost| cost.in_place_ns),
        cross: None,
    });
    let by_ways = found.iter().map(curve);
    let all: Vec<CostCurve> = in_place.into_iter().chain(by_ways).collect();
    curves(&head(found), &all, task, both, Size::Wide)
}

fn head(found: &[BreakEven]) -> Head {
    let each = |one: &BreakEven| format!("{} {}", one.way, table::place(one.from_ns, one));
    let each: Vec<_> = found.iter().map(each).collect();
    let blocks = found.iter().map(|one| one.blocks).min().unwrap_or(0);
    Head {
        finding: format!(
            "Two workers are worth it for tasks from: {}",
            each.join(", ")
        ),
        about: format!(
            "two tasks, by two workers or in place: medians with 95 % intervals, n = {blocks} blocks"
        ),
        description: table::break_evens(found),
    }
}

fn curve(one: &BreakEven) -> CostCurve {
    let model = Way::named(&one.way).map_or(Model::Command, Way::model);
    CostCurve {
        name: format!("{}, {}", one.way, one.whose()),
        look: Look::Model(model),
        costs: costs(one, |cost| cost.way_ns),
        cross: cross(one),
    }
}

fn costs(one: &BreakEven, figure: fn(&CostAt) -> Figure) -> Vec<Cost> {
    let cost = |at: &CostAt| Cost {
        size: at.task_ns / 1e9,
        cost: figure(at).seconds(),
        interval: figure(at).interval_s(),
    };
    one.costs.iter().map(cost).collect()
}

/// Where a way begins to be worth it, it takes as long as both tasks do.
fn cross(one: &BreakEven) -> Option<Cross> {
    let Place::At(from) = one.from_ns else {
        return None;
    };
    let (first, last) = one.costs.first().zip(one.costs.last())?;
    let end = |place| match place {
        Place::Below => first.task_ns / 1e9,
        Place::At(ns) => ns / 1e9,
        Place::Above => last.task_ns / 1e9,
    };
    Some(Cross {
        size: from / 1e9,
        sizes: (end(one.low_ns), end(one.high_ns)),
        cost: 2.0 * from / 1e9,
    })
}
