//! Whether samples fit their plan.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::measure::samples::{ContestantPlan, Header, Sample, ScenarioPlan};

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

/// Checks that there is a baseline for every scenario, and that every run was planned, took time, and is there
/// once.
///
/// # Errors
/// If one is not so.
pub(super) fn check(header: &Header, samples: &[Sample]) -> Result<(), ReportError> {
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
