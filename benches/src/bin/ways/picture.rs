//! What a round trip costs over its payload, as pictures.

use anyhow::Result;
use harness::chart::{Axis, Chart, Cost, CostCurve, Cross, Head, Look, Size, Unit, curves};
use harness::report::numbers::time;
use harness::stats::Interval;
use harness::stats::crossing::Place;
use messenger::Payload;

use crate::crossings;
use crate::found::{By, Found, ROUND_TRIP};

const ACROSS: Axis = Axis {
    unit: Unit::Bytes,
    name: "payload",
};
const UP: Axis = Axis {
    unit: Unit::Seconds,
    name: "a round trip",
};

/// Some of both models, beside each other.
pub(crate) fn both(found: &Found) -> Result<Chart> {
    let (threads, processes) = (By::threads, By::processes);
    let ways = [
        processes("ipc-typed"),
        processes("pipe"),
        processes("copied-futex"),
        processes("in-place-futex"),
        processes("in-place-spin"),
        threads("mpsc"),
        threads("moved"),
        threads("in-place-spin"),
    ];
    drawn(found, &ways)
}

/// What processes have.
pub(crate) fn processes(found: &Found) -> Result<Chart> {
    let ways = [
        "ipc-typed",
        "ipc-bytes",
        "pipe",
        "socketpair",
        "copied-futex",
        "copied-spin",
        "in-place-futex",
        "in-place-spin",
    ];
    drawn(found, &ways.map(By::processes))
}

fn drawn(found: &Found, ways: &[By]) -> Result<Chart> {
    let curve = |by: &By| curve(found, *by);
    let drawn = ways.iter().map(curve).collect::<Result<Vec<_>>>()?;
    Ok(curves(&head(found, ways)?, &drawn, ACROSS, UP, Size::Wide))
}

/// The way whose crossing is drawn, and the one that it crosses.
fn crossed() -> (By, By) {
    (By::processes("copied-futex"), By::processes("pipe"))
}

fn curve(found: &Found, by: By) -> Result<CostCurve> {
    let cost = |payload: usize| {
        let median = found.median(by, payload, ROUND_TRIP)?;
        Ok(Cost {
            size: payload as f64,
            cost: median.point / 1e9,
            interval: median.interval.map(|ends| Interval {
                low: ends.low / 1e9,
                high: ends.high / 1e9,
                ..ends
            }),
        })
    };
    let costs = found.payloads().into_iter().map(cost);
    let costs = costs.collect::<Result<Vec<_>>>()?;
    let cross = if by == crossed().0 {
        cross(found, &costs)?
    } else {
        None
    };
    Ok(CostCurve {
        name: by.name(),
        look: Look::Model(by.model),
        costs,
        cross,
    })
}

/// Where both cost the same, if that is among the payloads.
fn cross(found: &Found, costs: &[Cost]) -> Result<Option<Cross>> {
    let (challenger, incumbent) = crossed();
    let crossing = crossings::between(found, challenger, incumbent)?;
    let ends = [crossing.point, crossing.low, crossing.high].map(Place::size);
    let [Some(size), Some(low), Some(high)] = ends else {
        return Ok(None);
    };
    let between = costs.windows(2).find(|two| two[1].size >= size);
    Ok(between.map(|two| {
        let share = (size - two[0].size) / (two[1].size - two[0].size);
        Cross {
            size,
            sizes: (low, high),
            cost: two[0].cost + share * (two[1].cost - two[0].cost),
        }
    }))
}

/// The finding is in the figures: two small messages, and two large ones.
fn head(found: &Found, ways: &[By]) -> Result<Head> {
    let payloads = found.payloads();
    let small = payloads.iter().copied().find(|payload| *payload >= 64);
    let large = payloads.last().copied();
    let seconds = |by: By, payload: Option<usize>| {
        let median = found.median(by, payload.unwrap_or(0), ROUND_TRIP)?;
        Ok::<_, anyhow::Error>(median.point / 1e9)
    };
    let (pipe, sleeping) = (By::processes("pipe"), By::processes("in-place-futex"));
    let spinning = By::processes("in-place-spin");
    let finding = format!(
        "{}: waking takes {:.0}x as long as looking, a pipe {:.1}x as long as that; {}: a pipe {:.0}x",
        Payload(small.unwrap_or(0)),
        seconds(sleeping, small)? / seconds(spinning, small)?,
        seconds(pipe, small)? / seconds(sleeping, small)?,
        Payload(large.unwrap_or(0)),
        seconds(pipe, large)? / seconds(sleeping, large)?,
    );
    let said = |by: &By| {
        let (small, large) = (seconds(*by, small)?, seconds(*by, large)?);
        Ok(format!(
            "{}: {} and {}",
            by.name(),
            time(small, None),
            time(large, None)
        ))
    };
    let said = ways.iter().map(said).collect::<Result<Vec<_>>>()?;
    Ok(Head {
        finding,
        about: format!(
            "medians of {} blocks with 95 % intervals; each worker on a core of its own",
            found.runs.blocks
        ),
        description: said.join("; "),
    })
}
