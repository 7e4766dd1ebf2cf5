//! What must be known to read the table of a case, and what casts doubt on it.

use crate::report::findings::{
    CaseFindings, Comparison, MarkedBlock, Noise, Row, Scaling, ScalingPoint,
};
use crate::report::numbers::{count, ratio, share};
use crate::report::words::{Tone, described, ends};
use crate::stats::Interval;
use crate::stats::usl::UslFit;

/// What must be known to read the table of a case, one line each.
pub(super) fn notes(case: &CaseFindings) -> Vec<String> {
    let mut notes: Vec<String> = case.noise.iter().map(noise_floor).collect();
    notes.extend(case.rows.iter().filter_map(flagged));
    notes.extend(own_results(case));
    notes.extend(own_bases(case));
    notes.extend(means(case));
    notes.extend(incomplete(case));
    notes.extend(memory_not_seen(case));
    notes.extend(marked(case));
    notes.extend(case.scaling.iter().map(scaling));
    notes
}

fn noise_floor(noise: &Noise) -> String {
    let figures = ratio(noise.ratio.point, noise.ratio.interval);
    let range = match &figures.ends {
        Some(_) => ends(figures.ends.as_ref()),
        None => format!("no interval, {}", count(noise.ratio.n, "block")),
    };
    let label = &noise.label;
    format!(
        "noise floor: {label} against {label}: {} ({range})",
        figures.point()
    )
}

fn flagged(row: &Row) -> Option<String> {
    let Comparison::Against(against) = &row.comparison else {
        return None;
    };
    let without = against.without_flagged?;
    let blocks: Vec<String> = against.flagged.iter().map(u32::to_string).collect();
    let (which, them) = if blocks.len() == 1 {
        ("block", "it")
    } else {
        ("blocks", "them")
    };
    let (with, without) = (described(&against.judged.ratio), described(&without));
    Some(format!(
        "{}: far from the others: {which} {}; with {them} {with}, without {without}",
        row.label,
        blocks.join(", ")
    ))
}

/// Who does the job in another way, so that nobody takes its results for the same.
fn own_results(case: &CaseFindings) -> Option<String> {
    let own = labels(case, |row| row.own_checksum);
    (!own.is_empty()).then(|| {
        format!(
            "held to the counts of items, failed items and bytes, not to the checksum, as their results are their own: {own}"
        )
    })
}

/// Whose speed-up is against another sequential contestant than the scenario's.
fn own_bases(case: &CaseFindings) -> Vec<String> {
    let rows = case.rows.iter().filter(|row| row.n > 0);
    let mut bases: Vec<&String> = rows.filter_map(|row| row.own_base.as_ref()).collect();
    bases.dedup();
    let note = |base| {
        let whose = labels(case, |row| row.own_base.as_ref() == Some(base) && row.n > 0);
        format!("speed-up against {base}, and not against sequential: {whose}")
    };
    bases.into_iter().map(note).collect()
}

/// What the programs are that are not of this workspace.
fn means(case: &CaseFindings) -> Option<String> {
    let one = |row: &Row| Some(format!("{}: {}", row.label, row.means.as_ref()?));
    let all: Vec<String> = case.rows.iter().filter_map(one).collect();
    (!all.is_empty()).then(|| format!("programs of others: {}", all.join("; ")))
}

/// Whose memory nobody saw, where that of others was seen.
fn memory_not_seen(case: &CaseFindings) -> Option<String> {
    let seen = |row: &Row| row.memory.is_some();
    let unseen = labels(case, |row| !seen(row) && row.n > 0);
    (case.rows.iter().any(seen) && !unseen.is_empty())
        .then(|| format!("memory not seen, ended before the first look: {unseen}"))
}

fn incomplete(case: &CaseFindings) -> Option<String> {
    let missing = case.complete_blocks < case.planned_blocks as usize;
    missing.then(|| {
        format!(
            "{} of {} planned blocks hold every contestant; each figure uses the blocks that hold what it needs",
            case.complete_blocks, case.planned_blocks
        )
    })
}

/// Which blocks do not count, and why.
fn marked(case: &CaseFindings) -> Option<String> {
    let one = |block: &MarkedBlock| {
        let reasons: Vec<String> = block.reasons.iter().map(ToString::to_string).collect();
        format!("{} ({})", block.block, reasons.join(", "))
    };
    let blocks: Vec<String> = case.machine.marked.iter().map(one).collect();
    let made_up = case.machine.counted > case.planned_blocks as usize;
    let so = match (case.machine.is_measurable(), made_up) {
        (true, false) => "which do not count",
        (true, true) => "which do not count, and for which others were run",
        (false, _) => {
            "too many to leave them out: figures are of all blocks, and nothing is compared"
        }
    };
    (!blocks.is_empty()).then(|| {
        format!(
            "blocks in which the machine was not what it should have been, {so}: {}",
            blocks.join("; ")
        )
    })
}

/// The speed-ups of a contestant, and the law behind them.
fn scaling(scaling: &Scaling) -> String {
    let point = |point: &ScalingPoint| {
        let speedup = ratio(point.speedup.point, point.speedup.interval);
        format!("{} with {}", speedup, point.workers)
    };
    let points: Vec<String> = scaling.points.iter().map(point).collect();
    format!(
        "{}: speed-up over workers, against {}: {}; Universal Scalability Law: {}",
        scaling.contestant,
        scaling.base,
        points.join(", "),
        match &scaling.fit {
            Ok(fit) => law(fit),
            Err(why) => why.to_string(),
        }
    )
}

fn law(fit: &UslFit) -> String {
    let range = |ends: Interval| format!("95% CI {:.4} to {:.4}", ends.low, ends.high);
    let peak = match fit.usl.peak() {
        Some(peak) => format!("most gets done with {peak:.0} workers"),
        None => "no number of workers is too many".to_owned(),
    };
    format!(
        "contention {:.4} ({}), coherency {:.4} ({}), {peak}; at most {} off the curve",
        fit.usl.sigma,
        range(fit.sigma),
        fit.usl.kappa,
        range(fit.kappa),
        share(fit.worst_residual)
    )
}

/// What casts doubt on a case as a whole, one line each.
pub(super) fn warnings(case: &CaseFindings) -> Vec<(Tone, String)> {
    const SHOWN: usize = 5;
    let failed = case
        .mismatches
        .iter()
        .take(SHOWN)
        .map(|run| (Tone::Failed, run.to_string()));
    let mut warnings: Vec<_> = failed.collect();
    if case.mismatches.len() > SHOWN {
        let more = case.mismatches.len() - SHOWN;
        warnings.push((Tone::Failed, format!("and {} more", count(more, "run"))));
    }
    for control in case.failed_controls() {
        let text = format!(
            "control: {} differed from a second run of the same program, {}: doubt every small difference here",
            control.label,
            described(&control.ratio)
        );
        warnings.push((Tone::Open, text));
    }
    let unoptimised = labels(case, |row| row.unoptimised);
    if !unoptimised.is_empty() {
        let text = format!(
            "built without optimisation, so their times are not representative: {unoptimised}"
        );
        warnings.push((Tone::Failed, text));
    }
    let failing = labels(case, |row| row.failed_items > 0);
    if !failing.is_empty() {
        let most = case
            .rows
            .iter()
            .map(|row| row.failed_items)
            .max()
            .unwrap_or(0);
        let most = count(usize::try_from(most).unwrap_or(usize::MAX), "item");
        warnings.push((
            Tone::Open,
            format!("up to {most} failed in a run of: {failing}"),
        ));
    }
    warnings
}

fn labels(case: &CaseFindings, wanted: impl Fn(&Row) -> bool) -> String {
    let labels = case
        .rows
        .iter()
        .filter(|row| wanted(row))
        .map(|row| row.label.as_str());
    labels.collect::<Vec<_>>().join(", ")
}
