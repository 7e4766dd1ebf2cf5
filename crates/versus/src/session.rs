//! One measurement: what will be run, how often, and where.

use std::path::Path;

use harness::measure::environment::Environment;
use harness::measure::plan;
use harness::measure::runner::{Entrant, Limit, Reply, Start};
use harness::measure::samples::{CasePlan, ContestantPlan, Header, SCHEMA, ScenarioPlan};
use harness::measure::scenario::{Contestant, Launch, Program, Scenario, Values};
use harness::record::Model;

use crate::cargo::Executables;
use crate::cli::{FULL_BLOCKS, RunOptions};
use crate::commands;
use crate::references::References;
use harness::say;

/// One measurement.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) root: &'a Path,
    /// What is measured of each scenario.
    pub(crate) scenarios: &'a [Scenario],
    /// Counted blocks a case.
    pub(crate) blocks: u32,
    /// Workers of all contestants but the sequential ones, where the scenario has no numbers of its own: each
    /// runs with each of these.
    pub(crate) workers: Vec<u32>,
    pub(crate) seed: u64,
    /// The command that does the same again.
    pub(crate) command: String,
    /// How long a run may take.
    pub(crate) limit: Limit,
    /// Whether all commands must print the same.
    pub(crate) check_output: bool,
    /// What programs that are not of the workspace find here.
    pub(crate) references: References,
}

impl Session<'_> {
    /// Every package that must be built, each once.
    pub(crate) fn packages(&self) -> Vec<&str> {
        let mut packages: Vec<_> = self.scenarios.iter().flat_map(Scenario::packages).collect();
        packages.sort_unstable();
        packages.dedup();
        packages
    }

    /// Whether the contestants are commands of the user, which run where the user is.
    pub(crate) fn is_of_commands(&self) -> bool {
        let mut contestants = self
            .scenarios
            .iter()
            .flat_map(|scenario| &scenario.contestants);
        contestants.any(|one| one.model == Model::Command)
    }

    /// How many runs all cases take together.
    pub(crate) fn runs(&self) -> u64 {
        let of_scenario = |scenario: &Scenario| {
            let plan = self.plan(scenario);
            let contestants = || {
                plan.contestants
                    .iter()
                    .filter(|one| self.can_run(scenario, &one.name))
            };
            let baselines = contestants().filter(|one| one.name == plan.baseline);
            let timed = plan::runs(contestants().count(), baselines.count(), self.blocks);
            let memory = contestants().count() as u64 * u64::from(self.memory_runs());
            plan.cases.len() as u64 * (timed + memory)
        };
        self.scenarios.iter().map(of_scenario).sum()
    }

    /// As far as that can be seen before it is started.
    pub(crate) fn can_run(&self, scenario: &Scenario, contestant: &str) -> bool {
        let why = self.references.why_missing(&scenario.name, contestant);
        why.is_none()
    }

    /// How many runs each contestant makes to have its memory looked at: a full measurement says how far
    /// they are apart.
    pub(crate) fn memory_runs(&self) -> u32 {
        if self.blocks >= FULL_BLOCKS { 3 } else { 1 }
    }

    /// How many blocks more a case may have, for those in which the machine was not what it should have been: in a
    /// full measurement as many again. What a block is left out for is the machine, and never a time that was measured,
    /// so this favours nobody.
    pub(crate) fn spare_blocks(&self) -> u32 {
        if self.blocks >= FULL_BLOCKS {
            self.blocks
        } else {
            0
        }
    }

    /// Says on stderr what will be done.
    pub(crate) fn announce(&self, inputs: &Path, place: &Path) {
        for scenario in self.scenarios {
            let Scenario {
                name,
                question,
                cases,
                contestants,
                ..
            } = scenario;
            say!("{name}: {question}");
            let cases = cases
                .iter()
                .map(|case| format!("{} ({})", case.name, case.title));
            say!("  cases        {}", cases.collect::<Vec<_>>().join(", "));
            let here = contestants
                .iter()
                .filter(|one| self.can_run(scenario, &one.name));
            let here = here.map(|one| self.introduce(scenario, one));
            say!("  contestants  {}", here.collect::<Vec<_>>().join(", "));
            for one in contestants {
                if let Some(reason) = self.references.why_missing(name, &one.name) {
                    say!("  not run      {}: {reason}", one.name);
                }
            }
        }
        if let Some(python) = self.references.python() {
            say!("{{python}} is {}, {}", python.version, python.lock);
        }
        let Self { blocks, seed, .. } = self;
        say!(
            "{} runs: {blocks} blocks a case, one more to warm up, and {} each to see its memory; seed {seed}",
            self.runs(),
            match self.memory_runs() {
                1 => "one run".to_owned(),
                several => format!("{several} runs"),
            }
        );
        if self
            .scenarios
            .iter()
            .any(|scenario| scenario.input.is_some())
        {
            say!(
                "inputs are made in {} and removed at the end",
                inputs.display()
            );
        }
        say!("results go to {}", place.display());
    }

    fn introduce(&self, scenario: &Scenario, contestant: &Contestant) -> String {
        let workers = self.worker_counts(scenario, contestant);
        let plural = if workers == [1] { "" } else { "s" };
        let workers: Vec<_> = workers.iter().map(u32::to_string).collect();
        let workers = workers.join(", ");
        let role = if contestant.name == scenario.baseline {
            ", baseline: twice a block"
        } else {
            ""
        };
        format!("{} ({workers} worker{plural}{role})", contestant.name)
    }

    fn worker_counts(&self, scenario: &Scenario, contestant: &Contestant) -> Vec<u32> {
        let Contestant { model, launch, .. } = contestant;
        let fixed = match model {
            Model::Sequential => true,
            Model::Command => !commands::varies(launch),
            _ => false,
        };
        match scenario.workers.as_slice() {
            _ if fixed => vec![1],
            [] => self.workers.clone(),
            own => own.to_vec(),
        }
    }

    /// The greatest number of workers that any contestant of the scenario has.
    pub(crate) fn most_workers(&self, scenario: &Scenario) -> u32 {
        let contestants = scenario.contestants.iter();
        let counts = contestants.flat_map(|one| self.worker_counts(scenario, one));
        counts.max().unwrap_or(1)
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
            check_output: self.check_output,
            scenarios: self
                .scenarios
                .iter()
                .map(|scenario| self.plan(scenario))
                .collect(),
            environment,
        }
    }

    /// What is measured of a scenario.
    pub(crate) fn plan(&self, scenario: &Scenario) -> ScenarioPlan {
        let contestants = scenario.contestants.iter();
        ScenarioPlan {
            name: scenario.name.clone(),
            question: scenario.question.clone(),
            article: scenario.article.clone(),
            cases: scenario.cases.clone(),
            contestants: contestants
                .flat_map(|one| self.contestant_plans(scenario, one))
                .collect(),
            baseline: scenario.baseline.clone(),
        }
    }

    fn contestant_plans(
        &self,
        scenario: &Scenario,
        contestant: &Contestant,
    ) -> Vec<ContestantPlan> {
        let plan = |workers| ContestantPlan {
            name: contestant.name.clone(),
            model: contestant.model,
            workers,
            command: (contestant.model == Model::Command)
                .then(|| commands::line_of(&contestant.launch)),
            own_checksum: contestant.own_checksum,
        };
        self.worker_counts(scenario, contestant)
            .into_iter()
            .map(plan)
            .collect()
    }

    /// The contestants of a case, ready to start, in the order of the plan.
    pub(crate) fn entrants(
        &self,
        scenario: &Scenario,
        case: &CasePlan,
        programs: &Programs<'_>,
    ) -> Vec<Entrant> {
        let ready = |contestant: &Contestant, plan: ContestantPlan| Entrant {
            scenario: scenario.name.clone(),
            case: case.name.clone(),
            failing: case.failing,
            reply: self.reply(plan.model),
            may_decline: contestant.reference,
            start: match plan.model {
                Model::Command => commands::start(&contestant.launch, plan.workers),
                _ => self.start(&contestant.launch, plan.workers, case, programs),
            },
            plan,
        };
        let mut entrants = Vec::new();
        for contestant in &scenario.contestants {
            let plans = self.contestant_plans(scenario, contestant).into_iter();
            entrants.extend(plans.map(|plan| ready(contestant, plan)));
        }
        entrants
    }

    fn reply(&self, model: Model) -> Reply {
        match model {
            Model::Command if self.check_output => Reply::Output,
            Model::Command => Reply::Nothing,
            _ => Reply::Record,
        }
    }

    /// A program with its arguments filled in.
    pub(crate) fn start(
        &self,
        launch: &Launch,
        workers: u32,
        case: &CasePlan,
        programs: &Programs<'_>,
    ) -> Start {
        let values = Values {
            workers,
            case: &case.name,
            seed: self.seed,
            service: programs.service,
            root: self.root,
            python: self.references.python_program(),
        };
        Start {
            program: match &launch.program {
                Program::Command(command) => values.fill(command).into(),
                // Cargo was asked to build every one of them.
                Program::Package(package) => programs.executables[package].clone(),
            },
            args: launch.args.iter().map(|arg| values.fill(arg)).collect(),
        }
    }
}

/// What is there before anything is started: programs, and one of them that runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Programs<'a> {
    pub(crate) executables: &'a Executables,
    /// Where the service of the scenario listens; empty where there is none.
    pub(crate) service: &'a str,
}

/// The command that measures the same again in the same order, whatever machine it is given on. Without workers
/// if none were asked for and a scenario has a number of its own.
pub(crate) fn command_again(
    options: &RunOptions,
    scenarios: &[Scenario],
    workers: &[u32],
    seed: u64,
    references: &References,
) -> String {
    let mut words = vec!["cargo versus run".to_owned()];
    words.extend(options.scenarios.iter().cloned());
    let blocks = options.counted_blocks();
    let workers = workers
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(",");
    words.push(format!("--blocks {blocks}"));
    if scenarios.iter().all(|scenario| scenario.workers.is_empty()) {
        words.push(format!("--workers {workers}"));
    }
    words.push(format!("--seed {seed}"));
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
    // Its version and not its path, which is another one elsewhere.
    if let Some(python) = references.python().filter(|_| options.python.is_some()) {
        words.push(format!("--python {}", python.short_version()));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_command_has_what_was_chosen_by_default_too() {
        assert_eq!(
            command_again(&RunOptions::default(), &[], &[2], 9, &References::default()),
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
            command_again(&options, &[], &[1, 2], 9, &References::default()),
            "cargo versus run hasher --blocks 20 --workers 1,2 --seed 9 --models threads,async \
             --cases a,b --references"
        );
    }
}
