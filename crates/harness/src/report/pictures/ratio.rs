//! Which is faster, how sure?

use super::{Case, Picture, described, look};
use crate::chart::{Head, Look, RatioRow, ratio};
use crate::report::findings::{Comparison, Noise, Row};
use crate::report::numbers::{self, count, margin};
use crate::report::words::sentence;
use crate::stats::MARGIN;
use crate::stats::ratio::RatioEstimate;

const TITLES: [&str; 4] = ["contestant", "time as a multiple", "95% interval", "blocks"];

pub(super) fn picture(case: &Case) -> Option<Picture> {
    let (_, rival) = case.rivals()?;
    let (_, finding) = sentence(case.scenario, rival)?;
    let base = &case.scenario.baseline;
    let all_noise = &case.found.noise;
    let mut drawn: Vec<RatioRow> = case.found.rows.iter().filter_map(drawn).collect();
    drawn.extend(all_noise.iter().map(itself));
    let rows: Vec<_> = case.found.rows.iter().filter_map(figures).collect();
    let noise = all_noise
        .iter()
        .map(|noise| cells(noise_name(noise), &noise.ratio));
    let rows: Vec<_> = rows.into_iter().chain(noise).collect();
    let about = format!(
        "{}: wall time as a multiple of that of {base}, logarithmic, with 95 % intervals, n = {}; shaded: equivalent within {}",
        case.found.title,
        count(case.found.used_blocks, "block"),
        margin(MARGIN)
    );
    let head = Head {
        description: described(&about, &TITLES, &rows),
        finding,
        about,
    };
    Some(Picture::new(
        "ratio",
        |size| ratio(&head, &drawn, MARGIN, size),
        &TITLES,
        rows,
    ))
}

fn drawn(row: &Row) -> Option<RatioRow> {
    let (ratio, instead) = match &row.comparison {
        Comparison::Baseline => (Some((1.0, None)), Some("baseline")),
        Comparison::Against(against) => {
            let ratio = against.judged.ratio;
            (Some((ratio.point, ratio.interval)), None)
        }
        Comparison::NoSharedBlock => return None,
        Comparison::NotMeasurable { .. } => (None, Some("not measurable here")),
        Comparison::OtherAnswer => (None, Some("answer differs")),
        Comparison::NotRun { .. } => (None, Some("not run")),
    };
    Some(RatioRow {
        name: row.label.clone(),
        look: look(row),
        ratio,
        instead: instead.map(str::to_owned),
    })
}

fn noise_name(noise: &Noise) -> String {
    format!("{} against itself", noise.label)
}

fn itself(noise: &Noise) -> RatioRow {
    RatioRow {
        name: noise_name(noise),
        look: Look::Noise,
        ratio: Some((noise.ratio.point, noise.ratio.interval)),
        instead: None,
    }
}

fn figures(row: &Row) -> Option<Vec<String>> {
    match &row.comparison {
        Comparison::Against(against) => Some(cells(row.label.clone(), &against.judged.ratio)),
        _ => None,
    }
}

fn cells(name: String, ratio: &RatioEstimate) -> Vec<String> {
    let figures = numbers::ratio(ratio.point, ratio.interval);
    let ends = figures
        .ends
        .as_ref()
        .map(|(low, high)| format!("{low} to {high}"));
    vec![
        name,
        figures.point(),
        ends.unwrap_or_default(),
        ratio.n.to_string(),
    ]
}
