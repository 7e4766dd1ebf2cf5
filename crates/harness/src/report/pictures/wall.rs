//! How long?

use super::{Case, Picture, described, look};
use crate::chart::{Head, WallRow, wall};
use crate::report::blocks::wall_s;
use crate::report::findings::Row;
use crate::report::numbers::{count, time};

const TITLES: [&str; 6] = [
    "contestant",
    "median wall time",
    "95% interval",
    "fastest",
    "slowest",
    "runs",
];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let median = |row: &Row| Some(time(row.wall_s?.point, None).point());
    let finding = case.compared(("take", "takes"), median)?;
    let drawn: Vec<WallRow> = case.rows().map(|row| drawn(case, row)).collect();
    let rows: Vec<_> = drawn.iter().map(cells).collect();
    let about = format!(
        "{}: median wall time with its 95 % interval, n = {}; each faint point is a run, the first at the top",
        case.found.title,
        count(case.found.used_blocks, "block")
    );
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    Some(Picture::new(
        "wall",
        |size| wall(&head, &drawn, size),
        &TITLES,
        rows,
    ))
}

fn drawn(case: &Case, row: &Row) -> WallRow {
    WallRow {
        name: row.label.clone(),
        look: look(row),
        median_s: row.wall_s.map(|wall| (wall.point, wall.interval)),
        runs_s: case.runs(row).into_iter().map(wall_s).collect(),
    }
}

fn cells(row: &WallRow) -> Vec<String> {
    let figures = row.median_s.map(|(point, ends)| time(point, ends));
    let ends = figures
        .as_ref()
        .and_then(|figures| figures.ends.as_ref().map(|ends| (ends, figures.unit)));
    let ends = ends.map(|((low, high), unit)| format!("{low} to {high}{unit}"));
    let extreme = |pick: fn(f64, f64) -> f64| {
        let found = row.runs_s.iter().copied().reduce(pick);
        found
            .map(|found| time(found, None).point())
            .unwrap_or_default()
    };
    vec![
        row.name.clone(),
        figures
            .as_ref()
            .map(crate::report::numbers::Figures::point)
            .unwrap_or_default(),
        ends.unwrap_or_default(),
        extreme(f64::min),
        extreme(f64::max),
        row.runs_s.len().to_string(),
    ]
}
