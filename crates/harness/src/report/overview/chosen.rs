//! Whom an overview shows: of everything that was compared, what the question is about.

use crate::chart::Look;
use crate::record::Model;
use crate::report::findings::{CaseFindings, Comparison, Row, ScenarioFindings};

/// The baseline of a case with the most workers.
pub(super) fn baseline(case: &CaseFindings) -> Option<&Row> {
    let baselines = case
        .rows
        .iter()
        .filter(|row| row.comparison == Comparison::Baseline);
    baselines.max_by_key(|row| row.workers)
}

/// The project's own contestants of other models than the baseline's that spread their work, and commands: of
/// each the one with the most workers.
pub(super) fn rivals<'a>(
    scenario: &'a ScenarioFindings,
    case: &'a CaseFindings,
) -> impl Iterator<Item = &'a Row> {
    let model = |row: &&Row| row.contestant == scenario.baseline;
    let base = case.rows.iter().find(model).map(|row| row.model);
    let is_rival = move |row: &&Row| match Look::of(&row.contestant, row.model) {
        Look::Model(Model::Sequential) | Look::Reference(_) | Look::Noise => false,
        Look::Model(model) => Some(model) != base,
        Look::Command => row.contestant != scenario.baseline,
    };
    let has_most = |row: &&Row| {
        let others = case
            .rows
            .iter()
            .filter(|other| other.contestant == row.contestant);
        others.map(|other| other.workers).max() == Some(row.workers)
    };
    case.rows.iter().filter(is_rival).filter(has_most)
}
