//! The loop over the plan: one run after another, never two at once.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, anyhow};
use harness::measure::plan::{self, Lineup};
use harness::measure::runner::{self, Entrant, Turn};
use harness::measure::samples::{CasePlan, Line, Sample, Writer};
use harness::measure::scenario::Scenario;
use harness::report::{OutcomeMismatch, check_outcome};

use crate::cargo::Executables;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::session::Session;

/// A measurement under way.
pub(crate) struct Measurement<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) executables: &'a Executables,
    /// Where inputs are made.
    pub(crate) inputs: &'a Path,
    pub(crate) writer: Writer,
    /// What has been measured so far.
    pub(crate) samples: Vec<Sample>,
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
        self.progress.case_begins(&scenario.name, &case.name);
        let folder = self.inputs.join(format!("{}-{}", scenario.name, case.name));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        self.make_input(scenario, case, &folder)?;
        self.blocks(scenario, case, &folder)?;
        // One input at a time: they may be large.
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
        self.progress.case_ends();
        Ok(())
    }

    fn make_input(
        &self,
        scenario: &Scenario,
        case: &CasePlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        interrupt::check()?;
        let Some(input) = &scenario.input else {
            return Ok(());
        };
        let start = self
            .session
            .start(input, self.session.workers, case, self.executables);
        if let Err(fault) = runner::make_input(&start, folder) {
            if interrupt::explains(&fault) {
                return Err(Failure::Interrupted);
            }
            let what = format!("{}, case {}", scenario.name, case.name);
            return Err(anyhow!("{what}: the program that makes the input {fault}").into());
        }
        // What was written goes to the disk now, and not while the contestants run. Where there is no
        // such program, the warm-up block gives the system time.
        let _ = Command::new("sync").status();
        Ok(())
    }

    fn blocks(
        &mut self,
        scenario: &Scenario,
        case: &CasePlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        let entrants = self.session.entrants(scenario, case, self.executables);
        let baseline = entrants
            .iter()
            .position(|entrant| entrant.plan.name == scenario.baseline);
        let lineup = Lineup {
            scenario: &scenario.name,
            case: &case.name,
            contestants: entrants.len(),
            baseline: baseline.context("the baseline is none of the contestants")?,
        };
        let mut outcomes = Outcomes::default();
        for (block, slots) in
            (0..).zip(plan::blocks(lineup, self.session.blocks, self.session.seed))
        {
            for (position, slot) in (0..).zip(slots) {
                let turn = Turn {
                    block,
                    position,
                    control: slot.control,
                };
                let sample = self.run(&entrants[slot.contestant], turn, folder)?;
                let checked = outcomes.add(&sample, slot.contestant == lineup.baseline);
                self.samples.push(sample);
                checked.map_err(anyhow::Error::from)?;
            }
        }
        Ok(())
    }

    fn run(&mut self, entrant: &Entrant, turn: Turn, folder: &Path) -> Result<Sample, Failure> {
        interrupt::check()?;
        self.progress.run_begins(&entrant.plan.name, turn.block);
        let sample = match runner::run(entrant, turn, folder) {
            Ok(sample) => sample,
            Err(error) if interrupt::explains(&error.fault) => return Err(Failure::Interrupted),
            Err(error) => return Err(anyhow::Error::from(error).into()),
        };
        self.writer
            .append(&Line::Sample(sample.clone()))
            .context("cannot write samples.jsonl")?;
        self.progress.run_ends();
        Ok(sample)
    }
}

/// Holds every run of a case to the same answer: that of the baseline's first run.
#[derive(Default)]
struct Outcomes {
    reference: Option<Sample>,
    /// Runs that came before it.
    early: Vec<Sample>,
}

impl Outcomes {
    fn add(&mut self, sample: &Sample, is_baseline: bool) -> Result<(), OutcomeMismatch> {
        if let Some(reference) = &self.reference {
            return check_outcome(reference, sample);
        }
        if !is_baseline {
            self.early.push(sample.clone());
            return Ok(());
        }
        self.reference = Some(sample.clone());
        self.early
            .drain(..)
            .try_for_each(|early| check_outcome(sample, &early))
    }
}
