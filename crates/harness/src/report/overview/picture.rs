//! Processes against threads in all cases, in one chart.

use super::Measured;
use super::chosen::rivals;
use crate::chart::{Chart, Head, Look, RatioRow, Size, ratio};
use crate::record::Model;
use crate::report::findings::{CaseFindings, Comparison, Row, ScenarioFindings};
use crate::report::numbers::{self, count, margin};
use crate::stats::MARGIN;
use crate::stats::verdict::Verdict;

/// A row of the chart: its name, and the contestant.
type Named<'a> = (String, &'a Row);

/// The chart: each way of processes with its ratio to threads; `None` where nothing of the kind was compared.
pub fn picture(measured: &[Measured]) -> Option<Chart> {
    let named: Vec<Named> = measured.iter().flat_map(of_measured).collect();
    if named.is_empty() {
        return None;
    }
    let drawn: Vec<RatioRow> = named.iter().map(drawn).collect();
    let head = Head {
        finding: finding(&named),
        about: format!(
            "wall time of processes as a multiple of that of threads, logarithmic, with 95 % intervals, n = {}; \
             shaded: equivalent within {}",
            blocks(&named),
            margin(MARGIN)
        ),
        description: described(&drawn),
    };
    Some(ratio(&head, &drawn, MARGIN, Size::Wide))
}

fn of_measured<'a>(measured: &'a Measured) -> Vec<Named<'a>> {
    let mut named = Vec::new();
    for scenario in measured.findings.iter().filter(|one| is_of_threads(one)) {
        for case in &scenario.cases {
            let processes = rivals(scenario, case).filter(|row| row.model == Model::Processes);
            named.extend(processes.map(|row| (name(measured, scenario, case, row), row)));
        }
    }
    named
}

fn is_of_threads(scenario: &ScenarioFindings) -> bool {
    let mut rows = scenario.cases.iter().flat_map(|case| &case.rows);
    rows.any(|row| row.contestant == scenario.baseline && row.model == Model::Threads)
}

fn name(
    measured: &Measured,
    scenario: &ScenarioFindings,
    case: &CaseFindings,
    row: &Row,
) -> String {
    let folder = if measured.name.is_empty() {
        &scenario.name
    } else {
        measured.name
    };
    if row.label == Model::Processes.name() {
        format!("{folder} {}", case.name)
    } else {
        format!("{folder} {}, {}", case.name, row.label)
    }
}

fn drawn((name, row): &Named) -> RatioRow {
    let (ratio, instead) = match &row.comparison {
        Comparison::Against(against) => {
            let ratio = against.judged.ratio;
            (Some((ratio.point, ratio.interval)), None)
        }
        Comparison::NotMeasurable { .. } => (None, Some(NOT_MEASURABLE)),
        Comparison::OtherAnswer => (None, Some("answer differs")),
        Comparison::NoSharedBlock | Comparison::Baseline | Comparison::NotRun { .. } => {
            (None, Some("not compared"))
        }
    };
    RatioRow {
        name: name.clone(),
        look: Look::of(&row.contestant, row.model),
        ratio,
        instead: instead.map(str::to_owned),
    }
}

/// `Processes against threads, 9 comparisons: slower in 6, faster in 1, no difference shown in 2`.
fn finding(named: &[Named]) -> String {
    let kinds = [
        "slower",
        "faster",
        EQUIVALENT,
        "no difference shown",
        "too few blocks",
        NOT_MEASURABLE,
        "not compared",
    ];
    let said = kinds.iter().filter_map(|wanted| {
        let times = named
            .iter()
            .filter(|(_, row)| kind(&row.comparison) == *wanted);
        let times = times.count();
        let within = match *wanted {
            EQUIVALENT => format!(" within {}", margin(MARGIN)),
            _ => String::new(),
        };
        (times > 0).then(|| format!("{wanted}{within} in {times}"))
    });
    format!(
        "Processes against threads, {}: {}",
        count(named.len(), "comparison"),
        said.collect::<Vec<_>>().join(", ")
    )
}

const EQUIVALENT: &str = "equivalent";
const NOT_MEASURABLE: &str = "not measurable here";

fn kind(comparison: &Comparison) -> &'static str {
    match comparison {
        Comparison::Against(against) => match against.judged.verdict {
            Verdict::Slower { .. } => "slower",
            Verdict::Faster { .. } => "faster",
            Verdict::Equivalent { .. } => EQUIVALENT,
            Verdict::NoDifferenceShown { .. } => "no difference shown",
            Verdict::TooFewBlocks { .. } => "too few blocks",
        },
        Comparison::NotMeasurable { .. } => NOT_MEASURABLE,
        Comparison::OtherAnswer
        | Comparison::NoSharedBlock
        | Comparison::Baseline
        | Comparison::NotRun { .. } => "not compared",
    }
}

/// `20 blocks`, `14 to 20 blocks`.
fn blocks(named: &[Named]) -> String {
    let all = || named.iter().map(|(_, row)| row.n);
    let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    if least == most {
        count(most, "block")
    } else {
        format!("{least} to {}", count(most, "block"))
    }
}

fn described(rows: &[RatioRow]) -> String {
    let said = rows.iter().map(|row| {
        let figures = row
            .ratio
            .map(|(point, interval)| numbers::ratio(point, interval).to_string());
        let figures = row.instead.clone().or(figures).unwrap_or_default();
        format!("{}: {figures}.", row.name)
    });
    said.collect::<Vec<_>>().join(" ")
}
