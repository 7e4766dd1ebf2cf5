//! What it costs to start and to end some workers.

use anyhow::{Result, bail};
use harness::contestant::Stamp;
use serde::{Deserialize, Serialize};

use crate::ballast::Ballast;
use crate::figure::Figure;
use crate::order::Order;
use crate::report::Report;
use crate::started::{Started, Starter};
use crate::way::Way;

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) ways: Vec<Way>,
    /// How many workers at a time.
    pub(crate) counts: Vec<u32>,
    /// How often everything is done; once more to warm up.
    pub(crate) samples: u32,
    /// Memory of this process, beside none.
    pub(crate) ballast_bytes: Option<u64>,
    pub(crate) seed: u64,
}

/// What some workers cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartCost {
    /// The way.
    pub way: String,
    /// How many at a time.
    pub workers: u32,
    /// Memory of the parent that was touched for this, in bytes.
    pub ballast_bytes: u64,
    /// How often it was done.
    pub samples: u32,
    /// From asking for the first until the last one is ready to work.
    pub ready_ns: Figure,
    /// From letting them go until the last one is gone.
    pub end_ns: Figure,
}

/// One thing to be measured, and what came of it.
struct Cell {
    way: Way,
    workers: u32,
    ballast_bytes: u64,
    taken: Vec<Started>,
}

/// Measures as planned, in blocks: all ways and numbers of workers once, in an order of its own in each block.
///
/// # Errors
/// If the system gives fewer workers than were asked for, or not the memory.
pub(crate) fn measure(
    plan: &Plan,
    starter: Starter,
    report: &mut Report,
) -> Result<Vec<StartCost>> {
    let mut order = Order::new(plan.seed);
    let weights = [Some(0), plan.ballast_bytes].into_iter().flatten();
    let mut cells: Vec<Vec<Cell>> = weights.map(|weight| cells(plan, weight)).collect();
    let sides: Vec<usize> = (0..cells.len()).collect();
    for block in 0..=plan.samples {
        for side in order.block(&sides) {
            let ballast = Ballast::take(cells[side][0].ballast_bytes)?;
            let places: Vec<usize> = (0..cells[side].len()).collect();
            for place in order.block(&places) {
                let cell = &mut cells[side][place];
                let taken = cell.once(starter, report)?;
                // The first block warms up.
                if block > 0 {
                    cell.taken.push(taken);
                }
            }
            ballast.hold();
        }
    }
    Ok(cells
        .into_iter()
        .flatten()
        .map(|cell| cell.cost())
        .collect())
}

fn cells(plan: &Plan, ballast_bytes: u64) -> Vec<Cell> {
    let cell = |way: Way, workers: u32| Cell {
        way,
        workers,
        ballast_bytes,
        taken: Vec::new(),
    };
    let ways = plan.ways.iter();
    ways.flat_map(|&way| plan.counts.iter().map(move |&workers| cell(way, workers)))
        .collect()
}

impl Cell {
    fn once(&self, starter: Starter, report: &mut Report) -> Result<Started> {
        let (started, stamp) =
            Stamp::of(|| (starter.start)(self.way, self.workers, &mut |_| Ok(())));
        let started = started?;
        report.started(started.alive, stamp);
        if let Some(cause) = started.refused {
            let (name, alive) = (self.way.name(), started.alive);
            bail!(
                "{name}: {alive} of {} workers were started, and the system gave no more: {cause}",
                self.workers
            );
        }
        Ok(started)
    }

    fn cost(&self) -> StartCost {
        StartCost {
            way: self.way.name().to_owned(),
            workers: self.workers,
            ballast_bytes: self.ballast_bytes,
            samples: self.taken.len() as u32,
            ready_ns: Figure::of(self.taken.iter().map(|one| one.ready_ns)),
            end_ns: Figure::of(self.taken.iter().map(|one| one.end_ns)),
        }
    }
}
