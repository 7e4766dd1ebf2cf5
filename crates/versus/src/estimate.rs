//! How long a measurement will take, by what the last one took.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use harness::measure::environment::Environment;
use harness::measure::results::SAMPLES;
use harness::measure::samples::{self, InputMade, Samples};
use harness::say;

use crate::session::Session;

/// What a look at the cores takes, between any two blocks.
const CHECK_S: f64 = 0.065;

/// Says it on stderr.
pub(crate) fn announce(session: &Session<'_>) {
    let Some((time, by, elsewhere)) = estimate(session) else {
        say!("how long it takes is said after the first block of each case");
        return;
    };
    let inputs = if time.with_inputs {
        ""
    } else {
        " and what making the inputs takes"
    };
    let machine = if elsewhere {
        ", made on another machine"
    } else {
        ""
    };
    say!(
        "takes about {}{inputs} (by {by}{machine})",
        rounded(time.seconds)
    );
}

/// For people: whole seconds.
pub(crate) fn rounded(seconds: f64) -> String {
    let whole = Duration::from_secs(seconds.ceil().max(1.0) as u64);
    humantime::format_duration(whole).to_string()
}

/// How long a measurement will take.
struct Time {
    seconds: f64,
    /// Whether making the inputs is in it.
    with_inputs: bool,
}

/// The time, the results that it is made from, and whether those are of another machine. Nothing if no
/// results are of all cases.
fn estimate(session: &Session<'_>) -> Option<(Time, String, bool)> {
    let here = Environment::read(session.root);
    let folders = fs::read_dir(session.root.join("results")).ok()?;
    let mut all: Vec<(String, Samples)> = folders
        .flatten()
        .filter_map(|folder| {
            let samples = samples::read(&folder.path().join(SAMPLES)).ok()?;
            Some((format!("results/{}", folder.file_name().display()), samples))
        })
        .collect();
    let is_here = |samples: &Samples| {
        let there = &samples.header.environment;
        there.cpu == here.cpu && there.cores == here.cores
    };
    // Of this machine before others, then the newest.
    all.sort_by_key(|(_, samples)| (is_here(samples), samples.header.started_s));
    all.iter().rev().find_map(|(name, samples)| {
        Some((time(session, samples)?, name.clone(), !is_here(samples)))
    })
}

fn time(session: &Session<'_>, earlier: &Samples) -> Option<Time> {
    let mut walls: BTreeMap<(&str, &str, &str), Vec<f64>> = BTreeMap::new();
    for run in &earlier.samples {
        let of = (
            run.scenario.as_str(),
            run.case.as_str(),
            run.contestant.as_str(),
        );
        walls.entry(of).or_default().push(run.wall_ns as f64 / 1e9);
    }
    let (mut total, mut with_inputs) = (0.0, true);
    let times = f64::from(session.blocks + 1);
    for scenario in session.scenarios {
        let plan = session.plan(scenario);
        for case in &plan.cases {
            for one in &plan.contestants {
                let walls =
                    walls.get(&(plan.name.as_str(), case.name.as_str(), one.name.as_str()))?;
                let wall = walls.iter().sum::<f64>() / walls.len() as f64;
                let twice = if one.name == plan.baseline { 2.0 } else { 1.0 };
                total += wall * (times * twice + f64::from(session.memory_runs()));
            }
            total += CHECK_S * (times + 1.0);
            if scenario.input.is_some() {
                let is_its = |made: &&InputMade| {
                    (made.scenario.as_str(), made.case.as_str()) == (&plan.name, &case.name)
                };
                match earlier.inputs.iter().find(is_its) {
                    Some(made) => total += made.took_ns as f64 / 1e9,
                    None => with_inputs = false,
                }
            }
        }
    }
    Some(Time {
        seconds: total,
        with_inputs,
    })
}
