//! The loop over the plan: one run after another, never two at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, anyhow};
use harness::measure::machine::{Moment, effective_cores};
use harness::measure::plan::{self, Lineup};
use harness::measure::runner::{self, Entrant, Fault, RunError, Service, Turn};
use harness::measure::samples::{
    BlockState, CasePlan, InputMade, Line, NotRun, Sample, Samples, Writer,
};
use harness::measure::scenario::Scenario;
use harness::report::{OutcomeMismatch, check_counts, check_outcome, is_marked};
use harness::say;

use crate::cargo::Executables;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::session::{Programs, Session};

/// A measurement under way.
pub(crate) struct Measurement<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) executables: &'a Executables,
    /// Where inputs are made.
    pub(crate) inputs: &'a Path,
    pub(crate) writer: Writer,
    /// What has been measured so far.
    pub(crate) samples: Samples,
    pub(crate) progress: Progress,
}

impl Measurement<'_> {
    /// Measures all cases of all scenarios.
    pub(crate) fn all(&mut self) -> Result<(), Failure> {
        for scenario in self.session.scenarios {
            for case in &scenario.cases {
                self.case(scenario, case)?;
            }
        }
        self.progress.finish();
        Ok(())
    }

    fn case(&mut self, scenario: &Scenario, case: &CasePlan) -> Result<(), Failure> {
        let programs = Programs {
            executables: self.executables,
            service: "",
        };
        self.leave_out_missing(scenario, case)?;
        let entrants = self.entrants(scenario, case, &programs);
        if self.is_done(&entrants) {
            return Ok(());
        }
        self.progress.case_begins(&scenario.name, &case.name);
        if self.session.is_of_commands() {
            // They belong where the user is.
            self.runs(scenario, &entrants, self.session.root)?;
        } else {
            let folder = self.inputs.join(format!("{}-{}", scenario.name, case.name));
            fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
            let service = self.service(scenario, case, &programs, &folder)?;
            let programs = Programs {
                service: service.as_ref().map_or("", Service::address),
                ..programs
            };
            self.make_input(scenario, case, &programs, &folder)?;
            let entrants = self.entrants(scenario, case, &programs);
            self.runs(scenario, &entrants, &folder)?;
            // While its folder is there.
            drop(service);
            // One input at a time: they may be large.
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        self.progress.case_ends();
        Ok(())
    }

    /// Writes down who cannot be started here.
    fn leave_out_missing(&mut self, scenario: &Scenario, case: &CasePlan) -> anyhow::Result<()> {
        for contestant in &scenario.contestants {
            let references = &self.session.references;
            let why = references.why_missing(&scenario.name, &contestant.name);
            let Some(reason) = why.map(str::to_owned) else {
                continue;
            };
            self.leave_out(NotRun {
                scenario: scenario.name.clone(),
                case: case.name.clone(),
                contestant: contestant.name.clone(),
                reason,
            })?;
        }
        Ok(())
    }

    fn leave_out(&mut self, one: NotRun) -> anyhow::Result<()> {
        if self.samples.not_run.contains(&one) {
            return Ok(());
        }
        self.write(&Line::NotRun(one.clone()))?;
        self.samples.not_run.push(one);
        Ok(())
    }

    /// Those that can run here, ready to start.
    fn entrants(
        &self,
        scenario: &Scenario,
        case: &CasePlan,
        programs: &Programs<'_>,
    ) -> Vec<Entrant> {
        let mut entrants = self.session.entrants(scenario, case, programs);
        entrants.retain(|one| !self.is_left_out(one));
        entrants
    }

    fn is_left_out(&self, entrant: &Entrant) -> bool {
        self.samples.not_run.iter().any(|one| {
            (&one.scenario, &one.case) == (&entrant.scenario, &entrant.case)
                && one.contestant == entrant.plan.name
        })
    }

    /// By an earlier measurement, which this one goes on with.
    fn is_done(&self, entrants: &[Entrant]) -> bool {
        entrants.iter().all(|one| self.has_all_memory(one))
            && (0..=self.session.blocks).all(|block| self.has_block(&entrants[0], block))
    }

    fn has_block(&self, entrant: &Entrant, block: u32) -> bool {
        self.samples.samples.iter().any(|run| {
            run.scenario == entrant.scenario && run.case == entrant.case && run.block == block
        })
    }

    fn has_all_memory(&self, entrant: &Entrant) -> bool {
        (0..self.session.memory_runs()).all(|pass| self.has_memory(entrant, pass))
    }

    fn has_memory(&self, entrant: &Entrant, pass: u32) -> bool {
        self.samples.memory.iter().any(|seen| {
            let (scenario, case) = (&entrant.scenario, &entrant.case);
            (&seen.scenario, &seen.case, seen.pass) == (scenario, case, pass)
                && (&seen.contestant, seen.workers) == (&entrant.plan.name, entrant.plan.workers)
        })
    }

    /// Starts what runs beside all contestants, if there is such a thing.
    fn service(
        &self,
        scenario: &Scenario,
        case: &CasePlan,
        programs: &Programs<'_>,
        folder: &Path,
    ) -> Result<Option<Service>, Failure> {
        interrupt::check()?;
        let Some(service) = &scenario.service else {
            return Ok(None);
        };
        let start = self.session.start(service, 1, case, programs);
        let what = format!("{}, case {}", scenario.name, case.name);
        let failed = |fault| anyhow!("{what}: the service {fault}");
        Ok(Some(Service::start(&start, folder).map_err(failed)?))
    }

    fn make_input(
        &mut self,
        scenario: &Scenario,
        case: &CasePlan,
        programs: &Programs<'_>,
        folder: &Path,
    ) -> Result<(), Failure> {
        interrupt::check()?;
        let Some(input) = &scenario.input else {
            return Ok(());
        };
        let limit = self.session.limit;
        let workers = self.session.most_workers(scenario);
        let start = self.session.start(input, workers, case, programs);
        let began = Instant::now();
        if let Err(fault) = runner::make_input(&start, folder, limit) {
            if interrupt::explains(&fault) {
                return Err(Failure::Interrupted);
            }
            let what = format!("{}, case {}", scenario.name, case.name);
            return Err(anyhow!("{what}: the program that makes the input {fault}").into());
        }
        // What was written goes to the disk now, and not while the contestants run. Where there is no
        // such program, the warm-up block gives the system time.
        let _ = Command::new("sync").status();
        self.write(&Line::Input(InputMade {
            scenario: scenario.name.clone(),
            case: case.name.clone(),
            took_ns: began.elapsed().as_nanos() as u64,
        }))?;
        Ok(())
    }

    fn runs(
        &mut self,
        scenario: &Scenario,
        entrants: &[Entrant],
        folder: &Path,
    ) -> Result<(), Failure> {
        let is_baseline = |entrant: &Entrant| entrant.plan.name == scenario.baseline;
        let baselines: Vec<_> = (0..entrants.len())
            .filter(|at| is_baseline(&entrants[*at]))
            .collect();
        let first = entrants.first().context("there are no contestants")?;
        let lineup = Lineup {
            scenario: &first.scenario,
            case: &first.case,
            contestants: entrants.len(),
            baselines: &baselines,
        };
        let mut outcomes = self.earlier_outcomes(first, scenario)?;
        let (planned, spare) = (self.session.blocks, self.session.spare_blocks());
        let blocks = plan::blocks(lineup, planned + spare, self.session.seed);
        let mut cores = effective_cores();
        let began = Instant::now();
        for (block, slots) in (0..).zip(blocks) {
            if self.has_block(first, block) {
                continue;
            }
            if block > planned && self.clean_blocks(first, entrants) >= planned as usize {
                break;
            }
            let moment = Moment::now();
            for (position, slot) in (0..).zip(slots) {
                let turn = Turn {
                    block,
                    position,
                    control: slot.control,
                };
                let entrant = &entrants[slot.contestant];
                if self.is_left_out(entrant) {
                    continue;
                }
                let Some(sample) = self.run(entrant, turn, folder)? else {
                    continue;
                };
                let checked = outcomes.add(&sample);
                self.samples.samples.push(sample);
                checked.map_err(anyhow::Error::from)?;
            }
            let after = moment.until_now();
            cores = self.machine(first, block, cores, &after)?;
            if block == 0 {
                self.progress
                    .warmed_up(began.elapsed(), self.session.blocks);
            }
        }
        for pass in 0..self.session.memory_runs() {
            for entrant in entrants {
                if !self.is_left_out(entrant) {
                    self.memory(entrant, pass, folder)?;
                }
            }
        }
        Ok(())
    }

    /// How many counted blocks of the case of `first` the machine was what it should have been in.
    fn clean_blocks(&self, first: &Entrant, entrants: &[Entrant]) -> usize {
        let most = entrants.iter().map(|one| one.plan.workers).max();
        let cores = self.samples.header.environment.cores;
        let needed = most.zip(cores).map(|(most, cores)| most.min(cores));
        let of_case = |state: &&BlockState| {
            state.scenario == first.scenario && state.case == first.case && state.block > 0
        };
        let states = self.samples.blocks.iter().filter(of_case);
        states.filter(|state| !is_marked(state, needed)).count()
    }

    fn earlier_outcomes(&self, entrant: &Entrant, scenario: &Scenario) -> anyhow::Result<Outcomes> {
        let mut outcomes = Outcomes::of(scenario);
        let of_case = |run: &&Sample| run.scenario == entrant.scenario && run.case == entrant.case;
        for run in self.samples.samples.iter().filter(of_case) {
            outcomes.add(run)?;
        }
        Ok(outcomes)
    }

    /// Nothing if the entrant says in its first run that it cannot do its job here.
    fn run(
        &mut self,
        entrant: &Entrant,
        turn: Turn,
        folder: &Path,
    ) -> Result<Option<Sample>, Failure> {
        interrupt::check()?;
        self.progress.run_begins(&entrant.plan.name, turn.block);
        let sample = match runner::run(entrant, turn, folder, self.session.limit) {
            Ok(sample) => sample,
            Err(error) => match *error.fault {
                Fault::NotHere { reason } if !self.has_run(entrant) => {
                    self.declined(entrant, reason)?;
                    return Ok(None);
                }
                _ => return Err(failure(error)),
            },
        };
        self.write(&Line::Sample(sample.clone()))?;
        self.progress.run_ends();
        Ok(Some(sample))
    }

    fn has_run(&self, entrant: &Entrant) -> bool {
        self.samples.samples.iter().any(|run| {
            (&run.scenario, &run.case) == (&entrant.scenario, &entrant.case)
                && run.contestant == entrant.plan.name
        })
    }

    fn declined(&mut self, entrant: &Entrant, reason: String) -> anyhow::Result<()> {
        let Session { blocks, .. } = self.session;
        let runs = u64::from(blocks + 1 + self.session.memory_runs());
        self.progress.runs_are_left_out(runs);
        let Entrant {
            scenario,
            case,
            plan,
            ..
        } = entrant;
        say!("{scenario} {case}: {} is not run: {reason}", plan.name);
        self.leave_out(NotRun {
            scenario: scenario.clone(),
            case: case.clone(),
            contestant: plan.name.clone(),
            reason,
        })
    }

    /// What the machine was like around a block. Returns what its cores are after it.
    fn machine(
        &mut self,
        entrant: &Entrant,
        block: u32,
        cores_before: Option<f64>,
        state: &BlockState,
    ) -> anyhow::Result<Option<f64>> {
        let cores_after = effective_cores();
        let state = BlockState {
            scenario: entrant.scenario.clone(),
            case: entrant.case.clone(),
            block,
            cores_before,
            cores_after,
            ..state.clone()
        };
        self.write(&Line::Block(state.clone()))?;
        self.samples.blocks.push(state);
        Ok(cores_after)
    }

    fn memory(&mut self, entrant: &Entrant, pass: u32, folder: &Path) -> Result<(), Failure> {
        interrupt::check()?;
        if self.has_memory(entrant, pass) {
            return Ok(());
        }
        self.progress.memory_run_begins(&entrant.plan.name);
        let seen = runner::memory(entrant, pass, folder, self.session.limit).map_err(failure)?;
        if let Some(seen) = seen {
            self.write(&Line::Memory(seen.clone()))?;
            self.samples.memory.push(seen);
        }
        self.progress.run_ends();
        Ok(())
    }

    fn write(&mut self, line: &Line) -> anyhow::Result<()> {
        self.writer
            .append(line)
            .context("cannot write samples.jsonl")
    }
}

fn failure(error: RunError) -> Failure {
    if interrupt::explains(&error.fault) {
        return Failure::Interrupted;
    }
    anyhow::Error::from(error).into()
}

/// Holds every run of a case to the same answer: that of the baseline's first run. Of a contestant whose results
/// are its own, the counts are held to it, and the rest to its own first run.
struct Outcomes {
    baseline: String,
    /// The contestants whose results are their own, with the first run of each.
    own: BTreeMap<String, Option<Sample>>,
    reference: Option<Sample>,
    /// Runs that came before it.
    early: Vec<Sample>,
}

impl Outcomes {
    fn of(scenario: &Scenario) -> Self {
        let contestants = scenario.contestants.iter();
        Self {
            baseline: scenario.baseline.clone(),
            own: contestants
                .filter(|one| one.own_checksum)
                .map(|one| (one.name.clone(), None))
                .collect(),
            reference: None,
            early: Vec::new(),
        }
    }

    fn add(&mut self, sample: &Sample) -> Result<(), OutcomeMismatch> {
        if let Some(own) = self.own.get_mut(&sample.contestant) {
            check_outcome(own.get_or_insert_with(|| sample.clone()), sample)?;
        }
        if let Some(reference) = &self.reference {
            return self.check(reference, sample);
        }
        if sample.contestant != self.baseline {
            self.early.push(sample.clone());
            return Ok(());
        }
        self.reference = Some(sample.clone());
        let early = std::mem::take(&mut self.early);
        early.iter().try_for_each(|early| self.check(sample, early))
    }

    fn check(&self, reference: &Sample, sample: &Sample) -> Result<(), OutcomeMismatch> {
        if self.own.contains_key(&sample.contestant) {
            check_counts(reference, sample)
        } else {
            check_outcome(reference, sample)
        }
    }
}
