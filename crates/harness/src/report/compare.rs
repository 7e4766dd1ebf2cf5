//! Each contestant of a case against the baseline.

use crate::measure::samples::{ContestantPlan, ScenarioPlan};
use crate::report::blocks::{CaseRuns, paired};
use crate::report::machine::CaseMachine;
use crate::report::row::label;
use crate::stats::LEVEL;
use crate::stats::outliers::outliers;
use crate::stats::ratio::{PairedTimes, RatioEstimate};
use crate::stats::verdict::{Comparable, Judged, Verdict};

/// How a contestant stands to the baseline.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// It is the baseline.
    Baseline,
    /// It was compared.
    Against(Box<Against>),
    /// Too few blocks are left in which the machine was what it should have been. Whatever the times, they
    /// are no evidence.
    NotMeasurable {
        /// How many they are.
        clean: usize,
        /// Of how many blocks.
        of: usize,
        /// How many clean ones a claim needs.
        needed: usize,
    },
    /// There is no counted block in which both ran.
    NoSharedBlock,
    /// It answered otherwise than the baseline, or the baseline contradicted itself.
    OtherAnswer,
    /// It could not run here.
    NotRun {
        /// Why not.
        reason: String,
    },
}

/// A comparison with the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// What the baseline is called in sentences.
    pub baseline: String,
    /// The ratio of its time to the baseline's, and what may be said.
    pub judged: Judged,
    /// The blocks whose ratio lies far from the others. They are counted all the same.
    pub flagged: Vec<u32>,
    /// The ratio without them, where there are any.
    pub without_flagged: Option<RatioEstimate>,
    /// The baseline against its own second run, if that differs as much as is claimed here.
    pub doubt: Option<RatioEstimate>,
}

/// A baseline against its own second run: what a difference of nothing looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Noise {
    /// What the baseline is called in sentences.
    pub label: String,
    /// How many workers it had.
    pub workers: u32,
    /// The ratio of the second run's time to the first's.
    pub ratio: RatioEstimate,
}

/// A comparison that waits for the verdict over all that are judged together.
pub(super) enum Pending {
    /// Nothing to judge.
    Settled(Comparison),
    /// To be judged.
    Waiting(Box<Waiting>),
}

/// What is known of a comparison before the verdict.
pub(super) struct Waiting {
    baseline: String,
    times: PairedTimes,
    flagged: Vec<u32>,
    without_flagged: Option<RatioEstimate>,
    noise: Option<RatioEstimate>,
}

impl Pending {
    /// What there is to judge.
    pub(super) fn times(&self) -> Option<&PairedTimes> {
        match self {
            Self::Settled(_) => None,
            Self::Waiting(waiting) => Some(&waiting.times),
        }
    }

    /// Takes the next verdict if it waits for one.
    pub(super) fn settle(self, judged: &mut impl Iterator<Item = Judged>) -> Comparison {
        match self {
            Self::Settled(comparison) => comparison,
            Self::Waiting(waiting) => match judged.next() {
                Some(judged) => Comparison::Against(Box::new(waiting.settle(judged))),
                None => Comparison::NoSharedBlock,
            },
        }
    }
}

impl Waiting {
    fn settle(self, judged: Judged) -> Against {
        let Self {
            baseline,
            flagged,
            without_flagged,
            noise,
            ..
        } = self;
        let doubt = noise.filter(|noise| casts_doubt(noise, &judged));
        Against {
            baseline,
            judged,
            flagged,
            without_flagged,
            doubt,
        }
    }
}

/// The comparisons of one case, one for each contestant in the order of the plan.
pub(super) fn pending(plan: &ScenarioPlan, runs: &CaseRuns, machine: &CaseMachine) -> Vec<Pending> {
    let wrong = runs.mismatches(plan);
    let answered_otherwise = |name: &str| wrong.iter().any(|run| run.found.contestant == name);
    let one = |contestant: &ContestantPlan| {
        if let Some(reason) = runs.why_not_run(contestant) {
            let reason = reason.to_owned();
            Pending::Settled(Comparison::NotRun { reason })
        } else if answered_otherwise(&contestant.name) || answered_otherwise(&plan.baseline) {
            Pending::Settled(Comparison::OtherAnswer)
        } else if contestant.name == plan.baseline {
            Pending::Settled(Comparison::Baseline)
        } else if machine.is_measurable() {
            compare(plan, runs, contestant)
        } else {
            Pending::Settled(Comparison::NotMeasurable {
                clean: machine.clean,
                of: machine.counted,
                needed: machine.needed,
            })
        }
    };
    plan.contestants.iter().map(one).collect()
}

fn compare(plan: &ScenarioPlan, runs: &CaseRuns, contestant: &ContestantPlan) -> Pending {
    let none = Pending::Settled(Comparison::NoSharedBlock);
    let Some(baseline) = baseline_for(plan, contestant) else {
        return none;
    };
    let (blocks, pairs) = paired(&runs.of(contestant), &runs.of(baseline));
    let Some(times) = PairedTimes::new(&pairs) else {
        return none;
    };
    let ratios: Vec<f64> = pairs.iter().map(|(a, b)| (a / b).ln()).collect();
    let far = outliers(&ratios);
    let others = (0..pairs.len())
        .filter(|place| !far.contains(place))
        .map(|place| pairs[place]);
    let others: Vec<_> = others.collect();
    let without = PairedTimes::new(&others).filter(|_| !far.is_empty());
    Pending::Waiting(Box::new(Waiting {
        baseline: label(plan, baseline),
        times,
        flagged: far.iter().map(|&place| blocks[place]).collect(),
        without_flagged: without.map(|times| times.estimate(LEVEL)),
        noise: noise_of(runs, baseline),
    }))
}

/// The baseline with as many workers, or else the first one.
pub(super) fn baseline_for<'a>(
    plan: &'a ScenarioPlan,
    other: &ContestantPlan,
) -> Option<&'a ContestantPlan> {
    let mut baselines = baselines(plan);
    let first = baselines.clone().next();
    baselines
        .find(|baseline| baseline.workers == other.workers)
        .or(first)
}

fn baselines(plan: &ScenarioPlan) -> impl Iterator<Item = &ContestantPlan> + Clone {
    plan.contestants
        .iter()
        .filter(|contestant| contestant.name == plan.baseline)
}

/// The noise floor of each baseline that ran twice.
pub(super) fn noise(plan: &ScenarioPlan, runs: &CaseRuns) -> Vec<Noise> {
    let noise = |baseline: &ContestantPlan| {
        let (label, workers) = (label(plan, baseline), baseline.workers);
        let ratio = noise_of(runs, baseline)?;
        Some(Noise {
            label,
            workers,
            ratio,
        })
    };
    baselines(plan).filter_map(noise).collect()
}

fn noise_of(runs: &CaseRuns, baseline: &ContestantPlan) -> Option<RatioEstimate> {
    let (_, pairs) = paired(&runs.control_of(baseline), &runs.of(baseline));
    PairedTimes::new(&pairs).map(|times| times.estimate(LEVEL))
}

/// Whether the same program differed from itself by at least the least that is claimed: a difference
/// no nearer to 1 than its interval, or equivalence within a margin.
fn casts_doubt(noise: &RatioEstimate, judged: &Judged) -> bool {
    let claimed = match judged.verdict {
        Verdict::Faster { interval, .. } | Verdict::Slower { interval, .. } => interval.low.ln(),
        Verdict::Equivalent { margin } => margin.ln_1p(),
        Verdict::NoDifferenceShown { .. } | Verdict::TooFewBlocks { .. } => return false,
    };
    noise
        .interval
        .is_some_and(|interval| interval.excludes(1.0))
        && noise.point.ln().abs() >= claimed
}
