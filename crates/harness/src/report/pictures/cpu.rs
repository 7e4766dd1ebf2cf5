//! Where did the time go?

use super::{Case, Picture, described, look};
use crate::chart::{CpuRow, Head, cpu};
use crate::report::findings::Row;
use crate::report::numbers::{count, share, time};

const TITLES: [&str; 6] = [
    "contestant",
    "user",
    "system",
    "off CPU",
    "share off CPU",
    "waiting, of the time at tasks",
];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let total = |row: &Row| Some(time(row.cpu?.total_s, None).point());
    let finding = case
        .compared(("use", "uses"), total)
        .map(|text| text + " of CPU time")?;
    let drawn: Vec<CpuRow> = case.rows().filter_map(drawn).collect();
    let rows: Vec<_> = case.rows().filter_map(cells).collect();
    let known = case
        .rows()
        .all(|row| row.cpu.is_none_or(|cpu| cpu.off_share.is_some()));
    let what = if known {
        "wall time x workers, by where it went; off CPU is waiting, idling, starting, or being ready without a core"
    } else {
        "CPU time, and where the number of workers is known also the time off CPU"
    };
    let about = format!(
        "{}: {what}; medians, n = {}",
        case.found.title,
        count(case.found.used_blocks, "block")
    );
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    Some(Picture::new(
        "cpu",
        |size| cpu(&head, &drawn, size),
        &TITLES,
        rows,
    ))
}

fn drawn(row: &Row) -> Option<CpuRow> {
    let cpu = row.cpu?;
    Some(CpuRow {
        name: row.label.clone(),
        look: look(row),
        user_s: cpu.user_s,
        system_s: cpu.system_s,
        off_s: off_s(row),
    })
}

fn cells(row: &Row) -> Option<Vec<String>> {
    let cpu = row.cpu?;
    let text = |seconds: f64| time(seconds, None).point();
    Some(vec![
        row.label.clone(),
        text(cpu.user_s),
        text(cpu.system_s),
        off_s(row).map(text).unwrap_or_default(),
        cpu.off_share.map(share).unwrap_or_default(),
        cpu.waiting_share.map(share).unwrap_or_default(),
    ])
}

/// The median share of the median time: close to, and not exactly, a median of its own. `None` where nobody
/// knows how many workers there were.
fn off_s(row: &Row) -> Option<f64> {
    let share = row.cpu?.off_share?;
    Some(row.wall_s?.point * f64::from(row.workers.max(1)) * share)
}
