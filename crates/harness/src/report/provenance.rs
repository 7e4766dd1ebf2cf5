//! Where figures come from: the method, the machine, the command.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use crate::measure::environment::Environment;
use crate::measure::samples::Header;
use crate::report::findings::{Comparison, ScenarioFindings};
use crate::report::numbers::{count, margin, memory};
use crate::stats::MARGIN;

/// One line: blocks, seed, cache, machine, day.
pub(super) fn short(header: &Header) -> String {
    let machine = short_machine(&header.environment);
    let machine = machine
        .map(|machine| format!("; {machine}"))
        .unwrap_or_default();
    let day = day(header);
    format!(
        "{} in shuffled order after one warm-up, seed {}, warm page cache{machine}; {day}",
        count(header.blocks as usize, "block"),
        header.seed
    )
}

pub(super) fn short_machine(machine: &Environment) -> Option<String> {
    let cores = machine.cores.map(|cores| count(cores as usize, "core"));
    let parts: Vec<String> = machine.cpu.clone().into_iter().chain(cores).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// On which day the measurement began: `2026-07-01`.
pub(super) fn day(header: &Header) -> String {
    let started = started(header);
    started.split('T').next().unwrap_or_default().to_owned()
}

/// When the measurement began: `2026-07-01T12:00:00Z`.
fn started(header: &Header) -> String {
    let time = UNIX_EPOCH
        .checked_add(Duration::from_secs(header.started_s))
        .unwrap_or(UNIX_EPOCH);
    // humantime refuses years beyond 9999 by an error of `Display`, which `to_string` would turn into
    // a panic.
    if header.started_s > LAST_SECOND {
        "unknown".to_owned()
    } else {
        humantime::format_rfc3339_seconds(time).to_string()
    }
}

/// The last second of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// What is known of the machine, as names and values.
pub(super) fn machine(machine: &Environment) -> Vec<(&'static str, String)> {
    let Environment {
        cpu,
        cores,
        memory_bytes,
        system,
        virtualisation,
        compiler,
        commit,
        ..
    } = machine;
    let facts = [
        ("CPU", cpu.clone()),
        ("cores usable", cores.map(|cores| cores.to_string())),
        ("memory", memory_bytes.map(memory)),
        ("system", system.clone()),
        ("virtualisation", virtualisation.clone()),
        ("compiler", compiler.clone()),
        ("commit", commit.clone()),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// How the figures came about and how to read them, a paragraph each.
pub(super) fn method(header: &Header, findings: &[ScenarioFindings]) -> Vec<String> {
    let mut method = vec![
        format!(
            "Measured by versus {}, begun {}, {}, seed {}. In each block every contestant runs once \
             as a fresh process, in shuffled order, and the baseline twice; one block before them warms up \
             and is not counted: warm page cache.",
            header.version,
            started(header),
            count(header.blocks as usize, "block"),
            header.seed
        ),
        "Wall time is from before the program is started until it has been waited for: the median of its \
         n runs, with a 95% percentile bootstrap interval."
            .to_owned(),
        format!(
            "Time vs the baseline is a ratio of wall times, paired by block (below 1: faster): the \
             Hodges-Lehmann estimate with the exact Wilcoxon signed-rank interval{}. \"1.8x slower\" means \
             1.8 times the wall time, \"1.8x faster\" that the other takes 1.8 times as long.",
            achieved(findings)
        ),
    ];
    method.extend(claims(header, findings));
    method.push(format!(
        "\"Equivalent within {0}\" is said only if the whole interval lies within 1/{1} to {1}. The noise \
         floor is the baseline against its own second run in the same blocks, and is not subtracted.",
        margin(MARGIN),
        1.0 + MARGIN
    ));
    method.push(
        "Speed-up is against the sequential contestant (of the same language, where there is one), paired by block; efficiency is speed-up / \
         min(workers, effective cores). CPU time is user and system time of the whole tree of processes, the median. \
         Off CPU is the share of wall time x workers in which no CPU was used, for whatever reason: waiting, \
         having no task, starting up, shutting down, or finding no free core; in brackets, the share of \
         the time at tasks without CPU, which is waiting alone. \"A task\" is from its begin to its end \
         as its worker saw it: medians over runs of the 50th and the 99th percentile."
            .to_owned(),
    );
    method
}

/// The levels that the intervals really have: order statistics come in steps.
fn achieved(findings: &[ScenarioFindings]) -> String {
    let rows = findings
        .iter()
        .flat_map(|scenario| &scenario.cases)
        .flat_map(|case| &case.rows);
    let estimates = rows.filter_map(|row| match &row.comparison {
        Comparison::Against(against) => Some(against.judged.ratio),
        _ => None,
    });
    let levels: BTreeMap<usize, String> = estimates
        .filter_map(|ratio| Some((ratio.n, format!("{:.1}%", ratio.interval?.level * 100.0))))
        .collect();
    let levels: Vec<String> = levels
        .into_iter()
        .map(|(n, level)| format!("{level} with {}", count(n, "block")))
        .collect();
    if levels.is_empty() {
        String::new()
    } else {
        format!(" (at least 95%; exactly {})", levels.join(", "))
    }
}

/// How many comparisons there were, and what was done about it.
fn claims(header: &Header, findings: &[ScenarioFindings]) -> Vec<String> {
    let several = findings.iter().filter(|scenario| scenario.comparisons > 1);
    let one = |scenario: &ScenarioFindings| {
        let few = scenario.comparisons > 3 && header.blocks < ADVISED_BLOCKS;
        let advice = format!(" For more than three, {ADVISED_BLOCKS} blocks are advised.");
        format!(
            "{}: {} with the baseline were judged together. Each interval is its own; a difference or an \
             equivalence is claimed only if it also stands after Holm's correction over all of them.{}",
            scenario.name,
            count(scenario.comparisons, "comparison"),
            if few { advice.as_str() } else { "" }
        )
    };
    several.map(one).collect()
}

/// How many blocks there should be where there are more than three comparisons.
const ADVISED_BLOCKS: u32 = 20;
