//! A part, and what it is held to.

use anyhow::Result;
use benches::Side;
use harness::report::numbers::{ratio, time};
use harness::say;

use crate::blocks::{self, Plan};
use crate::finding::Finding;
use crate::table::Row;
use crate::times::{Times, median};

/// Two sides that are measured in turns.
pub(crate) struct Pair {
    /// What is done, and of what the time is.
    pub(crate) what: &'static str,
    /// What the baseline is.
    pub(crate) beside: &'static str,
    /// How many operations an iteration holds: times are of one.
    pub(crate) operations: u64,
    /// The part, and the baseline.
    pub(crate) sides: [Side; 2],
    /// What the part is held to.
    pub(crate) target: Target,
}

/// What a pair is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// At most so many times the baseline's time.
    Ratio(f64),
    /// At most so many seconds, whatever the baseline takes. That depends on the machine, so it is an
    /// aim and no more.
    Time(f64),
}

impl Pair {
    pub(crate) fn measure(self, plan: &Plan) -> Result<Row> {
        say!("{}, beside {}", self.what, self.beside);
        let times = blocks::measure(self.what, self.sides, self.operations, plan)?;
        let ours = median(&times.ours, plan.seed)?;
        let baseline = median(&times.baseline, plan.seed)?;
        let compared = times.ratio()?;
        let (target, finding) = match self.target {
            Target::Ratio(limit) => (format!("≤ {limit}x"), Finding::of(compared.interval, limit)),
            Target::Time(limit) => (
                format!("aim: {}", time(limit, None)),
                Finding::of(ours.interval, limit),
            ),
        };
        Ok(Row {
            what: self.what.to_owned(),
            ours: time(ours.point, ours.interval).to_string(),
            baseline: format!("{}: {}", self.beside, time(baseline.point, None)),
            ratio: ratio(compared.point, compared.interval).to_string(),
            target,
            finding: if times.unfit() {
                Finding::Busy
            } else {
                finding
            },
            note: note(&times)?,
        })
    }
}

/// How far the baseline is from itself, what blocks far from the others make of the ratio, and whether
/// the machine had something else to do.
fn note(times: &Times) -> Result<String> {
    let floor = times.noise_floor()?;
    let floor = ratio(floor.point, floor.interval);
    let mut note = format!("baseline against itself: {floor}");
    let far = times.far();
    if !far.is_empty() {
        let without = times.without(&far).ratio()?;
        let without = ratio(without.point, without.interval);
        let numbers: Vec<_> = far.iter().map(|place| (place + 1).to_string()).collect();
        note += &format!(
            "; far from the others: block {}; without: {without}",
            numbers.join(", ")
        );
    }
    if times.disturbed > 0 {
        let (disturbed, blocks) = (times.disturbed, times.ours.len());
        note += &format!("; the cores were not free in {disturbed} of {blocks} blocks");
    }
    Ok(note)
}
