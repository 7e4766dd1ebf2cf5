//! Findings as JSON for programs.

use serde_json::{Value, json};

use crate::measure::samples::Header;
use crate::report::csv::verdict;
use crate::report::findings::{
    CaseFindings, Comparison, MarkedBlock, Noise, Row, Scaling, ScenarioFindings,
};
use crate::report::notes::{notes, warnings};
use crate::report::words::{sentence, sentences};
use crate::stats::Interval;
use crate::stats::ratio::RatioEstimate;

/// Everything that the tables show, with the machine and the command: one object. What is not known is
/// `null`, never 0. Times are in seconds, sizes in bytes, shares from 0 to 1; numbers have six
/// significant digits. An estimate is `{"point", "low", "high", "level", "n"}`. Verdicts are those of
/// [`csv`](super::csv()).
pub fn json(header: &Header, findings: &[ScenarioFindings]) -> String {
    let scenarios: Vec<Value> = findings.iter().map(scenario).collect();
    let whole = json!({
        "schema": SCHEMA,
        "version": header.version,
        "command": header.command,
        "started_s": header.started_s,
        "seed": header.seed,
        "blocks": header.blocks,
        "environment": header.environment,
        "scenarios": scenarios,
    });
    format!("{whole:#}\n")
}

/// The version of this format.
const SCHEMA: u32 = 1;

fn scenario(scenario: &ScenarioFindings) -> Value {
    let cases: Vec<Value> = scenario
        .cases
        .iter()
        .map(|case| self::case(scenario, case))
        .collect();
    json!({
        "name": scenario.name,
        "question": scenario.question,
        "baseline": scenario.baseline,
        "sequential": scenario.sequential,
        "comparisons": scenario.comparisons,
        "cases": cases,
    })
}

fn case(scenario: &ScenarioFindings, case: &CaseFindings) -> Value {
    let lines =
        |lines: Vec<(_, String)>| lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>();
    json!({
        "name": case.name,
        "title": case.title,
        "planned_blocks": case.planned_blocks,
        "complete_blocks": case.complete_blocks,
        "sentences": lines(sentences(scenario, case)),
        "warnings": lines(warnings(case)),
        "notes": notes(case),
        "noise_floor": case.noise.iter().map(noise).collect::<Vec<_>>(),
        "effective_cores": number(case.machine.effective_cores),
        "measurable": case.machine.is_measurable(),
        "marked_blocks": case.machine.marked.iter().map(marked).collect::<Vec<_>>(),
        "contestants": case.rows.iter().map(|row| self::row(scenario, row)).collect::<Vec<_>>(),
        "scaling": case.scaling.iter().map(scaling).collect::<Vec<_>>(),
    })
}

fn noise(noise: &Noise) -> Value {
    let mut ratio = estimate(&noise.ratio);
    ratio["workers"] = json!(noise.workers);
    ratio
}

fn marked(block: &MarkedBlock) -> Value {
    let reasons: Vec<String> = block.reasons.iter().map(ToString::to_string).collect();
    json!({ "block": block.block, "reasons": reasons })
}

fn row(scenario: &ScenarioFindings, row: &Row) -> Value {
    json!({
        "contestant": row.contestant,
        "model": row.model.name(),
        "workers": row.workers,
        "label": row.label,
        "n": row.n,
        "wall_s": row.wall_s.map(|wall| ends(wall.point, wall.interval, wall.n)),
        "cpu_s": row.cpu.map(|cpu| json!({
            "total": number(Some(cpu.total_s)),
            "user": number(Some(cpu.user_s)),
            "system": number(Some(cpu.system_s)),
        })),
        "off_cpu_share": number(row.cpu.and_then(|cpu| cpu.off_share)),
        "waiting_share": number(row.cpu.and_then(|cpu| cpu.waiting_share)),
        "task_s": row.latency.map(|latency| json!({
            "p50": number(Some(latency.p50_s)),
            "p90": number(Some(latency.p90_s)),
            "p99": number(Some(latency.p99_s)),
            "max": number(Some(latency.max_s)),
        })),
        "switches": row.switches.map(|switches| json!({
            "voluntary": number(Some(switches.voluntary)),
            "involuntary": number(Some(switches.involuntary)),
        })),
        "faults": row.faults.map(|faults| json!({
            "minor": number(Some(faults.minor)),
            "major": number(Some(faults.major)),
        })),
        "memory": memory(row),
        "speedup": row.speedup.map(|speedup| estimate(&speedup.ratio)),
        "efficiency": number(row.speedup.and_then(|speedup| speedup.efficiency)),
        "ratio_to_baseline": against(row),
        "failed_items": row.failed_items,
        "unoptimised": row.unoptimised,
        "verdict": verdict(&row.comparison),
        "sentence": sentence(scenario, row).map(|(_, text)| text),
    })
}

fn memory(row: &Row) -> Value {
    let Some(memory) = row.memory else {
        return Value::Null;
    };
    json!({
        "peak_pss_bytes": memory.peak_pss_bytes,
        "private_bytes": memory.private_bytes,
        "shared_bytes": memory.shared_bytes,
        "peak_rss_sum_bytes": memory.peak_rss_sum_bytes,
        "processes": memory.processes,
        "looks": memory.looks,
        "passes": memory.passes,
        "least_peak_pss_bytes": memory.range_bytes.0,
        "greatest_peak_pss_bytes": memory.range_bytes.1,
        "ratio_to_baseline": number(row.memory_ratio),
        "ready_share": number(memory.ready_share),
    })
}

fn against(row: &Row) -> Value {
    let Comparison::Against(against) = &row.comparison else {
        return Value::Null;
    };
    let mut ratio = estimate(&against.judged.ratio);
    ratio["p"] = number(Some(against.judged.p));
    ratio["p_holm"] = number(Some(against.judged.p_holm));
    ratio["flagged_blocks"] = json!(against.flagged);
    ratio["without_flagged"] = json!(against.without_flagged.as_ref().map(estimate));
    ratio
}

fn scaling(scaling: &Scaling) -> Value {
    let points = scaling.points.iter().map(|point| {
        let mut speedup = estimate(&point.speedup);
        speedup["workers"] = json!(point.workers);
        speedup["ideal"] = number(Some(point.ideal));
        speedup
    });
    json!({
        "contestant": scaling.contestant,
        "base": scaling.base,
        "cores": scaling.cores,
        "points": points.collect::<Vec<_>>(),
        "usl": match &scaling.fit {
            Err(why) => json!({ "not_fitted": why.to_string() }),
            Ok(fit) => json!({
                "gamma": number(Some(fit.usl.gamma)),
                "sigma": ends(fit.usl.sigma, Some(fit.sigma), fit.n),
                "kappa": ends(fit.usl.kappa, Some(fit.kappa), fit.n),
                "peak_workers": number(fit.usl.peak()),
                "worst_residual": number(Some(fit.worst_residual)),
                "seed": fit.seed,
            }),
        },
    })
}

fn estimate(ratio: &RatioEstimate) -> Value {
    ends(ratio.point, ratio.interval, ratio.n)
}

fn ends(point: f64, interval: Option<Interval>, n: usize) -> Value {
    json!({
        "point": number(Some(point)),
        "low": number(interval.map(|interval| interval.low)),
        "high": number(interval.map(|interval| interval.high)),
        "level": number(interval.map(|interval| interval.level)),
        "n": n,
    })
}

/// Six significant digits; null if there is none.
fn number(value: Option<f64>) -> Value {
    let rounded = |value: f64| format!("{value:.5e}").parse::<f64>().unwrap_or(value);
    json!(value.map(rounded))
}
