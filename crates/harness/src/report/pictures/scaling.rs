//! How does it scale?

use super::{Case, Picture, described, look};
use crate::chart::{Curve, Head, Point, scaling};
use crate::report::findings::Row;
use crate::report::numbers::{count, ratio};

const TITLES: [&str; 4] = ["contestant", "workers", "speed-up", "95% interval"];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let curves = curves(case);
    let ends = curves
        .iter()
        .filter_map(|curve| Some((curve, curve.points.last()?)));
    let ends = ends.map(|(curve, last)| {
        format!(
            "{} {} with {}",
            curve.name,
            ratio(last.speedup, None).point(),
            workers(last.workers)
        )
    });
    let ends: Vec<_> = ends.collect();
    if ends.is_empty() {
        return None;
    }
    let base = case.scenario.sequential.as_deref()?;
    let finding = format!("speed-up over {base}: {}", ends.join(", "));
    let rows: Vec<_> = curves
        .iter()
        .flat_map(|curve| curve.points.iter().map(|point| cells(curve, point)))
        .collect();
    let about = format!(
        "{}: how many times as fast as {base}, by workers, with 95 % intervals, n = {}",
        case.found.title,
        count(case.found.complete_blocks, "block")
    );
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    let cores = case.samples.header.environment.cores;
    Some(Picture::new(
        "scaling",
        |size| scaling(&head, &curves, cores, size),
        &TITLES,
        rows,
    ))
}

fn workers(workers: u32) -> String {
    count(workers as usize, "worker")
}

/// Contestants that ran with several numbers of workers.
fn curves(case: &Case) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    for row in case.rows() {
        let Some(point) = point(row) else { continue };
        match curves.iter_mut().find(|curve| curve.name == row.contestant) {
            Some(curve) => curve.points.push(point),
            None => curves.push(Curve {
                name: row.contestant.clone(),
                look: look(row),
                points: vec![point],
            }),
        }
    }
    curves.retain(|curve| curve.points.len() > 1);
    for curve in &mut curves {
        curve.points.sort_by_key(|point| point.workers);
    }
    curves
}

fn point(row: &Row) -> Option<Point> {
    let speedup = row.speedup?.ratio;
    Some(Point {
        workers: row.workers,
        speedup: speedup.point,
        interval: speedup.interval,
    })
}

fn cells(curve: &Curve, point: &Point) -> Vec<String> {
    let figures = ratio(point.speedup, point.interval);
    let ends = figures
        .ends
        .as_ref()
        .map(|(low, high)| format!("{low} to {high}"));
    vec![
        curve.name.clone(),
        point.workers.to_string(),
        figures.point(),
        ends.unwrap_or_default(),
    ]
}
