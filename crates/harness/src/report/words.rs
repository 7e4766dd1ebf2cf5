//! Findings as sentences.

use crate::report::findings::{Against, CaseFindings, Comparison, Row, ScenarioFindings};
use crate::report::numbers::{count, margin, ratio, share};
use crate::stats::Interval;
use crate::stats::ratio::RatioEstimate;
use crate::stats::verdict::{Judged, Verdict};

/// What kind of sentence it is, so that a terminal can set it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something was shown.
    Claim,
    /// Nothing was.
    Open,
    /// Something went wrong.
    Failed,
}

/// The sentences of a case: one for every contestant but the baseline.
pub(super) fn sentences(scenario: &ScenarioFindings, case: &CaseFindings) -> Vec<(Tone, String)> {
    if case.rows.iter().all(|row| row.n == 0) && case.mismatches.is_empty() {
        return vec![(
            Tone::Open,
            "no counted block, so nothing to compare".to_owned(),
        )];
    }
    let said = case.rows.iter().filter_map(|row| sentence(scenario, row));
    let alone = (
        Tone::Open,
        format!("nothing to compare {} with", scenario.baseline),
    );
    let said: Vec<_> = said.collect();
    if said.is_empty() { vec![alone] } else { said }
}

/// The verdict on one row in words; `None` for the baseline.
pub(super) fn sentence(scenario: &ScenarioFindings, row: &Row) -> Option<(Tone, String)> {
    let (it, base) = (&row.label, &scenario.baseline);
    match &row.comparison {
        Comparison::Baseline => None,
        Comparison::Against(against) => {
            let (tone, text) = verdict(scenario, it, against);
            Some((tone, text + &memory_need(row)))
        }
        Comparison::NotMeasurable { clean, of, needed } => Some((
            Tone::Open,
            format!(
                "{it} and {base}: not measurable here: in {clean} of {} the machine was what it should have \
                 been, {needed} needed",
                count(*of, "block")
            ),
        )),
        Comparison::NoSharedBlock => Some((
            Tone::Open,
            format!("{it} and {base}: no counted block holds both"),
        )),
        Comparison::NotRun { reason } => Some((Tone::Open, format!("{it}: not run: {reason}"))),
        Comparison::OtherAnswer if row.contestant == *base => {
            let why = format!("{it}: nothing is compared with it, because answers differ");
            Some((Tone::Failed, why))
        }
        Comparison::OtherAnswer => {
            let why = format!("{it} and {base}: not compared, because their answers differ");
            Some((Tone::Failed, why))
        }
    }
}

fn verdict(scenario: &ScenarioFindings, it: &str, against: &Against) -> (Tone, String) {
    let base = &against.baseline;
    let estimate = against.judged.ratio;
    let n = count(estimate.n, "block");
    let (tone, text) = match against.judged.verdict {
        Verdict::Faster { times, interval } => (
            Tone::Claim,
            compared(it, "faster", base, times, interval, &n),
        ),
        Verdict::Slower { times, interval } => (
            Tone::Claim,
            compared(it, "slower", base, times, interval, &n),
        ),
        Verdict::Equivalent { margin: within } => {
            let within = margin(within);
            let side = lean(it, &against.judged);
            let ratio = described(&estimate);
            (
                Tone::Claim,
                format!("{it} and {base} are equivalent within {within}{side}: {ratio}"),
            )
        }
        Verdict::NoDifferenceShown { held_back } => {
            let among = count(scenario.comparisons, "comparison");
            let why = if held_back {
                format!(" over its {among}")
            } else {
                String::new()
            };
            let ratio = described(&estimate);
            (
                Tone::Open,
                format!("{it} and {base}: no difference that this run could show{why}: {ratio}"),
            )
        }
        Verdict::TooFewBlocks { needed } => (
            Tone::Open,
            format!("{it} and {base}: {}", too_few(scenario, &estimate, needed)),
        ),
    };
    (tone, text + &against.doubt.map(doubt).unwrap_or_default())
}

fn compared(it: &str, how: &str, base: &str, times: f64, interval: Interval, n: &str) -> String {
    let figures = ratio(times, Some(interval));
    let ends = ends(figures.ends.as_ref());
    format!(
        "{it} {} {} {how} than {base} (95% CI {ends}, {n})",
        verb(it),
        figures.point()
    )
}

/// `; processes need 2.9 times the memory`, where it is a difference worth a word.
fn memory_need(row: &Row) -> String {
    const WORTH_A_WORD: f64 = 1.1;
    match row.memory_ratio {
        Some(times)
            if row.memory_apart && !(WORTH_A_WORD.recip()..WORTH_A_WORD).contains(&times) =>
        {
            let need = if verb(&row.label) == "are" {
                "need"
            } else {
                "needs"
            };
            format!("; {} {need} {times:.1} times the memory", row.label)
        }
        _ => String::new(),
    }
}

/// Names of models are plurals (threads, processes), others rarely are.
pub(super) fn verb(name: &str) -> &'static str {
    let word = name.split(" (").next().unwrap_or(name);
    if word.ends_with('s') { "are" } else { "is" }
}

/// Equivalent and yet shown to differ: say so, lest the reader take it for "the same".
fn lean(it: &str, judged: &Judged) -> String {
    match judged.ratio.interval {
        Some(interval) if interval.excludes(1.0) && judged.differs() => {
            let how = if interval.low > 1.0 {
                "slower"
            } else {
                "faster"
            };
            format!(", {it} a little {how}")
        }
        _ => String::new(),
    }
}

/// `ratio 1.01 (95% CI 0.98 to 1.04, 20 blocks)`.
pub(super) fn described(estimate: &RatioEstimate) -> String {
    let figures = ratio(estimate.point, estimate.interval);
    let n = count(estimate.n, "block");
    match figures.ends {
        Some(_) => format!(
            "ratio {} (95% CI {}, {n})",
            figures.point,
            ends(figures.ends.as_ref())
        ),
        None => format!("ratio {} ({n}, no interval)", figures.point),
    }
}

fn too_few(scenario: &ScenarioFindings, estimate: &RatioEstimate, needed: usize) -> String {
    let n = count(estimate.n, "block");
    let verb = if estimate.n == 1 { "is" } else { "are" };
    let what = if estimate.interval.is_some() {
        format!("a claim over {}", count(scenario.comparisons, "comparison"))
    } else {
        "a 95% interval".to_owned()
    };
    format!(
        "{n} {verb} too few for {what} ({needed} needed): {}",
        described(estimate)
    )
}

fn doubt(noise: RatioEstimate) -> String {
    let differed = share(noise.point.ln().abs().exp_m1());
    format!("; careful: in the same blocks the same program differed from itself by {differed}")
}

/// `1.74 to 1.88`, or nothing.
pub(super) fn ends(ends: Option<&(String, String)>) -> String {
    ends.map(|(low, high)| format!("{low} to {high}"))
        .unwrap_or_default()
}
