//! The figures of one contestant.

use crate::measure::samples::{ContestantPlan, MemorySample, ScenarioPlan};
use crate::record::{Model, RunRecord};
use crate::report::blocks::{Blocks, CaseRuns, paired, wall_s};
use crate::report::compare::{Comparison, baseline_for};
use crate::report::medians::{CpuMedians, FaultMedians, LatencyMedians, SwitchMedians};
use crate::report::memory::{Memory, memory};
use crate::report::outcome::OutcomeMismatch;
use crate::stats::LEVEL;
use crate::stats::median::{MedianEstimate, bootstrap};
use crate::stats::ratio::{PairedTimes, RatioEstimate};
use crate::stats::verdict::Comparable;

/// One contestant in one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whether what it makes is its own, so that only its counts are the baseline's.
    pub own_checksum: bool,
    /// Its name.
    pub contestant: String,
    /// Its model.
    pub model: Model,
    /// How many workers it had.
    pub workers: u32,
    /// What it is called in sentences: its name, with the workers where the plan has it with several
    /// numbers of them.
    pub label: String,
    /// How many runs are counted.
    pub n: usize,
    /// The counted runs: block, and wall time in seconds.
    pub runs: Vec<(u32, f64)>,
    /// Wall time in seconds; `None` without a counted run, or if the answer was wrong.
    pub wall_s: Option<MedianEstimate>,
    /// CPU time; `None` where the system does not tell.
    pub cpu: Option<CpuMedians>,
    /// How long single tasks took; `None` where the program does not tell.
    pub latency: Option<LatencyMedians>,
    /// Context switches; `None` where the system does not tell.
    pub switches: Option<SwitchMedians>,
    /// Page faults; `None` where the system does not tell.
    pub faults: Option<FaultMedians>,
    /// Memory; `None` if nobody looked.
    pub memory: Option<Memory>,
    /// The peak PSS as a multiple of the baseline's, where both are known. From single runs, so without
    /// an interval.
    pub memory_ratio: Option<f64>,
    /// Whether it needs another amount of memory than the baseline beyond what chance would do.
    pub memory_apart: bool,
    /// How much faster than the sequential contestant, if there is one.
    pub speedup: Option<Speedup>,
    /// How it stands to the baseline.
    pub comparison: Comparison,
    /// Whether any run was of a program built without optimisation.
    pub unoptimised: bool,
    /// The greatest number of items that failed in a run.
    pub failed_items: u64,
    /// The sequential contestant that its speed-up is against, where that is not the scenario's: a program in
    /// another language is held to its like.
    pub own_base: Option<String>,
    /// What ran, in the program's own words, where it is not of this workspace: `hashlib, Python 3.11.7, GIL on`.
    pub means: Option<String>,
}

/// How much faster than the sequential contestant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speedup {
    /// The sequential time as a multiple of this contestant's, paired by block. Its interval is its own,
    /// uncorrected: no claim is made of it.
    pub ratio: RatioEstimate,
    /// Speed-up / min(workers, effective cores); `None` where the number of cores is unknown, and where the
    /// sequential contestant waits for more than half of its time: whoever waits needs no core for it.
    pub efficiency: Option<f64>,
    /// Whether this is the sequential contestant itself, which has 1 by definition.
    pub is_base: bool,
}

/// The sequential contestant that the speed-up of `contestant` is counted from: `python-sequential` for
/// `python-threads`, where there is one, and else the scenario's.
pub(super) fn sequential_for<'a>(
    plan: &'a ScenarioPlan,
    contestant: &ContestantPlan,
) -> Option<&'a ContestantPlan> {
    let (family, _) = contestant
        .name
        .split_once('-')
        .unwrap_or((&contestant.name, ""));
    let name = format!("{family}-{}", Model::Sequential.name());
    let mut all = plan.contestants.iter();
    all.find(|one| one.model == Model::Sequential && one.name == name)
        .or_else(|| sequential(plan))
}

/// The scenario's sequential contestant: the one of that name, else the first.
pub(super) fn sequential(plan: &ScenarioPlan) -> Option<&ContestantPlan> {
    let mut all = plan
        .contestants
        .iter()
        .filter(|one| one.model == Model::Sequential);
    let first = all.clone().next();
    all.find(|one| one.name == Model::Sequential.name())
        .or(first)
}

/// What a contestant is called in sentences.
pub(super) fn label(plan: &ScenarioPlan, contestant: &ContestantPlan) -> String {
    let ContestantPlan { name, workers, .. } = contestant;
    let several = plan
        .contestants
        .iter()
        .filter(|other| other.name == *name)
        .count()
        > 1;
    if several {
        format!("{name} ({workers})")
    } else {
        name.clone()
    }
}

/// What rows are made from.
pub(super) struct Basis<'a> {
    /// The seed of the bootstrap.
    pub(super) seed: u64,
    /// Effective cores, or else the processors that there should be.
    pub(super) cores: Option<f64>,
    pub(super) memory: &'a [&'a MemorySample],
    pub(super) plan: &'a ScenarioPlan,
    pub(super) runs: &'a CaseRuns<'a>,
    /// Whether the machine was what it should have been.
    pub(super) is_measurable: bool,
    /// Runs with another answer than the one expected: whoever made them is the base of no speed-up.
    pub(super) wrong: &'a [OutcomeMismatch],
    /// Of the programs of the workspace.
    pub(super) version: &'a str,
}

impl Basis<'_> {
    /// The row of one contestant; without times where the answer was not the baseline's.
    pub(super) fn row(&self, contestant: &ContestantPlan, comparison: Comparison) -> Row {
        let blocks = self.runs.of(contestant);
        let timed = if comparison == Comparison::OtherAnswer {
            Blocks::new()
        } else {
            blocks.clone()
        };
        let walls: Vec<f64> = timed.values().map(|run| wall_s(run)).collect();
        Row {
            own_checksum: contestant.own_checksum,
            contestant: contestant.name.clone(),
            model: contestant.model,
            workers: contestant.workers,
            label: label(self.plan, contestant),
            n: timed.len(),
            runs: timed
                .iter()
                .map(|(block, run)| (*block, wall_s(run)))
                .collect(),
            wall_s: bootstrap(&walls, LEVEL, self.seed),
            cpu: CpuMedians::of(&timed, contestant.has_known_workers()),
            latency: LatencyMedians::of(&timed),
            switches: SwitchMedians::of(&timed),
            faults: FaultMedians::of(&timed),
            memory: memory(self.memory, contestant),
            memory_ratio: self
                .both_memories(contestant)
                .and_then(|(own, base)| own.ratio_to(&base)),
            memory_apart: self
                .both_memories(contestant)
                .is_some_and(|(own, base)| own.is_apart_from(&base)),
            speedup: self.speedup(contestant, &timed),
            comparison,
            unoptimised: records(&blocks).any(|record| record.unoptimised),
            failed_items: records(&blocks)
                .map(|record| record.outcome.failed)
                .max()
                .unwrap_or(0),
            own_base: sequential_for(self.plan, contestant)
                .filter(|own| Some(*own) != sequential(self.plan) && *own != contestant)
                .map(|own| own.name.clone()),
            means: records(&blocks)
                .next()
                .map(|record| record.version.clone())
                .filter(|means| means != self.version),
        }
    }

    /// Its own and the baseline's, where that is another one.
    fn both_memories(&self, contestant: &ContestantPlan) -> Option<(Memory, Memory)> {
        let baseline = baseline_for(self.plan, contestant).filter(|base| *base != contestant)?;
        memory(self.memory, contestant).zip(memory(self.memory, baseline))
    }

    fn speedup(&self, contestant: &ContestantPlan, timed: &Blocks) -> Option<Speedup> {
        let is_wrong = |name: &String| self.wrong.iter().any(|run| run.found.contestant == *name);
        let sequential = sequential_for(self.plan, contestant)
            .filter(|base| self.is_measurable && !is_wrong(&base.name))?;
        let (_, pairs) = paired(&self.runs.of(sequential), timed);
        let ratio = PairedTimes::new(&pairs)?.estimate(LEVEL);
        let workers = f64::from(contestant.workers);
        let at_once = self
            .cores
            .filter(|_| !waits_mostly(self.runs, sequential))
            .map(|cores| cores.min(workers).max(1.0));
        let efficiency = at_once.map(|at_once| ratio.point / at_once);
        Some(Speedup {
            ratio,
            efficiency,
            is_base: contestant == sequential,
        })
    }
}

/// Whether a contestant waits for more than half of its time: whoever waits needs no core for it.
pub(super) fn waits_mostly(runs: &CaseRuns, contestant: &ContestantPlan) -> bool {
    let cpu = CpuMedians::of(&runs.of(contestant), true);
    cpu.and_then(|cpu| cpu.off_share)
        .is_some_and(|share| share > 0.5)
}

fn records<'a>(blocks: &'a Blocks) -> impl Iterator<Item = &'a RunRecord> {
    blocks.values().filter_map(|run| run.record.as_ref())
}
