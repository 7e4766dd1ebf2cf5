//! How much memory?

use super::{Case, Picture, described, look};
use crate::chart::{Head, MemoryRow, memory};
use crate::report::findings::{Memory, Row};
use crate::report::numbers::{count, memory as amount, ratio};
use crate::report::words::verb;

const TITLES: [&str; 6] = [
    "contestant",
    "peak sum of PSS",
    "private",
    "shared",
    "sum of RSS",
    "processes",
];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let known: Vec<(&Row, Memory)> = case
        .rows()
        .filter_map(|row| Some((row, row.memory?)))
        .collect();
    let passes = known.iter().map(|(_, seen)| seen.passes).max()?;
    let drawn: Vec<MemoryRow> = known.iter().map(|(row, seen)| drawn(row, seen)).collect();
    let rows: Vec<_> = known.iter().map(|(row, seen)| cells(row, seen)).collect();
    let about = format!(
        "{}: greatest sum of PSS over all processes, which counts a shared page once; {} of its own each",
        case.found.title,
        count(passes, "run")
    );
    let finding = finding(case)?;
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    Some(Picture::new(
        "memory",
        |size| memory(&head, &drawn, size),
        &TITLES,
        rows,
    ))
}

fn finding(case: &Case) -> Option<String> {
    if let Some((base, rival)) = case.rivals()
        && rival.memory_apart
        && let Some(times) = rival.memory_ratio
    {
        let need = if verb(&rival.label) == "are" {
            "need"
        } else {
            "needs"
        };
        let times = ratio(times, None).point();
        return Some(format!(
            "{} {need} {times} the memory of {}",
            rival.label, base.label
        ));
    }
    case.compared(("need", "needs"), |row| {
        Some(amount(row.memory?.peak_pss_bytes))
    })
}

fn drawn(row: &Row, seen: &Memory) -> MemoryRow {
    MemoryRow {
        name: row.label.clone(),
        look: look(row),
        private_bytes: seen.private_bytes,
        shared_bytes: seen.shared_bytes,
        processes: seen.processes,
    }
}

fn cells(row: &Row, seen: &Memory) -> Vec<String> {
    vec![
        row.label.clone(),
        amount(seen.peak_pss_bytes),
        amount(seen.private_bytes),
        amount(seen.shared_bytes),
        amount(seen.peak_rss_sum_bytes),
        seen.processes.to_string(),
    ]
}
