//! What changed between two measurements of one machine.
//!
//! They share no block, so nothing can be paired: see [`crate::stats::shift`]. What drifted between the two
//! (a warmer machine, a busier host) is in every figure; so a second figure stands beside: the change of the
//! ratio to the baseline of the same block, from which whatever hit both alike is gone.

use thiserror::Error;

use crate::measure::samples::{Samples, ScenarioPlan};
use crate::report::findings::{
    CaseFindings, Comparison, ReportError, Row, ScenarioFindings, analyse,
};
use crate::report::provenance;
use crate::stats::ratio::RatioEstimate;
use crate::stats::shift::UnpairedTimes;
use crate::stats::verdict::{Comparable, Judged, Verdict, judge};
use crate::stats::{LEVEL, MARGIN};

/// What changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Diff {
    /// What is known to differ of the machine itself: then it is two machines that are compared.
    pub machine: Vec<Fact>,
    /// What else differs: system, compiler, commit. One of these may be what changed the figures.
    pub around: Vec<Fact>,
    /// The cases that both hold, in the order of the first.
    pub cases: Vec<CaseDiff>,
    /// What only one of them holds, or holds otherwise, so that it was not compared.
    pub left_out: Vec<String>,
}

/// Something that is otherwise now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub name: &'static str,
    /// What it was; empty if that is unknown.
    pub before: String,
    /// What it is; empty if that is unknown.
    pub after: String,
}

/// What changed in a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseDiff {
    /// Which scenario.
    pub scenario: String,
    /// Which case.
    pub case: String,
    /// What it is, for people.
    pub title: String,
    /// The contestants that both hold.
    pub changes: Vec<Change>,
}

/// What changed of a contestant.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The contestant before.
    pub before: Row,
    /// The contestant after.
    pub after: Row,
    /// The time after as a multiple of the time before, and what may be said, by Holm's correction over
    /// all changes of the scenario.
    pub judged: Judged,
    /// The same of the ratio to the baseline in the same block; `None` for the baseline itself.
    pub relative: Option<RatioEstimate>,
}

impl CaseDiff {
    /// Whether everything became slower, or everything faster, and nothing against the baseline: that
    /// speaks for the machine and not for the programs.
    pub fn all_alike(&self) -> bool {
        let all = |wanted: fn(&Verdict) -> bool| {
            self.changes
                .iter()
                .all(|change| wanted(&change.judged.verdict))
        };
        let stands_out = |change: &Change| {
            let interval = change.relative.and_then(|ratio| ratio.interval);
            interval.is_none_or(|interval| interval.excludes(1.0))
        };
        let relatives = self
            .changes
            .iter()
            .filter(|change| change.relative.is_some());
        self.changes.len() > 1
            && !relatives.clone().any(stands_out)
            && relatives.count() > 0
            && (all(|verdict| matches!(verdict, Verdict::Slower { .. }))
                || all(|verdict| matches!(verdict, Verdict::Faster { .. })))
    }
}

/// Why there is no comparison.
#[derive(Debug, Error)]
pub enum DiffError {
    /// One of the two cannot be analysed.
    #[error("the {which} results make no tables: {cause}")]
    Unsound {
        /// `first` or `second`.
        which: &'static str,
        /// Why not.
        cause: ReportError,
    },
}

/// Compares two measurements, the older one first.
///
/// # Errors
/// If the samples of one do not fit its plan.
pub fn diff(before: &Samples, after: &Samples) -> Result<Diff, DiffError> {
    let unsound = |which| move |cause| DiffError::Unsound { which, cause };
    let older = analyse(before).map_err(unsound("first"))?;
    let newer = analyse(after).map_err(unsound("second"))?;
    let (machine, around) = facts(before, after)
        .into_iter()
        .partition(|fact| OF_THE_MACHINE.contains(&fact.name));
    let mut diff = Diff {
        machine,
        around,
        cases: Vec::new(),
        left_out: Vec::new(),
    };
    for scenario in &older {
        match newer.iter().find(|other| other.name == scenario.name) {
            Some(other) => diff.scenario((before, scenario), (after, other)),
            None => diff.only("first", &scenario.name),
        }
    }
    for scenario in &newer {
        if !older.iter().any(|other| other.name == scenario.name) {
            diff.only("second", &scenario.name);
        }
    }
    Ok(diff)
}

/// The names of what makes a machine another one.
const OF_THE_MACHINE: [&str; 4] = ["CPU", "cores usable", "memory", "virtualisation"];

fn facts(before: &Samples, after: &Samples) -> Vec<Fact> {
    let [older, newer] = [before, after].map(|all| provenance::machine(&all.header.environment));
    let value = |of: &[(&'static str, String)], name| {
        let found = of.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut names: Vec<&str> = older.iter().map(|(name, _)| *name).collect();
    names.extend(
        newer
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !older.iter().any(|(other, _)| other == name)),
    );
    let facts = names.into_iter().map(|name| Fact {
        name,
        before: value(&older, name),
        after: value(&newer, name),
    });
    facts.filter(|fact| fact.before != fact.after).collect()
}

/// Two rows and what there is to judge of them.
struct Pair<'a> {
    case: usize,
    rows: (&'a Row, &'a Row),
    times: UnpairedTimes,
    relative: Option<RatioEstimate>,
}

/// A case in both measurements.
struct Both<'a> {
    name: String,
    /// Which one of [`Diff::cases`].
    place: usize,
    plans: Option<(&'a ScenarioPlan, &'a ScenarioPlan)>,
    cases: (&'a CaseFindings, &'a CaseFindings),
}

impl Both<'_> {
    /// Commands may stand for something else under the same name.
    fn is_same_program(&self, row: &Row) -> bool {
        let command = |plan: &ScenarioPlan| {
            let mut all = plan.contestants.iter();
            let it = all.find(|one| one.name == row.contestant && one.workers == row.workers);
            it.and_then(|one| one.command.clone())
        };
        self.plans
            .is_none_or(|(older, newer)| command(older) == command(newer))
    }

    /// Without it, ratios to the baselines cannot be compared.
    fn has_same_baseline(&self) -> bool {
        let baselines = self.cases.0.rows.iter();
        let mut baselines = baselines.filter(|row| row.comparison == Comparison::Baseline);
        self.plans
            .is_none_or(|(older, newer)| older.baseline == newer.baseline)
            && baselines.all(|row| self.is_same_program(row))
    }
}

fn plan<'a>(samples: &'a Samples, scenario: &str) -> Option<&'a ScenarioPlan> {
    let mut plans = samples.header.scenarios.iter();
    plans.find(|plan| plan.name == scenario)
}

impl Diff {
    fn only(&mut self, which: &str, what: &str) {
        self.left_out.push(format!("{what}: only in the {which}"));
    }

    fn scenario(
        &mut self,
        (before, older): (&Samples, &ScenarioFindings),
        (after, newer): (&Samples, &ScenarioFindings),
    ) {
        let mut pairs = Vec::new();
        for case in &older.cases {
            let name = format!("{}, {}", older.name, case.name);
            let Some(other) = newer.cases.iter().find(|other| other.name == case.name) else {
                self.only("first", &name);
                continue;
            };
            if !case.machine.is_measurable() || !other.machine.is_measurable() {
                let why = "not measurable: too few blocks in which the machine was what it should have been";
                self.left_out.push(format!("{name}: {why}"));
                continue;
            }
            let work = |of: &Samples| work(of, &older.name, &case.name);
            if case.title != other.title || work(before) != work(after) {
                self.left_out
                    .push(format!("{name}: the work is not the same in both"));
                continue;
            }
            let place = self.cases.len();
            let both = Both {
                name: name.clone(),
                place,
                plans: plan(before, &older.name).zip(plan(after, &newer.name)),
                cases: (case, other),
            };
            pairs.extend(self.pairs(&both));
            self.cases.push(CaseDiff {
                scenario: older.name.clone(),
                case: case.name.clone(),
                title: case.title.clone(),
                changes: Vec::new(),
            });
        }
        for case in &newer.cases {
            if !older.cases.iter().any(|other| other.name == case.name) {
                self.only("second", &format!("{}, {}", older.name, case.name));
            }
        }
        self.settle(pairs);
    }

    fn pairs<'a>(&mut self, both: &Both<'a>) -> Vec<Pair<'a>> {
        let (name, place) = (&both.name, both.place);
        let (older, newer) = both.cases;
        let mut pairs = Vec::new();
        let same = |one: &Row, other: &Row| {
            one.contestant == other.contestant && one.workers == other.workers
        };
        let who = |row: &Row| format!("{name}, {} ({})", row.contestant, row.workers);
        for row in &older.rows {
            let Some(other) = newer.rows.iter().find(|other| same(row, other)) else {
                self.only("first", &who(row));
                continue;
            };
            if !both.is_same_program(row) {
                self.left_out
                    .push(format!("{}: another command in the second", who(row)));
                continue;
            }
            match UnpairedTimes::new(&seconds(other), &seconds(row)) {
                None => self
                    .left_out
                    .push(format!("{}: no counted run in one of them", who(row))),
                Some(times) => pairs.push(Pair {
                    case: place,
                    rows: (row, other),
                    times,
                    relative: Some(())
                        .filter(|()| both.has_same_baseline())
                        .and_then(|()| relative((older, row), (newer, other))),
                }),
            }
        }
        for row in &newer.rows {
            if !older.rows.iter().any(|other| same(row, other)) {
                self.only("second", &who(row));
            }
        }
        pairs
    }

    fn settle(&mut self, pairs: Vec<Pair>) {
        let times: Vec<_> = pairs.iter().map(|pair| pair.times.clone()).collect();
        for (pair, judged) in pairs.into_iter().zip(judge(&times, MARGIN)) {
            self.cases[pair.case].changes.push(Change {
                before: pair.rows.0.clone(),
                after: pair.rows.1.clone(),
                judged,
                relative: pair.relative,
            });
        }
    }
}

/// How much there was to do: items and bytes; `None` where no run says so. Not the checksum: sample
/// inputs are made from the seed, and another seed has another answer.
fn work(samples: &Samples, scenario: &str, case: &str) -> Option<(u64, u64)> {
    let mut runs = samples.samples.iter();
    let run = runs.find(|run| run.scenario == scenario && run.case == case && run.record.is_some());
    run.and_then(|run| run.record.as_ref())
        .map(|record| (record.outcome.items, record.outcome.bytes))
}

fn seconds(row: &Row) -> Vec<f64> {
    row.runs.iter().map(|(_, wall_s)| *wall_s).collect()
}

/// How the ratio to the baseline changed.
fn relative(before: (&CaseFindings, &Row), after: (&CaseFindings, &Row)) -> Option<RatioEstimate> {
    let ratios = |(case, row): (&CaseFindings, &Row)| {
        if row.comparison == Comparison::Baseline {
            return None;
        }
        let baselines = case
            .rows
            .iter()
            .filter(|row| row.comparison == Comparison::Baseline);
        let first = baselines.clone().next();
        let baseline = baselines
            .clone()
            .find(|other| other.workers == row.workers)
            .or(first)?;
        let of_block = |block: u32| baseline.runs.iter().find(|(other, _)| *other == block);
        let ratio = |(block, wall_s): &(u32, f64)| of_block(*block).map(|(_, base)| wall_s / base);
        Some(row.runs.iter().filter_map(ratio).collect::<Vec<f64>>())
    };
    let times = UnpairedTimes::new(&ratios(after)?, &ratios(before)?)?;
    Some(times.estimate(LEVEL))
}
