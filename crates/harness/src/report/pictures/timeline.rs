//! What did each worker do?

use std::collections::BTreeSet;

use super::{Case, Picture, described, look};
use crate::chart::{Head, Lanes, timeline};
use crate::record::RunRecord;
use crate::report::findings::Row;
use crate::report::numbers::{share, time};

const TITLES: [&str; 5] = ["contestant", "worker", "tasks", "busy", "share of the run"];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    // Also of blocks that do not count: what workers did there is true all the same.
    let all = || case.found.rows.iter();
    let drawn: Vec<Lanes> = all()
        .filter_map(|row| Some(lanes(row, shown(case, row)?.1)))
        .collect();
    let (block, _) = all().find_map(|row| shown(case, row))?;
    let busy = |row: &Row| Some(share(busy_share(shown(case, row)?.1)));
    let finding = case
        .compared(("are at tasks", "is at tasks"), busy)
        .map(|text| text + " of the time");
    let finding = finding.unwrap_or_else(|| "what each worker did".to_owned());
    let rows: Vec<_> = drawn.iter().flat_map(cells).collect();
    let about = format!(
        "{}: one run of each, in block {block}; filled: at a task, faint: known to wait, empty: idle; shaded: starting and stopping",
        case.found.title
    );
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    Some(Picture::new(
        "timeline",
        |size| timeline(&head, &drawn, size),
        &TITLES,
        rows,
    ))
}

/// The first run with spans, and its block.
fn shown<'a>(case: &Case<'a>, row: &Row) -> Option<(u32, &'a RunRecord)> {
    let runs = case.all_runs(row).into_iter();
    let mut records = runs.filter_map(|run| Some((run.block, run.record.as_ref()?)));
    records.find(|(_, record)| !record.spans.is_empty())
}

fn lanes(row: &Row, record: &RunRecord) -> Lanes {
    Lanes {
        name: row.label.clone(),
        look: look(row),
        worker: record.worker().to_owned(),
        phases: record.phases,
        spans: record.spans.clone(),
    }
}

/// For which part of the run those workers that had any task were at tasks, on average. There may be more
/// workers than tasks.
fn busy_share(record: &RunRecord) -> f64 {
    let busy: u64 = record.spans.iter().map(|span| span.busy_ns).sum();
    let workers: BTreeSet<u32> = record.spans.iter().map(|span| span.worker).collect();
    let had = record.phases.total_ns().max(1) as f64 * workers.len().max(1) as f64;
    busy as f64 / had
}

fn cells(run: &Lanes) -> Vec<Vec<String>> {
    let workers = run
        .spans
        .iter()
        .map(|span| span.worker + 1)
        .max()
        .unwrap_or(0);
    let row = |worker| {
        let spans = run.spans.iter().filter(|span| span.worker == worker);
        let (tasks, busy) = spans.fold((0, 0), |(tasks, busy), span| {
            (tasks + span.tasks, busy + span.busy_ns)
        });
        vec![
            run.name.clone(),
            format!("{} {}", run.worker, worker + 1),
            tasks.to_string(),
            time(busy as f64 / 1e9, None).point(),
            share(busy as f64 / run.phases.total_ns().max(1) as f64),
        ]
    };
    (0..workers).map(row).collect()
}
