//! What a measurement found: figures and verdicts, before any text is made of them.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::measure::samples::{CasePlan, ContestantPlan, Header, Sample, ScenarioPlan};
use crate::report::blocks::CaseRuns;
use crate::report::compare::{self, Pending};
pub use crate::report::compare::{Against, Comparison};
use crate::report::outcome::OutcomeMismatch;
use crate::report::row::{self, Basis};
pub use crate::report::row::{CpuMedians, Row, Speedup};
use crate::stats::MARGIN;
use crate::stats::ratio::RatioEstimate;
use crate::stats::verdict::judge;

/// What was found in one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioFindings {
    /// Its name.
    pub name: String,
    /// The question that it asks.
    pub question: String,
    /// The contestant that others are compared with.
    pub baseline: String,
    /// The sequential contestant that speed-up is counted from, if there is one.
    pub sequential: Option<String>,
    /// How many comparisons were judged together, over all cases.
    pub comparisons: usize,
    /// Its cases, in the order of the plan.
    pub cases: Vec<CaseFindings>,
}

/// What was found in one case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFindings {
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// One row a contestant, in the order of the plan.
    pub rows: Vec<Row>,
    /// The baseline against its own second run: what a difference of nothing looks like here. One for
    /// each number of workers that the baseline was given.
    pub noise: Vec<RatioEstimate>,
    /// How many counted blocks were planned.
    pub planned_blocks: u32,
    /// How many counted blocks hold every contestant.
    pub complete_blocks: usize,
    /// Runs that answered otherwise than the baseline. Those contestants are not compared.
    pub mismatches: Vec<OutcomeMismatch>,
}

impl ScenarioFindings {
    /// Every run that answered otherwise than the baseline. If there is any, a comparison failed.
    pub fn mismatches(&self) -> impl Iterator<Item = &OutcomeMismatch> {
        self.cases.iter().flat_map(|case| &case.mismatches)
    }
}

/// Why samples cannot be analysed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReportError {
    /// The plan compares with a contestant that it does not have.
    #[error("{scenario}: the baseline `{baseline}` is none of its contestants")]
    NoBaseline {
        /// Which scenario.
        scenario: String,
        /// Its baseline.
        baseline: String,
    },
    /// A sample of something that is not in the plan.
    #[error("a sample is not in the plan of the file's first line: {sample}")]
    NotPlanned {
        /// Which sample: scenario, case, contestant, workers, block.
        sample: String,
    },
    /// The same run twice, so that it is unclear which one counts.
    #[error("a run is there twice: {sample}")]
    Twice {
        /// Which sample: scenario, case, contestant, workers, block.
        sample: String,
    },
    /// A run that took no time, which none does.
    #[error("a run has a wall time of 0: {sample}")]
    NoTime {
        /// Which sample: scenario, case, contestant, workers, block.
        sample: String,
    },
}

/// Finds out what samples say: per scenario, per case, per contestant, in the order of the plan.
///
/// Warm-up runs (block 0) are held to the baseline's answer, and not counted otherwise. Contestants are
/// compared with the baseline that has as many workers, where the plan has several. A contestant that
/// answered otherwise than the baseline in any block gets no figures; nor does any if the baseline
/// contradicts itself.
///
/// # Errors
/// If the samples do not fit the plan: see [`ReportError`]. No samples at all are no error.
pub fn analyse(header: &Header, samples: &[Sample]) -> Result<Vec<ScenarioFindings>, ReportError> {
    for plan in &header.scenarios {
        if !plan
            .contestants
            .iter()
            .any(|contestant| contestant.name == plan.baseline)
        {
            let (scenario, baseline) = (plan.name.clone(), plan.baseline.clone());
            return Err(ReportError::NoBaseline { scenario, baseline });
        }
    }
    check_samples(header, samples)?;
    Ok(header
        .scenarios
        .iter()
        .map(|plan| scenario(header, plan, samples))
        .collect())
}

fn check_samples(header: &Header, samples: &[Sample]) -> Result<(), ReportError> {
    let mut seen = BTreeSet::new();
    for sample in samples {
        let Sample {
            scenario,
            case,
            contestant,
            workers,
            block,
            control,
            ..
        } = sample;
        let name = || format!("{scenario}, {case}, {contestant}, {workers} workers, block {block}");
        if !header.scenarios.iter().any(|plan| is_planned(plan, sample)) {
            return Err(ReportError::NotPlanned { sample: name() });
        }
        if sample.wall_ns == 0 {
            return Err(ReportError::NoTime { sample: name() });
        }
        if !seen.insert((scenario, case, contestant, workers, block, control)) {
            return Err(ReportError::Twice { sample: name() });
        }
    }
    Ok(())
}

fn is_planned(plan: &ScenarioPlan, sample: &Sample) -> bool {
    let is_it =
        |one: &ContestantPlan| one.name == sample.contestant && one.workers == sample.workers;
    plan.name == sample.scenario
        && plan.cases.iter().any(|case| case.name == sample.case)
        && plan.contestants.iter().any(is_it)
}

fn scenario(header: &Header, plan: &ScenarioPlan, samples: &[Sample]) -> ScenarioFindings {
    let runs = |case: &CasePlan| {
        let in_case = |sample: &&Sample| sample.scenario == plan.name && sample.case == case.name;
        CaseRuns::new(samples.iter().filter(in_case))
    };
    let runs: Vec<CaseRuns> = plan.cases.iter().map(runs).collect();
    // All comparisons of the scenario are judged together, then handed back to their cases.
    let pending: Vec<Vec<Pending>> = runs
        .iter()
        .map(|runs| compare::pending(plan, runs))
        .collect();
    let times = pending
        .iter()
        .flatten()
        .filter_map(Pending::times)
        .cloned()
        .collect::<Vec<_>>();
    let mut judged = judge(&times, MARGIN).into_iter();
    let mut cases = Vec::new();
    for ((case, runs), pending) in plan.cases.iter().zip(&runs).zip(pending) {
        let comparisons = pending
            .into_iter()
            .map(|one| one.settle(&mut judged))
            .collect();
        cases.push(case_findings(header, plan, case, runs, comparisons));
    }
    ScenarioFindings {
        name: plan.name.clone(),
        question: plan.question.clone(),
        baseline: plan.baseline.clone(),
        sequential: row::sequential(plan).map(|contestant| contestant.name.clone()),
        comparisons: times.len(),
        cases,
    }
}

fn case_findings(
    header: &Header,
    plan: &ScenarioPlan,
    case: &CasePlan,
    runs: &CaseRuns,
    comparisons: Vec<Comparison>,
) -> CaseFindings {
    let mismatches = runs.mismatches(plan);
    let is_wrong = |name: &str| mismatches.iter().any(|run| run.found.contestant == name);
    let basis = Basis {
        seed: header.seed,
        cores: header.environment.cores,
        plan,
        runs,
        sequential_is_right: row::sequential(plan).is_some_and(|base| !is_wrong(&base.name)),
    };
    let rows = plan
        .contestants
        .iter()
        .zip(comparisons)
        .map(|(who, against)| basis.row(who, against));
    CaseFindings {
        name: case.name.clone(),
        title: case.title.clone(),
        rows: rows.collect(),
        noise: compare::noise(plan, runs),
        planned_blocks: header.blocks,
        complete_blocks: runs.complete(plan),
        mismatches,
    }
}
