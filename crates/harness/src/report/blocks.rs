//! The runs of one case, by contestant and block.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::samples::{ContestantPlan, NotRun, Sample, ScenarioPlan};
use crate::report::outcome::{OutcomeMismatch, check_counts, check_outcome};

/// Whose runs: name, workers, and whether they are control runs.
type Who<'a> = (&'a str, u32, bool);

/// The runs of one case.
pub(super) struct CaseRuns<'a> {
    runs: BTreeMap<Who<'a>, BTreeMap<u32, &'a Sample>>,
    /// Blocks in which the machine was not what it should have been.
    marked: BTreeSet<u32>,
    /// By contestant, why it did not run.
    not_run: BTreeMap<&'a str, &'a str>,
}

/// The counted runs of one contestant, by block.
pub(super) type Blocks<'a> = BTreeMap<u32, &'a Sample>;

impl<'a> CaseRuns<'a> {
    pub(super) fn new(
        samples: impl Iterator<Item = &'a Sample>,
        not_run: impl Iterator<Item = &'a NotRun>,
        marked: BTreeSet<u32>,
    ) -> Self {
        let mut runs: BTreeMap<Who, Blocks> = BTreeMap::new();
        for sample in samples {
            let who = (sample.contestant.as_str(), sample.workers, sample.control);
            runs.entry(who).or_default().insert(sample.block, sample);
        }
        Self {
            runs,
            marked,
            not_run: not_run
                .map(|one| (one.contestant.as_str(), one.reason.as_str()))
                .collect(),
        }
    }

    /// Why a contestant did not run, if it did not.
    pub(super) fn why_not_run(&self, contestant: &ContestantPlan) -> Option<&'a str> {
        self.not_run.get(contestant.name.as_str()).copied()
    }

    /// The runs of a contestant in all blocks after the warm-up, the marked ones included.
    fn all_of(&self, contestant: &ContestantPlan) -> Blocks<'a> {
        self.after_warm_up((contestant.name.as_str(), contestant.workers, false))
    }

    /// The counted runs of a contestant, so without the warm-up and without marked blocks.
    pub(super) fn of(&self, contestant: &ContestantPlan) -> Blocks<'a> {
        self.counted(contestant, false)
    }

    /// The counted second runs of a baseline.
    pub(super) fn control_of(&self, contestant: &ContestantPlan) -> Blocks<'a> {
        self.counted(contestant, true)
    }

    fn counted(&self, contestant: &ContestantPlan, control: bool) -> Blocks<'a> {
        let who = (contestant.name.as_str(), contestant.workers, control);
        let mut runs = self.after_warm_up(who);
        runs.retain(|block, _| !self.marked.contains(block));
        runs
    }

    fn after_warm_up(&self, who: Who<'_>) -> Blocks<'a> {
        let runs = self.runs.get(&who).into_iter().flatten();
        runs.filter(|(block, _)| **block > 0)
            .map(|(block, sample)| (*block, *sample))
            .collect()
    }

    /// Which blocks after the warm-up hold a run of every contestant that can run here, the marked ones included.
    pub(super) fn complete(&self, plan: &ScenarioPlan) -> BTreeSet<u32> {
        let blocks = |contestant| {
            self.all_of(contestant)
                .into_keys()
                .collect::<BTreeSet<u32>>()
        };
        let able = |contestant: &&ContestantPlan| self.why_not_run(contestant).is_none();
        let everyone = plan.contestants.iter().filter(able).map(blocks);
        everyone.reduce(|all, one| &all & &one).unwrap_or_default()
    }

    /// Every run, warm-up and control included, that answered otherwise than the baseline did in its
    /// first block, in the order of the blocks. One whose results are its own has to agree in what it counted, and
    /// with the first of its own contestant.
    pub(super) fn mismatches(&self, plan: &ScenarioPlan) -> Vec<OutcomeMismatch> {
        let baseline = self.runs.iter().filter(|(who, _)| who.0 == plan.baseline);
        let first = baseline
            .filter_map(|(_, runs)| runs.values().next())
            .min_by_key(|run| (run.block, run.control));
        let Some(first) = first else {
            return Vec::new();
        };
        let is_own = |name: &str| {
            let mut contestants = plan.contestants.iter();
            contestants.any(|one| one.name == name && one.own_checksum)
        };
        let mut wrong = Vec::new();
        for (who, runs) in &self.runs {
            let own = runs.values().next().filter(|_| is_own(who.0));
            wrong.extend(runs.values().filter_map(|run| {
                match own {
                    Some(own) => check_counts(first, run)
                        .and_then(|()| check_outcome(own, run))
                        .err(),
                    None => check_outcome(first, run).err(),
                }
            }));
        }
        wrong.sort_by_key(|mismatch| mismatch.found.block);
        wrong
    }
}

/// The wall times of both sides, in seconds, in the blocks that hold both; with the blocks' numbers.
pub(super) fn paired(a: &Blocks, b: &Blocks) -> (Vec<u32>, Vec<(f64, f64)>) {
    let both = |(block, sample): (&u32, &&Sample)| {
        b.get(block)
            .map(|other| (*block, (wall_s(sample), wall_s(other))))
    };
    a.iter().filter_map(both).unzip()
}

/// The wall time of a run in seconds.
pub(super) fn wall_s(sample: &Sample) -> f64 {
    sample.wall_ns as f64 / 1e9
}
