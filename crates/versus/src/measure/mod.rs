//! The loop over the plan: one run after another, never two at once.

mod needs;
mod outcomes;
mod so_far;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use harness::measure::machine::{Moment, effective_cores};
use harness::measure::plan::{self, Lineup, Slot};
use harness::measure::runner::{self, Entrant, Fault, RunError, Service, Turn};
use harness::measure::samples::{BlockState, CasePlan, Line, NotRun, Sample, Samples, Writer};
use harness::measure::scenario::Scenario;
use harness::say;

use crate::cargo::Executables;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::session::{Programs, Session};

use outcomes::Outcomes;

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
            self.block(block, slots, entrants, &mut outcomes, folder)?;
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

    /// Every entrant once, in the order of the slots, and the baselines twice.
    fn block(
        &mut self,
        block: u32,
        slots: Vec<Slot>,
        entrants: &[Entrant],
        outcomes: &mut Outcomes,
        folder: &Path,
    ) -> Result<(), Failure> {
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
        Ok(())
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
