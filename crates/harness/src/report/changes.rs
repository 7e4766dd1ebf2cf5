//! What changed, as text for a terminal.

use crate::report::diff::{CaseDiff, Change, Diff, Fact};
use crate::report::findings::Row;
use crate::report::numbers::{count, margin, memory, ratio, time};
use crate::report::table::{Cell, Column, Table};
use crate::report::terminal::{Paper, Style};
use crate::report::words::{ends, verb};
use crate::stats::Interval;
use crate::stats::verdict::Verdict;

/// What changed, for reading at a terminal that is `width` characters wide (`None`: as wide as it takes),
/// with or without colours.
pub fn changes(diff: &Diff, width: Option<u16>, colour: bool) -> String {
    let paper = Paper { width, colour };
    let mut text = String::new();
    if !diff.machine.is_empty() {
        let warning = "two machines are compared: what follows says nothing of programs alone";
        text.push_str(&paper.line(Style::Warning, 0, warning));
    }
    for fact in diff.machine.iter().chain(&diff.around) {
        text.push_str(&paper.line(Style::Plain, 0, &self::fact(fact)));
    }
    text.extend(diff.cases.iter().map(|case| self::case(&paper, case)));
    if diff.cases.is_empty() {
        text.push_str("nothing is in both\n");
    }
    for left_out in &diff.left_out {
        text.push_str(&paper.line(Style::Dim, 0, &format!("not compared: {left_out}")));
    }
    text + &paper.line(Style::Dim, 0, LEGEND)
}

const LEGEND: &str = "Two measurements share no blocks: what the machine did between them is in every \
                      change of time. The change against the baseline is free of what hit both alike. \
                      Intervals: exact Mann-Whitney, 95%.";

fn fact(fact: &Fact) -> String {
    let value = |value: &str| {
        if value.is_empty() {
            "unknown".to_owned()
        } else {
            value.to_owned()
        }
    };
    format!(
        "{}: {} before, {} after",
        fact.name,
        value(&fact.before),
        value(&fact.after)
    )
}

fn case(paper: &Paper, case: &CaseDiff) -> String {
    let title = format!("{}: {} ({})", case.scenario, case.title, case.case);
    let mut text = String::from("\n") + &paper.line(Style::Bold, 0, &title);
    for change in &case.changes {
        let claim = matches!(
            change.judged.verdict,
            Verdict::Faster { .. } | Verdict::Slower { .. }
        );
        let style = if claim { Style::Bold } else { Style::Plain };
        text.push_str(&paper.line(style, 2, &sentence(change)));
    }
    if case.all_alike() {
        let note = "all changed alike: that speaks for the machine, not for the programs";
        text.push_str(&paper.line(Style::Warning, 2, note));
    }
    text.push('\n');
    text.push_str(&paper.table(table(case)));
    text
}

fn sentence(change: &Change) -> String {
    let (it, verb) = (&change.after.label, verb(&change.after.label));
    let runs = format!("{} and {}", change.before.n, count(change.after.n, "run"));
    let figures = |times: f64, interval: Interval| {
        let figures = ratio(times, Some(interval));
        (
            figures.point(),
            format!("95% CI {}, {runs}", ends(figures.ends.as_ref())),
        )
    };
    let judged = &change.judged;
    let open = match judged.ratio.interval {
        Some(interval) => {
            let (point, about) = figures(judged.ratio.point, interval);
            format!("{point} ({about})")
        }
        None => format!(
            "{} ({runs}, no interval)",
            ratio(judged.ratio.point, None).point()
        ),
    };
    match judged.verdict {
        Verdict::Faster { times, interval } => {
            let (point, about) = figures(times, interval);
            format!("{it} {verb} {point} faster than before ({about})")
        }
        Verdict::Slower { times, interval } => {
            let (point, about) = figures(times, interval);
            format!("{it} {verb} {point} slower than before ({about})")
        }
        Verdict::Equivalent { margin: within } => {
            format!("{it}: as before within {}: {open}", margin(within))
        }
        Verdict::NoDifferenceShown { .. } => {
            format!("{it}: no change that these runs could show: {open}")
        }
        Verdict::TooFewBlocks { needed } => {
            format!("{it}: too few runs for a claim ({needed} of each needed): {open}")
        }
    }
}

fn table(case: &CaseDiff) -> Table {
    let column = |title: &str, stacked: &str, cell: &dyn Fn(&Change) -> Cell| Column {
        title: title.to_owned(),
        stacked: stacked.to_owned(),
        cells: case.changes.iter().map(cell).collect(),
    };
    let name = |change: &Change| Cell {
        main: change.after.contestant.clone(),
        below: Some(change.after.workers.to_string()),
    };
    let wall = |row: &crate::report::findings::Row| {
        let figures = row.wall_s.map(|wall| time(wall.point, wall.interval));
        figures
            .map(|figures| Cell::figures(&figures))
            .unwrap_or_default()
    };
    let relative = |change: &Change| {
        let relative = change
            .relative
            .map(|found| ratio(found.point, found.interval));
        relative
            .map(|figures| Cell::figures(&figures))
            .unwrap_or_default()
    };
    let changed = |change: &Change| {
        Cell::figures(&ratio(
            change.judged.ratio.point,
            change.judged.ratio.interval,
        ))
    };
    let mut columns = vec![
        column("contestant (workers)", "contestant\n(workers)", &name),
        column("before (95% CI)", "before\n(95% CI)", &|change| {
            wall(&change.before)
        }),
        column("after (95% CI)", "after\n(95% CI)", &|change| {
            wall(&change.after)
        }),
        column("after / before (95% CI)", "after /\nbefore", &changed),
        column(
            "the same vs the baseline (95% CI)",
            "vs the\nbaseline",
            &relative,
        ),
        column("memory before", "memory\nbefore", &|change| {
            peak(&change.before)
        }),
        column("memory after", "memory\nafter", &|change| {
            peak(&change.after)
        }),
    ];
    columns.retain(|column| column.cells.iter().any(|cell| !cell.main.is_empty()));
    Table { columns }
}

fn peak(row: &Row) -> Cell {
    let peak = row.memory.map(|found| memory(found.peak_pss_bytes));
    Cell {
        main: peak.unwrap_or_default(),
        below: None,
    }
}
