//! How much memory?

use super::{Case, Picture, described, look};
use crate::chart::{Head, MemoryRow, memory};
use crate::measure::samples::MemorySample;
use crate::report::findings::Row;
use crate::report::numbers::{count, memory as amount, ratio};

const TITLES: [&str; 6] = [
    "contestant",
    "peak sum of PSS",
    "private",
    "shared",
    "sum of RSS",
    "processes",
];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let known: Vec<(&Row, &MemorySample)> = case
        .rows()
        .filter_map(|row| Some((row, middle(case, row)?)))
        .collect();
    let passes = case.samples.memory.iter().filter(|look| is_of(case, look));
    let passes = passes.map(|look| look.pass + 1).max()?;
    let drawn: Vec<MemoryRow> = known.iter().map(|(row, look)| drawn(row, look)).collect();
    let rows: Vec<_> = known.iter().map(|(row, look)| cells(row, look)).collect();
    let about = format!(
        "{}: greatest sum of PSS over all processes, the median of {} of its own; PSS counts a shared page once",
        case.found.title,
        count(passes as usize, "run")
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
        && let (Some(of_base), Some(of_rival)) = (middle(case, base), middle(case, rival))
        && of_base.peak_pss_bytes > 0
    {
        let times = of_rival.peak_pss_bytes as f64 / of_base.peak_pss_bytes as f64;
        let times = ratio(times, None).point();
        return Some(format!(
            "{} need {times} the memory of {}",
            rival.label, base.label
        ));
    }
    case.compared("need", |row| {
        Some(amount(middle(case, row)?.peak_pss_bytes))
    })
}

fn is_of(case: &Case, look: &MemorySample) -> bool {
    look.scenario == case.scenario.name && look.case == case.found.name
}

/// The run of its own with the median peak; the lower one of two.
fn middle<'a>(case: &Case<'a>, row: &Row) -> Option<&'a MemorySample> {
    let is_its = |look: &&MemorySample| {
        is_of(case, look) && (&look.contestant, look.workers) == (&row.contestant, row.workers)
    };
    let mut looks: Vec<_> = case.samples.memory.iter().filter(is_its).collect();
    looks.sort_by_key(|look| (look.peak_pss_bytes, look.pass));
    looks.get(looks.len().saturating_sub(1) / 2).copied()
}

fn drawn(row: &Row, seen: &MemorySample) -> MemoryRow {
    MemoryRow {
        name: row.label.clone(),
        look: look(row),
        private_bytes: seen.private_bytes,
        shared_bytes: seen.shared_bytes,
        processes: seen.processes,
    }
}

fn cells(row: &Row, seen: &MemorySample) -> Vec<String> {
    vec![
        row.label.clone(),
        amount(seen.peak_pss_bytes),
        amount(seen.private_bytes),
        amount(seen.shared_bytes),
        amount(seen.peak_rss_sum_bytes),
        seen.processes.to_string(),
    ]
}
