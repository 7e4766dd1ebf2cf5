//! What a measurement found: figures and verdicts, before any text is made of them.

use crate::measure::samples::{
    Article, CasePlan, MemorySample, NotRun, Sample, Samples, ScenarioPlan,
};
use crate::report::blocks::CaseRuns;
use crate::report::compare::{self, Pending};
pub use crate::report::compare::{Against, Comparison, Noise};
use crate::report::fit;
pub use crate::report::fit::ReportError;
pub use crate::report::machine::{CaseMachine, MarkedBlock, Reason};
pub use crate::report::medians::{CpuMedians, FaultMedians, LatencyMedians, SwitchMedians};
pub use crate::report::memory::Memory;
use crate::report::outcome::OutcomeMismatch;
use crate::report::row::{self, Basis};
pub use crate::report::row::{Row, Speedup};
use crate::report::scaling::Ground;
pub use crate::report::scaling::{NotFitted, Scaling, ScalingPoint};
use crate::stats::MARGIN;
use crate::stats::ratio::RatioEstimate;
use crate::stats::verdict::{blocks_needed, judge};

/// What was found in one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioFindings {
    /// Its name.
    pub name: String,
    /// The question that it asks.
    pub question: String,
    /// What the article says of this kind of work; `None` where the samples do not say.
    pub article: Option<Article>,
    /// The contestant that others are compared with.
    pub baseline: String,
    /// The sequential contestant that speed-up is counted from, if there is one; see [`Row::own_base`].
    pub sequential: Option<String>,
    /// How many comparisons were judged together, over all cases.
    pub comparisons: usize,
    /// Its cases, in the order of the plan.
    pub cases: Vec<CaseFindings>,
}

/// What was found in one case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFindings {
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// One row a contestant, in the order of the plan.
    pub rows: Vec<Row>,
    /// The baseline against its own second run: what a difference of nothing looks like here. One for
    /// each number of workers that the baseline was given.
    pub noise: Vec<Noise>,
    /// The machine around its blocks.
    pub machine: CaseMachine,
    /// How those contestants scale that have several numbers of workers.
    pub scaling: Vec<Scaling>,
    /// How many counted blocks were planned.
    pub planned_blocks: u32,
    /// How many counted blocks hold every contestant.
    pub complete_blocks: usize,
    /// How many of them count: of which figures are made.
    pub used_blocks: usize,
    /// Runs that answered otherwise than the baseline. Those contestants are not compared.
    pub mismatches: Vec<OutcomeMismatch>,
}

impl ScenarioFindings {
    /// Every run that answered otherwise than the baseline. If there is any, a comparison failed.
    pub fn mismatches(&self) -> impl Iterator<Item = &OutcomeMismatch> {
        self.cases.iter().flat_map(|case| &case.mismatches)
    }
}

impl CaseFindings {
    /// The second runs of the baseline that differ from the first beyond chance: the measurement finds a
    /// difference where there is none. By chance alone that happens once in twenty times.
    pub fn failed_controls(&self) -> impl Iterator<Item = &Noise> {
        let differs = |noise: &&Noise| noise.ratio.interval.is_some_and(|ends| ends.excludes(1.0));
        self.noise.iter().filter(differs)
    }

    /// The noise floor that was measured with the baseline in this row; `None` for others.
    pub(super) fn noise_of(&self, row: &Row) -> Option<RatioEstimate> {
        let is_its = |noise: &&Noise| noise.workers == row.workers;
        let noise = self
            .noise
            .iter()
            .find(is_its)
            .filter(|_| row.comparison == Comparison::Baseline);
        noise.map(|noise| noise.ratio)
    }
}

/// Finds out what samples say: per scenario, per case, per contestant, in the order of the plan.
///
/// Warm-up runs (block 0) are held to the baseline's answer, and not counted otherwise. Contestants are
/// compared with the baseline that has as many workers, where the plan has several. A contestant that
/// answered otherwise than the baseline in any block gets no figures; nor does any if the baseline
/// contradicts itself. Blocks in which the machine was not what it should have been (see [`Reason`]) are
/// left out of all figures, whatever was measured in them. If too few are left for any claim, nothing is
/// compared, and what figures there are are of all blocks.
///
/// # Errors
/// If the samples do not fit the plan: see [`ReportError`]. No samples at all are no error.
pub fn analyse(measured: &Samples) -> Result<Vec<ScenarioFindings>, ReportError> {
    let Samples {
        header, samples, ..
    } = measured;
    fit::check(header, samples)?;
    Ok(header
        .scenarios
        .iter()
        .map(|plan| scenario(measured, plan))
        .collect())
}

fn scenario(measured: &Samples, plan: &ScenarioPlan) -> ScenarioFindings {
    let machines: Vec<_> = plan
        .cases
        .iter()
        .map(|case| machine(measured, plan, case))
        .collect();
    let runs = |(case, machine): (&CasePlan, &CaseMachine)| {
        let in_case = |sample: &&Sample| sample.scenario == plan.name && sample.case == case.name;
        let not_here = |one: &&NotRun| one.scenario == plan.name && one.case == case.name;
        CaseRuns::new(
            measured.samples.iter().filter(in_case),
            measured.not_run.iter().filter(not_here),
            machine.left_out(),
        )
    };
    let runs: Vec<CaseRuns> = plan.cases.iter().zip(&machines).map(runs).collect();
    // All comparisons of the scenario are judged together, then handed back to their cases.
    let pending: Vec<Vec<Pending>> = runs
        .iter()
        .zip(&machines)
        .map(|(runs, machine)| compare::pending(plan, runs, machine))
        .collect();
    let times = pending
        .iter()
        .flatten()
        .filter_map(Pending::times)
        .cloned()
        .collect::<Vec<_>>();
    let mut judged = judge(&times, MARGIN).into_iter();
    let mut cases = Vec::new();
    let all = plan.cases.iter().zip(machines).zip(&runs).zip(pending);
    for (((case, machine), runs), pending) in all {
        let comparisons = pending
            .into_iter()
            .map(|one| one.settle(&mut judged))
            .collect();
        let parts = Parts {
            measured,
            plan,
            case,
            runs,
            machine,
        };
        cases.push(parts.findings(comparisons));
    }
    ScenarioFindings {
        name: plan.name.clone(),
        question: plan.question.clone(),
        article: plan.article.clone(),
        baseline: plan.baseline.clone(),
        sequential: row::sequential(plan).map(|contestant| contestant.name.clone()),
        comparisons: times.len(),
        cases,
    }
}

/// How many comparisons there would be if all could be made.
fn possible_comparisons(plan: &ScenarioPlan) -> usize {
    let others = plan
        .contestants
        .iter()
        .filter(|one| one.name != plan.baseline);
    (others.count() * plan.cases.len()).max(1)
}

fn machine(measured: &Samples, plan: &ScenarioPlan, case: &CasePlan) -> CaseMachine {
    let most = plan.contestants.iter().map(|one| one.workers).max();
    let needed = most.zip(measured.header.environment.cores);
    let states = measured.blocks.iter();
    let runs = measured.samples.iter();
    let runs = runs.filter(|run| run.scenario == plan.name && run.case == case.name);
    let counted = runs
        .map(|run| run.block)
        .filter(|block| *block > 0)
        .collect();
    CaseMachine::new(
        states.filter(|state| state.scenario == plan.name && state.case == case.name),
        &counted,
        needed.map(|(most, cores)| most.min(cores)),
        blocks_needed(possible_comparisons(plan)),
    )
}

/// What the findings of a case are made of.
struct Parts<'a> {
    measured: &'a Samples,
    plan: &'a ScenarioPlan,
    case: &'a CasePlan,
    runs: &'a CaseRuns<'a>,
    machine: CaseMachine,
}

impl Parts<'_> {
    fn findings(self, comparisons: Vec<Comparison>) -> CaseFindings {
        let Self {
            measured,
            plan,
            case,
            runs,
            ..
        } = self;
        let header = &measured.header;
        let mismatches = runs.mismatches(plan);
        let in_case = |run: &&MemorySample| run.scenario == plan.name && run.case == case.name;
        let memory: Vec<_> = measured.memory.iter().filter(in_case).collect();
        let basis = Basis {
            seed: header.seed,
            cores: self.cores(),
            memory: &memory,
            plan,
            runs,
            is_measurable: self.machine.is_measurable(),
            wrong: &mismatches,
            version: &header.version,
        };
        let marked = self.machine.left_out();
        let rows: Vec<Row> = plan
            .contestants
            .iter()
            .zip(comparisons)
            .map(|(who, against)| basis.row(who, against))
            .collect();
        CaseFindings {
            name: case.name.clone(),
            title: case.title.clone(),
            noise: compare::noise(plan, runs),
            scaling: if self.machine.is_measurable() {
                self.ground().scaling(&rows)
            } else {
                Vec::new()
            },
            rows,
            planned_blocks: header.blocks,
            complete_blocks: runs.complete(plan).len(),
            used_blocks: runs.complete(plan).difference(&marked).count(),
            mismatches,
            machine: self.machine,
        }
    }

    /// The cores that were there, where somebody looked; never more than there should be.
    fn cores(&self) -> Option<f64> {
        let there_should_be = self.measured.header.environment.cores.map(f64::from);
        let there_were = self.machine.effective_cores;
        there_should_be.map(|cores| there_were.unwrap_or(cores).min(cores))
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            plan: self.plan,
            runs: self.runs,
            cores: self.measured.header.environment.cores,
            seed: self.measured.header.seed,
        }
    }
}
