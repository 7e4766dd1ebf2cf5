//! The overall table: one line a case.

use std::collections::BTreeSet;

use super::Measured;
use super::chosen::{baseline, rivals};
use crate::report::findings::{CaseFindings, Comparison, Row, ScenarioFindings};
use crate::report::markdown::{line, text};
use crate::report::numbers::{count, margin, ratio, time};
use crate::report::page::NOT_SAID;
use crate::report::provenance::{day, short_machine};
use crate::report::words::ends;
use crate::stats::verdict::Verdict;

const TITLES: [&str; 6] = [
    "what",
    "the article",
    "wall time",
    "verdict (95% CI)",
    "peak memory",
    "how sure",
];

/// The overall table as Markdown, and how to read it.
pub fn overview(measured: &[Measured]) -> String {
    let mut table = line(TITLES.map(str::to_owned).into_iter()) + &line(rule());
    for one in measured {
        for scenario in one.findings {
            for (place, case) in scenario.cases.iter().enumerate() {
                let cells = [
                    what(one, scenario, case),
                    article(scenario, place == 0),
                    lines(times(scenario, case)),
                    lines(rivals(scenario, case).map(verdict)),
                    lines(rivals(scenario, case).filter_map(memory)),
                    sure(case),
                ];
                table.push_str(&line(cells.into_iter()));
            }
        }
    }
    table + &format!("\n{}\n", text(&reading(measured)))
}

fn rule() -> impl Iterator<Item = String> {
    TITLES.iter().map(|_| "---".to_owned())
}

/// Several in one cell, below each other.
fn lines(all: impl Iterator<Item = String>) -> String {
    let all: Vec<_> = all.map(|one| text(&one)).collect();
    all.join("<br>")
}

fn what(measured: &Measured, scenario: &ScenarioFindings, case: &CaseFindings) -> String {
    let name = if measured.name.is_empty() {
        &scenario.name
    } else {
        measured.name
    };
    let name = text(name);
    let title = text(&case.title);
    if measured.link.is_empty() {
        format!("**{name}**: {title}")
    } else {
        format!("**[{name}]({})**: {title}", measured.link)
    }
}

/// The whole claim beside the first case, the advice beside the others.
fn article(scenario: &ScenarioFindings, whole: bool) -> String {
    match &scenario.article {
        None if whole => NOT_SAID.to_owned(),
        None => String::new(),
        Some(article) if whole => {
            format!("**{}**: {}", text(&article.advice), text(&article.claim))
        }
        Some(article) => format!("**{}**", text(&article.advice)),
    }
}

fn times<'a>(
    scenario: &'a ScenarioFindings,
    case: &'a CaseFindings,
) -> impl Iterator<Item = String> + 'a {
    let all = baseline(case).into_iter().chain(rivals(scenario, case));
    all.filter_map(|row| {
        let took = time(row.wall_s?.point, None).point();
        Some(format!("{}: {took}", row.label))
    })
}

fn verdict(row: &Row) -> String {
    let label = &row.label;
    let against = match &row.comparison {
        Comparison::Against(against) => against,
        Comparison::NotMeasurable { .. } => return format!("{label}: not measurable here"),
        Comparison::NoSharedBlock => return format!("{label}: no block to compare"),
        Comparison::NotRun { reason } => return format!("{label}: not run: {reason}"),
        Comparison::OtherAnswer => return format!("{label}: the answer differs"),
        Comparison::Baseline => return format!("{label}: baseline"),
    };
    let estimate = against.judged.ratio;
    let careful = if against.doubt.is_some() {
        "; careful: the control differs as much"
    } else {
        ""
    };
    let times = |times, interval| {
        let figures = ratio(times, interval);
        (figures.point(), ends(figures.ends.as_ref()))
    };
    let (point, range) = times(estimate.point, estimate.interval);
    let said = match against.judged.verdict {
        Verdict::Faster {
            times: by,
            interval,
        } => {
            let (point, range) = times(by, Some(interval));
            format!("{point} faster ({range})")
        }
        Verdict::Slower { .. } => format!("{point} slower ({range})"),
        Verdict::Equivalent { margin: within } => {
            format!("equivalent within {}, {point} ({range})", margin(within))
        }
        Verdict::NoDifferenceShown { .. } => format!("no difference shown, {point} ({range})"),
        Verdict::TooFewBlocks { needed } => {
            format!("too few blocks ({needed} needed): {point}")
        }
    };
    format!("{label}: {said}, n = {}{careful}", estimate.n)
}

fn memory(row: &Row) -> Option<String> {
    let times = ratio(row.memory_ratio?, None).point();
    let apart = if row.memory_apart { "" } else { " (no claim)" };
    Some(format!("{}: {times}{apart}", row.label))
}

/// How far the baseline is from itself, and the blocks that did not count.
fn sure(case: &CaseFindings) -> String {
    let most = case.noise.iter().max_by_key(|noise| noise.workers);
    let floor = most.map(|noise| {
        let figures = ratio(noise.ratio.point, noise.ratio.interval);
        let range = ends(figures.ends.as_ref());
        let differs = noise.ratio.interval.is_some_and(|ends| ends.excludes(1.0));
        let careful = if differs { ", careful: it differs" } else { "" };
        format!("same program twice: {} ({range}){careful}", figures.point())
    });
    let left = case.machine.marked.len();
    let marked = (left > 0 && case.machine.is_measurable())
        .then(|| format!("{} left out", count(left, "block")));
    lines(floor.into_iter().chain(marked))
}

/// What one must know of the table, and of where it was made.
fn reading(measured: &[Measured]) -> String {
    let machines: BTreeSet<String> = measured
        .iter()
        .filter_map(|one| short_machine(&one.header.environment))
        .collect();
    let days: BTreeSet<String> = measured.iter().map(|one| day(one.header)).collect();
    let days: Vec<_> = days.first().into_iter().chain(days.last()).collect();
    let days = match days.as_slice() {
        [first, last] if first != last => format!("{first} to {last}"),
        [first, ..] => (*first).clone(),
        [] => String::new(),
    };
    let origin: Vec<_> = machines.into_iter().chain([days]).collect();
    format!(
        "A verdict is on wall time, paired by block, and held to all comparisons of its measurement; n is of blocks. \
         Peak memory is a multiple of the baseline's, which is the first in \"wall time\". \"Same program twice\" is \
         the baseline against its own second run. Each row is of one machine, which its page names; all together: {}.",
        origin.join("; ")
    )
}
