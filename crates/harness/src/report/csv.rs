//! Findings as a table for programs.

use crate::report::findings::{CaseFindings, Comparison, LatencyMedians, Row, ScenarioFindings};
use crate::report::words::sentence;
use crate::stats::Interval;
use crate::stats::verdict::Verdict;

/// The columns, in their order. New ones are added at the end.
const COLUMNS: [&str; 51] = [
    "scenario",
    "case",
    "contestant",
    "model",
    "workers",
    "blocks",
    "wall_median_s",
    "wall_low_s",
    "wall_high_s",
    "ratio_to_baseline",
    "ratio_to_baseline_low",
    "ratio_to_baseline_high",
    "ratio_level",
    "ratio_blocks",
    "p",
    "p_holm",
    "flagged_blocks",
    "ratio_without_flagged",
    "ratio_without_flagged_low",
    "ratio_without_flagged_high",
    "speedup",
    "speedup_low",
    "speedup_high",
    "efficiency",
    "cpu_median_s",
    "cpu_user_median_s",
    "cpu_system_median_s",
    "off_cpu_share",
    "failed_items",
    "verdict",
    "sentence",
    "switches_voluntary_median",
    "switches_involuntary_median",
    "faults_minor_median",
    "faults_major_median",
    "peak_pss_bytes",
    "private_bytes",
    "shared_bytes",
    "peak_rss_sum_bytes",
    "processes",
    "memory_ratio_to_baseline",
    "ready_share",
    "waiting_share",
    "task_p50_s",
    "task_p90_s",
    "task_p99_s",
    "task_max_s",
    "memory_runs",
    "noise_floor",
    "noise_floor_low",
    "noise_floor_high",
];

/// One row a contestant and case, after a row of names. Fields are quoted as in RFC 4180 where they must
/// be; lines end with a line feed.
///
/// Numbers are plain and have six significant digits; what is not known is empty. Columns:
///
/// - `scenario`, `case`, `contestant`, `model`, `workers`; `blocks`: its counted runs;
/// - `wall_median_s`, `wall_low_s`, `wall_high_s`: wall time and its 95 % bootstrap interval;
/// - `ratio_to_baseline`, `.._low`, `.._high`: wall time as a multiple of the baseline's (empty for the
///   baseline), with the interval; `ratio_level`: its exact level; `ratio_blocks`: its n; `p`, `p_holm`:
///   p-value of "both take the same time", alone and after Holm's correction over the scenario;
/// - `flagged_blocks`: blocks far from the others, separated by spaces; `ratio_without_flagged` and
///   its interval: the ratio without them;
/// - `speedup`, `speedup_low`, `speedup_high`: against the sequential contestant; `efficiency`: divided by
///   min(workers, effective cores);
/// - `cpu_median_s`, `cpu_user_median_s`, `cpu_system_median_s`: CPU time of the tree of processes;
///   `off_cpu_share`: 1 - CPU time / (wall time x workers), from 0 to 1;
/// - `waiting_share`: 1 - CPU time / (the time that workers were at tasks), from 0 to 1; `task_..`: how long single tasks took;
/// - `noise_floor`, `noise_floor_low`, `noise_floor_high`: in the row of a baseline, the wall time of its
///   second run as a multiple of that of its first;
/// - `failed_items`: the most that failed in a run;
/// - `verdict`: `baseline`, `faster`, `slower`, `equivalent`, `no-difference-shown`, `too-few-blocks`,
///   `not-measurable`, `no-shared-block`, `answer-differs` or `not-run`; `sentence`: the same in words;
/// - `switches_..`, `faults_..`: context switches and page faults of the tree; `peak_pss_bytes`: the greatest
///   sum of PSS over the tree, `private_bytes` and `shared_bytes` its parts, `peak_rss_sum_bytes` the sum of
///   RSS; `processes`: the most at once; `memory_runs`: how many runs the memory was seen in; `memory_ratio_to_baseline`: of the peak PSS; `ready_share`: of the time
///   in which threads ran or were ready to, the share without a processor.
pub fn csv(findings: &[ScenarioFindings]) -> String {
    let mut table = line(COLUMNS.map(str::to_owned));
    for scenario in findings {
        for case in &scenario.cases {
            table.extend(
                case.rows
                    .iter()
                    .map(|row| line(fields(scenario, case, row))),
            );
        }
    }
    table
}

fn fields(scenario: &ScenarioFindings, case: &CaseFindings, row: &Row) -> [String; COLUMNS.len()] {
    let [wall, wall_low, wall_high] = triple(row.wall_s.map(|wall| (wall.point, wall.interval)));
    let against = match &row.comparison {
        Comparison::Against(against) => Some(against),
        _ => None,
    };
    let judged = against.map(|against| against.judged);
    let ratio = judged.map(|judged| judged.ratio);
    let [to_baseline, low, high] = triple(ratio.map(|ratio| (ratio.point, ratio.interval)));
    let without = against.and_then(|against| against.without_flagged);
    let [without, without_low, without_high] =
        triple(without.map(|ratio| (ratio.point, ratio.interval)));
    let flagged = against.map(|against| {
        against
            .flagged
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
    });
    let speedup = row
        .speedup
        .map(|speedup| (speedup.ratio.point, speedup.ratio.interval));
    let [speedup, speedup_low, speedup_high] = triple(speedup);
    let floor = case
        .noise_of(row)
        .map(|noise| (noise.point, noise.interval));
    let [floor, floor_low, floor_high] = triple(floor);
    let task = |figure: fn(&LatencyMedians) -> f64| number(row.latency.as_ref().map(figure));
    [
        scenario.name.clone(),
        case.name.clone(),
        row.contestant.clone(),
        row.model.name().to_owned(),
        row.workers.to_string(),
        row.n.to_string(),
        wall,
        wall_low,
        wall_high,
        to_baseline,
        low,
        high,
        number(
            ratio
                .and_then(|ratio| ratio.interval)
                .map(|interval| interval.level),
        ),
        ratio.map(|ratio| ratio.n.to_string()).unwrap_or_default(),
        number(judged.map(|judged| judged.p)),
        number(judged.map(|judged| judged.p_holm)),
        flagged.unwrap_or_default().join(" "),
        without,
        without_low,
        without_high,
        speedup,
        speedup_low,
        speedup_high,
        number(row.speedup.and_then(|speedup| speedup.efficiency)),
        number(row.cpu.map(|cpu| cpu.total_s)),
        number(row.cpu.map(|cpu| cpu.user_s)),
        number(row.cpu.map(|cpu| cpu.system_s)),
        number(row.cpu.and_then(|cpu| cpu.off_share)),
        row.failed_items.to_string(),
        verdict(&row.comparison).to_owned(),
        sentence(scenario, row)
            .map(|(_, text)| text)
            .unwrap_or_default(),
        number(row.switches.map(|switches| switches.voluntary)),
        number(row.switches.map(|switches| switches.involuntary)),
        number(row.faults.map(|faults| faults.minor)),
        number(row.faults.map(|faults| faults.major)),
        whole(row.memory.map(|memory| memory.peak_pss_bytes)),
        whole(row.memory.map(|memory| memory.private_bytes)),
        whole(row.memory.map(|memory| memory.shared_bytes)),
        whole(row.memory.map(|memory| memory.peak_rss_sum_bytes)),
        whole(row.memory.map(|memory| u64::from(memory.processes))),
        number(row.memory_ratio),
        number(row.memory.and_then(|memory| memory.ready_share)),
        number(row.cpu.and_then(|cpu| cpu.waiting_share)),
        task(|latency| latency.p50_s),
        task(|latency| latency.p90_s),
        task(|latency| latency.p99_s),
        task(|latency| latency.max_s),
        whole(row.memory.map(|memory| memory.passes as u64)),
        floor,
        floor_low,
        floor_high,
    ]
}

pub(super) fn verdict(comparison: &Comparison) -> &'static str {
    match comparison {
        Comparison::Baseline => "baseline",
        Comparison::NotMeasurable { .. } => "not-measurable",
        Comparison::NoSharedBlock => "no-shared-block",
        Comparison::OtherAnswer => "answer-differs",
        Comparison::NotRun { .. } => "not-run",
        Comparison::Against(against) => match against.judged.verdict {
            Verdict::Faster { .. } => "faster",
            Verdict::Slower { .. } => "slower",
            Verdict::Equivalent { .. } => "equivalent",
            Verdict::NoDifferenceShown { .. } => "no-difference-shown",
            Verdict::TooFewBlocks { .. } => "too-few-blocks",
        },
    }
}

/// An estimate and the ends of its interval.
fn triple(estimate: Option<(f64, Option<Interval>)>) -> [String; 3] {
    let interval = estimate.and_then(|(_, interval)| interval);
    [
        number(estimate.map(|(point, _)| point)),
        number(interval.map(|interval| interval.low)),
        number(interval.map(|interval| interval.high)),
    ]
}

/// All digits; empty if there is none.
fn whole(value: Option<u64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Six significant digits, never an exponent; empty if there is none.
fn number(value: Option<f64>) -> String {
    let rounded = |value: f64| format!("{value:.5e}").parse().unwrap_or(value);
    value
        .map(|value| rounded(value).to_string())
        .unwrap_or_default()
}

fn line(fields: [String; COLUMNS.len()]) -> String {
    fields.map(|field| quoted(&field)).join(",") + "\n"
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
