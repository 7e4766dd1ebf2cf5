//! How long a measurement will take, by what the last one took.

use std::cmp::Reverse;
use std::fs;
use std::time::Duration;

use harness::measure::environment::Environment;
use harness::measure::results::SAMPLES;
use harness::measure::samples::{self, ContestantPlan, InputMade, Sample, Samples, ScenarioPlan};
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

/// The time, the results that it is made from, and whether any of those are of another machine. Nothing if there
/// is a contestant of which no results are.
fn estimate(session: &Session<'_>) -> Option<(Time, String, bool)> {
    let earlier = earlier(session);
    let (mut seconds, mut with_inputs, mut elsewhere) = (0.0, true, false);
    let mut by: Vec<&str> = Vec::new();
    for scenario in session.scenarios {
        let plan = session.plan(scenario);
        for case in &plan.cases {
            // The best that has all of the case.
            let found = earlier.iter().find_map(|one| {
                let walls = one.case_s(session, &plan, &case.name)?;
                Some((one, walls))
            });
            let (one, walls_s) = found?;
            seconds += walls_s + CHECK_S * f64::from(session.blocks + 2);
            if scenario.input.is_some() {
                let made_s = one.input_s(&plan.name, &case.name);
                with_inputs &= made_s.is_some();
                seconds += made_s.unwrap_or(0.0);
            }
            elsewhere |= !one.is_here;
            if !by.contains(&one.name.as_str()) {
                by.push(&one.name);
            }
        }
    }
    let time = Time {
        seconds,
        with_inputs,
    };
    Some((time, by.join(", "), elsewhere))
}

/// Results that are there.
struct Earlier {
    /// Their folder.
    name: String,
    samples: Samples,
    /// Whether they are of this machine.
    is_here: bool,
}

/// Of this machine before others, then the newest first. Results that cannot be read are none.
fn earlier(session: &Session<'_>) -> Vec<Earlier> {
    let here = Environment::read(session.root);
    let folders = fs::read_dir(session.root.join("results"));
    let mut all: Vec<Earlier> = folders
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|folder| {
            let samples = samples::read(&folder.path().join(SAMPLES)).ok()?;
            let there = &samples.header.environment;
            Some(Earlier {
                name: format!("results/{}", folder.file_name().display()),
                is_here: there.cpu == here.cpu && there.cores == here.cores,
                samples,
            })
        })
        .collect();
    all.sort_by_key(|one| Reverse((one.is_here, one.samples.header.started_s)));
    all
}

impl Earlier {
    /// Seconds for all runs of a case; nothing if a contestant did not run here.
    fn case_s(&self, session: &Session<'_>, plan: &ScenarioPlan, case: &str) -> Option<f64> {
        let blocks = f64::from(session.blocks + 1);
        let memory = f64::from(session.memory_runs());
        let runs_s = |one: &ContestantPlan| {
            let twice = if one.name == plan.baseline { 2.0 } else { 1.0 };
            Some(self.wall_s(&plan.name, case, one)? * (blocks * twice + memory))
        };
        let here = |one: &&ContestantPlan| {
            let references = &session.references;
            references.why_missing(&plan.name, &one.name).is_none()
        };
        plan.contestants.iter().filter(here).map(runs_s).sum()
    }

    /// The mean of the same program with as many workers.
    fn wall_s(&self, scenario: &str, case: &str, one: &ContestantPlan) -> Option<f64> {
        let mut plans = self.samples.header.scenarios.iter();
        let plan = plans.find(|plan| plan.name == scenario)?;
        let mut contestants = plan.contestants.iter();
        contestants.find(|other| {
            (&other.name, other.workers, &other.command) == (&one.name, one.workers, &one.command)
        })?;
        let is_its = |run: &&Sample| {
            (run.scenario.as_str(), run.case.as_str()) == (scenario, case)
                && (&run.contestant, run.workers) == (&one.name, one.workers)
        };
        let runs: Vec<_> = self.samples.samples.iter().filter(is_its).collect();
        let sum_ns: f64 = runs.iter().map(|run| run.wall_ns as f64).sum();
        (!runs.is_empty()).then(|| sum_ns / 1e9 / runs.len() as f64)
    }

    fn input_s(&self, scenario: &str, case: &str) -> Option<f64> {
        let is_its =
            |made: &&InputMade| (made.scenario.as_str(), made.case.as_str()) == (scenario, case);
        let made = self.samples.inputs.iter().find(is_its)?;
        Some(made.took_ns as f64 / 1e9)
    }
}
