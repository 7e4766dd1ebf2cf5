//! One measurement: what will be run, how often, and where.

use std::path::Path;

use harness::measure::environment::Environment;
use harness::measure::plan;
use harness::measure::runner::{Entrant, Start};
use harness::measure::samples::{CasePlan, ContestantPlan, Header, SCHEMA, ScenarioPlan};
use harness::measure::scenario::{Contestant, Launch, Program, Scenario, Values};

use crate::cargo::Executables;
use crate::cli::RunOptions;
use harness::say;

/// One measurement.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) root: &'a Path,
    /// What is measured of each scenario.
    pub(crate) scenarios: &'a [Scenario],
    /// Counted blocks a case.
    pub(crate) blocks: u32,
    /// Workers of all contestants but the sequential ones.
    pub(crate) workers: u32,
    pub(crate) seed: u64,
    /// The command that does the same again.
    pub(crate) command: String,
}

impl Session<'_> {
    /// Every package that must be built, each once.
    pub(crate) fn packages(&self) -> Vec<&str> {
        let mut packages: Vec<_> = self.scenarios.iter().flat_map(Scenario::packages).collect();
        packages.sort_unstable();
        packages.dedup();
        packages
    }

    /// How many runs all cases take together.
    pub(crate) fn runs(&self) -> u64 {
        let of_scenario = |scenario: &Scenario| {
            scenario.cases.len() as u64 * plan::runs(scenario.contestants.len(), self.blocks)
        };
        self.scenarios.iter().map(of_scenario).sum()
    }

    /// Says on stderr what will be done.
    pub(crate) fn announce(&self, inputs: &Path, place: &Path) {
        for Scenario {
            name,
            question,
            cases,
            contestants,
            baseline,
            ..
        } in self.scenarios
        {
            say!("{name}: {question}");
            let cases = cases
                .iter()
                .map(|case| format!("{} ({})", case.name, case.title));
            say!("  cases        {}", cases.collect::<Vec<_>>().join(", "));
            let contestants = contestants.iter().map(|one| self.introduce(one, baseline));
            say!(
                "  contestants  {}",
                contestants.collect::<Vec<_>>().join(", ")
            );
        }
        let Self { blocks, seed, .. } = self;
        say!(
            "{} runs: {blocks} blocks a case, one more to warm up; seed {seed}",
            self.runs()
        );
        say!(
            "inputs are made in {} and removed at the end",
            inputs.display()
        );
        say!("results go to {}", place.display());
    }

    fn introduce(&self, contestant: &Contestant, baseline: &str) -> String {
        let workers = contestant.workers(self.workers);
        let plural = if workers == 1 { "" } else { "s" };
        let role = if contestant.name == baseline {
            ", baseline: twice a block"
        } else {
            ""
        };
        format!("{} ({workers} worker{plural}{role})", contestant.name)
    }

    /// The first line of the samples file.
    pub(crate) fn header(&self, environment: Environment, started_s: u64) -> Header {
        Header {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: self.command.clone(),
            started_s,
            seed: self.seed,
            blocks: self.blocks,
            scenarios: self
                .scenarios
                .iter()
                .map(|scenario| self.plan(scenario))
                .collect(),
            environment,
        }
    }

    fn plan(&self, scenario: &Scenario) -> ScenarioPlan {
        let contestants = scenario.contestants.iter();
        ScenarioPlan {
            name: scenario.name.clone(),
            question: scenario.question.clone(),
            cases: scenario.cases.clone(),
            contestants: contestants
                .map(|contestant| self.contestant_plan(contestant))
                .collect(),
            baseline: scenario.baseline.clone(),
        }
    }

    fn contestant_plan(&self, contestant: &Contestant) -> ContestantPlan {
        ContestantPlan {
            name: contestant.name.clone(),
            model: contestant.model,
            workers: contestant.workers(self.workers),
            command: None,
        }
    }

    /// The contestants of a case, ready to start.
    pub(crate) fn entrants(
        &self,
        scenario: &Scenario,
        case: &CasePlan,
        executables: &Executables,
    ) -> Vec<Entrant> {
        let ready = |contestant: &Contestant| {
            let plan = self.contestant_plan(contestant);
            Entrant {
                scenario: scenario.name.clone(),
                case: case.name.clone(),
                start: self.start(&contestant.launch, plan.workers, case, executables),
                plan,
            }
        };
        scenario.contestants.iter().map(ready).collect()
    }

    /// A program with its arguments filled in.
    pub(crate) fn start(
        &self,
        launch: &Launch,
        workers: u32,
        case: &CasePlan,
        executables: &Executables,
    ) -> Start {
        let values = Values {
            workers,
            case: &case.name,
            seed: self.seed,
            root: self.root,
        };
        Start {
            program: match &launch.program {
                Program::Command(command) => values.fill(command).into(),
                // Cargo was asked to build every one of them.
                Program::Package(package) => executables[package].clone(),
            },
            args: launch.args.iter().map(|arg| values.fill(arg)).collect(),
        }
    }
}

/// The command that measures the same again in the same order, whatever machine it is given on.
pub(crate) fn command_again(options: &RunOptions, workers: u32, seed: u64) -> String {
    let mut words = vec!["cargo versus run".to_owned()];
    words.extend(options.scenarios.iter().cloned());
    let blocks = options.counted_blocks();
    words.push(format!(
        "--blocks {blocks} --workers {workers} --seed {seed}"
    ));
    if !options.models.is_empty() {
        let models: Vec<_> = options.models.iter().map(|model| model.name()).collect();
        words.push(format!("--models {}", models.join(",")));
    }
    if !options.cases.is_empty() {
        words.push(format!("--cases {}", options.cases.join(",")));
    }
    if options.references {
        words.push("--references".to_owned());
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use harness::record::Model;

    use super::*;

    #[test]
    fn the_recorded_command_has_what_was_chosen_by_default_too() {
        assert_eq!(
            command_again(&RunOptions::default(), 2, 9),
            "cargo versus run --blocks 10 --workers 2 --seed 9"
        );
        let options = RunOptions {
            scenarios: vec!["hasher".to_owned()],
            full: true,
            models: vec![Model::Threads, Model::Async],
            cases: vec!["a".to_owned(), "b".to_owned()],
            references: true,
            ..RunOptions::default()
        };
        assert_eq!(
            command_again(&options, 2, 9),
            "cargo versus run hasher --blocks 20 --workers 2 --seed 9 --models threads,async \
             --cases a,b --references"
        );
    }
}
