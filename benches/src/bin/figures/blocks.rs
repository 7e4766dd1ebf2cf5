//! Two sides in turns.

use std::time::Duration;

use anyhow::Result;
use benches::Side;
use harness::measure::plan::{self, Lineup};

use crate::cores::Cores;
use crate::times::Times;

/// How everything is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Counted blocks; one more warms up.
    pub(crate) blocks: u32,
    /// About how long each side runs in a block.
    pub(crate) length: Duration,
    /// What the order in the blocks is made from.
    pub(crate) seed: u64,
    /// Tells whether the machine was free.
    pub(crate) cores: Cores,
    /// Whether the lengths are those of `--quick`.
    pub(crate) quick: bool,
}

const BASELINE: usize = 1;

/// Runs both sides in every block, and the baseline twice. Times are of one of the `operations` in an
/// iteration; `name` makes orders differ between pairs.
pub(crate) fn measure(
    name: &str,
    mut sides: [Side; 2],
    operations: u64,
    plan: &Plan,
) -> Result<Times> {
    let lineup = Lineup {
        scenario: "figures",
        case: name,
        contestants: sides.len(),
        baselines: &[BASELINE],
    };
    let mut iterations = [0; 2];
    for (side, iterations) in sides.iter_mut().zip(&mut iterations) {
        *iterations = iterations_in(side, plan.length)?;
    }
    let mut times = Times::default();
    let mut free = plan.cores.are_free();
    for (number, block) in (0..).zip(plan::blocks(lineup, plan.blocks, plan.seed)) {
        for slot in block {
            let iterations = iterations[slot.contestant];
            let took = sides[slot.contestant].run(iterations)?;
            let each = took.as_secs_f64() / (iterations * operations) as f64;
            match (number, slot.contestant, slot.control) {
                // The first block warms up.
                (0, ..) => {}
                (_, BASELINE, false) => times.baseline.push(each),
                (_, BASELINE, true) => times.again.push(each),
                _ => times.ours.push(each),
            }
        }
        let was_free = std::mem::replace(&mut free, plan.cores.are_free());
        if number > 0 && !(was_free && free) {
            times.disturbed += 1;
        }
    }
    Ok(times)
}

/// How many iterations take about so long, at least one.
fn iterations_in(side: &mut Side, length: Duration) -> Result<u64> {
    let mut iterations = 1;
    loop {
        let took = side.run(iterations)?;
        if took > length / 4 {
            let fitting = iterations as f64 * length.as_secs_f64() / took.as_secs_f64();
            return Ok((fitting.round() as u64).max(1));
        }
        iterations *= 2;
    }
}
