//! How does it scale?

use super::{Case, Picture, described};
use crate::chart::{Curve, Head, Look, Point, scaling};
use crate::report::findings::{Scaling, ScalingPoint};
use crate::report::numbers::{count, ratio};

const TITLES: [&str; 5] = ["contestant", "workers", "speed-up", "95% interval", "ideal"];
/// Pieces of a fitted curve.
const PIECES: u32 = 40;

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let shown: Vec<&Scaling> = case
        .found
        .scaling
        .iter()
        .filter(|one| one.points.len() > 1)
        .collect();
    let curves: Vec<Curve> = shown.iter().map(|one| curve(one)).collect();
    let ends: Vec<String> = shown.iter().filter_map(|one| end(one)).collect();
    let first = shown.first()?;
    let finding = format!("speed-up over {}: {}", first.base, ends.join(", "));
    let rows: Vec<_> = shown
        .iter()
        .flat_map(|one| one.points.iter().map(|point| cells(one, point)))
        .collect();
    let about = format!(
        "{}: how many times as fast as {}, with 95 % intervals, n = {}{}",
        case.found.title,
        first.base,
        count(case.found.used_blocks, "block"),
        fitted(&shown)
    );
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    Some(Picture::new(
        "scaling",
        |size| scaling(&head, &curves, first.cores, size),
        &TITLES,
        rows,
    ))
}

/// `; dotted: Universal Scalability Law`, or why there is none.
fn fitted(shown: &[&Scaling]) -> String {
    let fits = shown.iter().map(|one| &one.fit);
    match fits.clone().find_map(|fit| fit.as_ref().err()) {
        _ if fits.clone().any(Result::is_ok) => "; dotted: Universal Scalability Law".to_owned(),
        Some(why) => format!("; Universal Scalability Law {why}"),
        None => String::new(),
    }
}

fn end(one: &Scaling) -> Option<String> {
    let last = one.points.last()?;
    let (times, workers) = (
        ratio(last.speedup.point, None).point(),
        count(last.workers as usize, "worker"),
    );
    Some(format!("{} {times} with {workers}", one.contestant))
}

fn curve(one: &Scaling) -> Curve {
    let point = |point: &ScalingPoint| Point {
        workers: point.workers,
        speedup: point.speedup.point,
        interval: point.speedup.interval,
    };
    Curve {
        name: one.contestant.clone(),
        look: Look::of(&one.contestant, one.model),
        points: one.points.iter().map(point).collect(),
        fit: fit(one),
    }
}

/// The fitted law, as far as it was fitted: up to the cores.
fn fit(one: &Scaling) -> Vec<(f64, f64)> {
    let Ok(fit) = &one.fit else { return Vec::new() };
    let within = one.points.iter().map(|point| point.workers);
    let last = within
        .filter(|workers| one.cores.is_none_or(|cores| *workers <= cores))
        .max();
    let last = f64::from(last.unwrap_or(1));
    let piece = |place: u32| {
        let workers = 1.0 + (last - 1.0) * f64::from(place) / f64::from(PIECES);
        (workers, fit.usl.throughput(workers))
    };
    (0..=PIECES).map(piece).collect()
}

fn cells(one: &Scaling, point: &ScalingPoint) -> Vec<String> {
    let figures = ratio(point.speedup.point, point.speedup.interval);
    let ends = figures
        .ends
        .as_ref()
        .map(|(low, high)| format!("{low} to {high}"));
    vec![
        one.contestant.clone(),
        point.workers.to_string(),
        figures.point(),
        ends.unwrap_or_default(),
        ratio(point.ideal, None).point(),
    ]
}
