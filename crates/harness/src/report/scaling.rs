//! How contestants scale over workers.

use std::fmt::{self, Display, Formatter};

use crate::measure::samples::{ContestantPlan, ScenarioPlan};
use crate::record::Model;
use crate::report::blocks::{CaseRuns, wall_s};
use crate::report::row::{Row, label, sequential_for, waits_mostly};
use crate::stats::LEVEL;
use crate::stats::ratio::{PairedTimes, RatioEstimate};
use crate::stats::usl::{LEAST_POINTS, UslFit, fit_blocks};
use crate::stats::verdict::{Comparable, blocks_needed};

/// One contestant with several numbers of workers.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    /// Its name.
    pub contestant: String,
    /// Its model.
    pub model: Model,
    /// What speed-up counts from: the sequential contestant, or else this one with its fewest workers.
    pub base: String,
    /// Up to how many workers there are cores; `None` where that is unknown, or where the base waits for more than
    /// half of its time: then cores are no bound.
    pub cores: Option<u32>,
    /// One for each number of workers, ascending.
    pub points: Vec<ScalingPoint>,
    /// The Universal Scalability Law, where there is enough to fit it to.
    pub fit: Result<UslFit, NotFitted>,
}

/// One number of workers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalingPoint {
    /// How many workers.
    pub workers: u32,
    /// The base's time as a multiple of this one's, paired by block.
    pub speedup: RatioEstimate,
    /// The ideal line: workers for workers, as far as there are cores.
    pub ideal: f64,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFitted {
    /// It is not known how many workers have a core.
    CoresUnknown,
    /// The work waits, and needs no core for it: the law is of those who compete for cores.
    Waits,
    /// Even with every number of workers up to the cores there would be too few points.
    Cores(u32),
    /// So many points, up to the cores, are too few.
    Points(usize),
    /// So many blocks, that hold the base and every number of workers, are too few.
    Blocks(usize),
}

impl Display for NotFitted {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::CoresUnknown => out.write_str("not fitted: the number of cores is unknown"),
            Self::Waits => out.write_str("not fitted: most of the work is waiting"),
            Self::Cores(1) => out.write_str("not fitted: 1 core"),
            Self::Cores(cores) => write!(out, "not fitted: {cores} cores"),
            Self::Points(points) => write!(
                out,
                "not fitted: {points} numbers of workers that have cores, {LEAST_POINTS} needed"
            ),
            Self::Blocks(blocks) => write!(
                out,
                "not fitted: {blocks} whole blocks, {} needed",
                blocks_needed(1)
            ),
        }
    }
}

/// What scaling is found from.
pub(super) struct Ground<'a> {
    pub(super) plan: &'a ScenarioPlan,
    pub(super) runs: &'a CaseRuns<'a>,
    pub(super) cores: Option<u32>,
    pub(super) seed: u64,
}

impl Ground<'_> {
    /// Every contestant that has several numbers of workers and gave the right answer with each.
    pub(super) fn scaling(&self, rows: &[Row]) -> Vec<Scaling> {
        let mut names: Vec<&str> = Vec::new();
        for contestant in &self.plan.contestants {
            if !names.contains(&contestant.name.as_str()) {
                names.push(&contestant.name);
            }
        }
        let right = |name: &&&str| rows.iter().all(|row| row.contestant != **name || row.n > 0);
        names
            .iter()
            .filter(right)
            .filter_map(|name| self.of(name))
            .collect()
    }

    fn of(&self, name: &str) -> Option<Scaling> {
        let plan = self.plan.contestants.iter();
        let mut series: Vec<&ContestantPlan> = plan.filter(|one| one.name == name).collect();
        series.sort_by_key(|one| one.workers);
        let [first, _, ..] = series[..] else {
            return None;
        };
        let base = sequential_for(self.plan, first).unwrap_or(first);
        let waits = waits_mostly(self.runs, base);
        let cores = self.cores.filter(|_| !waits);
        let points: Vec<_> = series
            .iter()
            .filter_map(|one| self.point(base, one, cores))
            .collect();
        Some(Scaling {
            contestant: name.to_owned(),
            model: first.model,
            base: label(self.plan, base),
            cores,
            points,
            fit: if waits {
                Err(NotFitted::Waits)
            } else {
                self.fit(base, &series)
            },
        })
    }

    fn point(
        &self,
        base: &ContestantPlan,
        one: &ContestantPlan,
        cores: Option<u32>,
    ) -> Option<ScalingPoint> {
        let times = self.blocks(base, &[one]);
        let pairs: Vec<_> = times.iter().map(|(base, own)| (*base, own[0])).collect();
        let within = cores.map_or(one.workers, |cores| cores.min(one.workers));
        Some(ScalingPoint {
            workers: one.workers,
            speedup: PairedTimes::new(&pairs)?.estimate(LEVEL),
            ideal: f64::from(within),
        })
    }

    fn fit(&self, base: &ContestantPlan, series: &[&ContestantPlan]) -> Result<UslFit, NotFitted> {
        let cores = self.cores.ok_or(NotFitted::CoresUnknown)?;
        if (cores as usize) < LEAST_POINTS {
            return Err(NotFitted::Cores(cores));
        }
        let with_cores: Vec<_> = series
            .iter()
            .filter(|one| one.workers <= cores)
            .copied()
            .collect();
        if with_cores.len() < LEAST_POINTS {
            return Err(NotFitted::Points(with_cores.len()));
        }
        let blocks = self.blocks(base, &with_cores);
        let workers: Vec<u32> = with_cores.iter().map(|one| one.workers).collect();
        fit_blocks(&workers, &blocks, LEVEL, self.seed).ok_or(NotFitted::Blocks(blocks.len()))
    }

    /// The base's time and those of the others, in the blocks that hold them all.
    fn blocks(&self, base: &ContestantPlan, others: &[&ContestantPlan]) -> Vec<(f64, Vec<f64>)> {
        let others: Vec<_> = others.iter().map(|one| self.runs.of(one)).collect();
        let block = |(block, base): (&u32, &&_)| {
            let times: Option<Vec<f64>> = others
                .iter()
                .map(|runs| runs.get(block).map(|run| wall_s(run)))
                .collect();
            Some((wall_s(base), times?))
        };
        self.runs.of(base).iter().filter_map(block).collect()
    }
}
