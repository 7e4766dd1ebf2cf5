//! The figures of one contestant.

use crate::measure::samples::{ContestantPlan, Sample, ScenarioPlan};
use crate::record::{CpuTime, Model, RunRecord};
use crate::report::blocks::{Blocks, CaseRuns, paired, wall_s};
use crate::report::compare::Comparison;
use crate::stats::LEVEL;
use crate::stats::median::{MedianEstimate, bootstrap, median_of};
use crate::stats::ratio::{PairedTimes, RatioEstimate};
use crate::stats::verdict::Comparable;

/// One contestant in one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
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
    /// Wall time in seconds; `None` without a counted run, or if the answer was wrong.
    pub wall_s: Option<MedianEstimate>,
    /// CPU time; `None` where the system does not tell.
    pub cpu: Option<CpuMedians>,
    /// How much faster than the sequential contestant, if there is one.
    pub speedup: Option<Speedup>,
    /// How it stands to the baseline.
    pub comparison: Comparison,
    /// Whether any run was of a program built without optimisation.
    pub unoptimised: bool,
    /// The greatest number of items that failed in a run.
    pub failed_items: u64,
}

/// Medians over the runs of which the CPU time is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CpuMedians {
    /// User and system time of a run, in seconds.
    pub total_s: f64,
    /// User time, in seconds.
    pub user_s: f64,
    /// System time, in seconds.
    pub system_s: f64,
    /// The share of wall time x workers in which no CPU was used: 0 to 1. It holds every reason: waiting
    /// for a disk or an answer, having nothing to do, not being started yet or gone already, and being
    /// ready while there was no free core. A parent that works beside its workers lessens it; it is 0
    /// where they used more than wall time x workers.
    pub off_share: f64,
}

/// How much faster than the sequential contestant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speedup {
    /// The sequential time as a multiple of this contestant's, paired by block. Its interval is its own,
    /// uncorrected: no claim is made of it.
    pub ratio: RatioEstimate,
    /// Speed-up / min(workers, cores); `None` where the number of cores is unknown.
    pub efficiency: Option<f64>,
    /// Whether this is the sequential contestant itself, which has 1 by definition.
    pub is_base: bool,
}

/// The sequential contestant that speed-up is counted from: the one of that name, else the first.
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
    pub(super) cores: Option<u32>,
    pub(super) plan: &'a ScenarioPlan,
    pub(super) runs: &'a CaseRuns<'a>,
    /// Whether the sequential contestant gave the answer that was expected.
    pub(super) sequential_is_right: bool,
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
            contestant: contestant.name.clone(),
            model: contestant.model,
            workers: contestant.workers,
            label: label(self.plan, contestant),
            n: timed.len(),
            wall_s: bootstrap(&walls, LEVEL, self.seed),
            cpu: cpu_medians(&timed),
            speedup: self.speedup(contestant, &timed),
            comparison,
            unoptimised: records(&blocks).any(|record| record.unoptimised),
            failed_items: records(&blocks)
                .map(|record| record.outcome.failed)
                .max()
                .unwrap_or(0),
        }
    }

    fn speedup(&self, contestant: &ContestantPlan, timed: &Blocks) -> Option<Speedup> {
        let sequential = sequential(self.plan).filter(|_| self.sequential_is_right)?;
        let (_, pairs) = paired(&self.runs.of(sequential), timed);
        let ratio = PairedTimes::new(&pairs)?.estimate(LEVEL);
        let at_once = self.cores.map(|cores| cores.min(contestant.workers).max(1));
        let efficiency = at_once.map(|at_once| ratio.point / f64::from(at_once));
        Some(Speedup {
            ratio,
            efficiency,
            is_base: contestant == sequential,
        })
    }
}

fn records<'a>(blocks: &'a Blocks) -> impl Iterator<Item = &'a RunRecord> {
    blocks.values().filter_map(|run| run.record.as_ref())
}

fn cpu_medians(timed: &Blocks) -> Option<CpuMedians> {
    let runs: Vec<(&Sample, CpuTime)> = timed
        .values()
        .filter_map(|run| run.cpu.map(|cpu| (*run, cpu)))
        .collect();
    let median = |figure: fn(&Sample, CpuTime) -> f64| {
        median_of(runs.iter().map(|(run, cpu)| figure(run, *cpu)))
    };
    Some(CpuMedians {
        total_s: median(|_, cpu| cpu.total_ns() as f64 / 1e9)?,
        user_s: median(|_, cpu| cpu.user_ns as f64 / 1e9)?,
        system_s: median(|_, cpu| cpu.system_ns as f64 / 1e9)?,
        off_share: median(off_share)?,
    })
}

fn off_share(run: &Sample, cpu: CpuTime) -> f64 {
    let available = wall_s(run) * f64::from(run.workers.max(1));
    (1.0 - cpu.total_ns() as f64 / 1e9 / available).clamp(0.0, 1.0)
}
