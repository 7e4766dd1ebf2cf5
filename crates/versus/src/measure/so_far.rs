//! What has been measured so far, by this measurement or by one that it goes on with.

use harness::measure::runner::Entrant;
use harness::measure::samples::{BlockState, Sample};
use harness::measure::scenario::Scenario;
use harness::report::is_marked;

use super::Measurement;
use super::outcomes::Outcomes;

impl Measurement<'_> {
    pub(super) fn is_left_out(&self, entrant: &Entrant) -> bool {
        self.samples.not_run.iter().any(|one| {
            (&one.scenario, &one.case) == (&entrant.scenario, &entrant.case)
                && one.contestant == entrant.plan.name
        })
    }

    /// All runs of a case are there.
    pub(super) fn is_done(&self, entrants: &[Entrant]) -> bool {
        entrants.iter().all(|one| self.has_all_memory(one))
            && (0..=self.session.blocks).all(|block| self.has_block(&entrants[0], block))
    }

    pub(super) fn has_block(&self, entrant: &Entrant, block: u32) -> bool {
        self.samples.samples.iter().any(|run| {
            run.scenario == entrant.scenario && run.case == entrant.case && run.block == block
        })
    }

    fn has_all_memory(&self, entrant: &Entrant) -> bool {
        (0..self.session.memory_runs()).all(|pass| self.has_memory(entrant, pass))
    }

    pub(super) fn has_memory(&self, entrant: &Entrant, pass: u32) -> bool {
        self.samples.memory.iter().any(|seen| {
            let (scenario, case) = (&entrant.scenario, &entrant.case);
            (&seen.scenario, &seen.case, seen.pass) == (scenario, case, pass)
                && (&seen.contestant, seen.workers) == (&entrant.plan.name, entrant.plan.workers)
        })
    }

    /// How many counted blocks of the case of `first` the machine was what it should have been in.
    pub(super) fn clean_blocks(&self, first: &Entrant, entrants: &[Entrant]) -> usize {
        let most = entrants.iter().map(|one| one.plan.workers).max();
        let cores = self.samples.header.environment.cores;
        let needed = most.zip(cores).map(|(most, cores)| most.min(cores));
        let of_case = |state: &&BlockState| {
            state.scenario == first.scenario && state.case == first.case && state.block > 0
        };
        let states = self.samples.blocks.iter().filter(of_case);
        states.filter(|state| !is_marked(state, needed)).count()
    }

    pub(super) fn earlier_outcomes(
        &self,
        entrant: &Entrant,
        scenario: &Scenario,
    ) -> anyhow::Result<Outcomes> {
        let mut outcomes = Outcomes::of(scenario);
        let of_case = |run: &&Sample| run.scenario == entrant.scenario && run.case == entrant.case;
        for run in self.samples.samples.iter().filter(of_case) {
            outcomes.add(run)?;
        }
        Ok(outcomes)
    }

    pub(super) fn has_run(&self, entrant: &Entrant) -> bool {
        self.samples.samples.iter().any(|run| {
            (&run.scenario, &run.case) == (&entrant.scenario, &entrant.case)
                && run.contestant == entrant.plan.name
        })
    }
}
