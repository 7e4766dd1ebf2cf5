//! All cases of all scenarios at a glance.

use crate::report::csv::verdict;
use crate::report::findings::{CaseFindings, Comparison, Row, ScenarioFindings};
use crate::report::numbers::count;
use crate::report::table::{Cell, Column, Table, against, name, speedup, times_memory};
use crate::stats::verdict::Verdict;

/// One row for every comparison, where there is more than one case to look over; else `None`.
pub(super) fn overall(findings: &[ScenarioFindings]) -> Option<Table> {
    let cases = findings.iter().flat_map(|scenario| &scenario.cases);
    if cases.count() < 2 {
        return None;
    }
    let rows: Vec<_> = findings.iter().flat_map(rows).collect();
    let column = |title: &str, stacked: &str, cell: &dyn Fn(&Row) -> Cell| Column {
        title: title.to_owned(),
        stacked: stacked.to_owned(),
        cells: rows.iter().map(|(_, _, row)| cell(row)).collect(),
    };
    let place = |(scenario, case, _): &(&ScenarioFindings, &CaseFindings, &Row)| {
        Cell::plain(format!("{} {}", scenario.name, case.name))
    };
    let mut columns = vec![
        Column {
            title: "case".to_owned(),
            stacked: "case".to_owned(),
            cells: rows.iter().map(place).collect(),
        },
        column("contestant (workers)", "contestant\n(workers)", &name),
        column("time vs baseline (95% CI)", "time vs\nbaseline", &against),
        column("speed-up (95% CI)", "speed-up\n(95% CI)", &speedup),
        column("memory vs baseline", "memory vs\nbaseline", &times_memory),
        column("verdict", "verdict", &|row| {
            Cell::plain(verdict(&row.comparison).replace('-', " "))
        }),
    ];
    columns.retain(|column| column.cells.iter().any(|cell| !cell.main.is_empty()));
    (!rows.is_empty()).then_some(Table { columns })
}

/// Every comparison, baselines left out.
fn rows(
    scenario: &ScenarioFindings,
) -> impl Iterator<Item = (&ScenarioFindings, &CaseFindings, &Row)> {
    let of_case = move |case| rows_of(scenario, case);
    scenario.cases.iter().flat_map(of_case)
}

fn rows_of<'a>(
    scenario: &'a ScenarioFindings,
    case: &'a CaseFindings,
) -> impl Iterator<Item = (&'a ScenarioFindings, &'a CaseFindings, &'a Row)> {
    let others = case
        .rows
        .iter()
        .filter(|row| row.comparison != Comparison::Baseline);
    others.map(move |row| (scenario, case, row))
}

/// How each contestant stands to the baseline over the cases of a scenario, where there are several:
/// `hasher: processes against threads over 2 cases: slower in 1, equivalent in 1`. Cases are counted and not
/// averaged: they are different questions.
pub(super) fn over_cases(scenario: &ScenarioFindings) -> Vec<String> {
    let Some(first) = scenario.cases.first().filter(|_| scenario.cases.len() > 1) else {
        return Vec::new();
    };
    let others = (0..first.rows.len()).filter(|at| first.rows[*at].contestant != scenario.baseline);
    others.map(|at| over(scenario, at)).collect()
}

fn over(scenario: &ScenarioFindings, at: usize) -> String {
    let rows: Vec<&Row> = scenario
        .cases
        .iter()
        .filter_map(|case| case.rows.get(at))
        .collect();
    let mut kinds: Vec<(&str, usize)> = ["faster", "equivalent", "slower", "open"]
        .map(|kind| (kind, 0))
        .to_vec();
    for row in &rows {
        let found = kind(row);
        kinds
            .iter_mut()
            .filter(|(kind, _)| *kind == found)
            .for_each(|(_, times)| *times += 1);
    }
    let said: Vec<String> = kinds
        .iter()
        .filter(|(_, times)| *times > 0)
        .map(|(kind, times)| format!("{kind} in {times}"))
        .collect();
    let label = rows.first().map_or("", |row| row.label.as_str());
    let cases = count(scenario.cases.len(), "case");
    format!(
        "{}: {label} against {} over {cases}: {}",
        scenario.name,
        scenario.baseline,
        said.join(", ")
    )
}

fn kind(row: &Row) -> &'static str {
    match &row.comparison {
        Comparison::Against(against) => match against.judged.verdict {
            Verdict::Faster { .. } => "faster",
            Verdict::Slower { .. } => "slower",
            Verdict::Equivalent { .. } => "equivalent",
            Verdict::NoDifferenceShown { .. } | Verdict::TooFewBlocks { .. } => "open",
        },
        _ => "open",
    }
}
