//! Whether two runs came to the same answer.

use std::fmt::{self, Display, Formatter};

use crate::measure::samples::{Output, Sample};
use crate::record::Outcome;

/// A run that answered otherwise than the baseline, so that their times must not be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeMismatch {
    /// Which scenario.
    pub scenario: String,
    /// Which case.
    pub case: String,
    /// The run of the baseline that the others are held to.
    pub expected: Box<Answer>,
    /// The run that answered otherwise.
    pub found: Box<Answer>,
}

/// Who answered what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The contestant's name.
    pub contestant: String,
    /// How many workers it had.
    pub workers: u32,
    /// In which block.
    pub block: u32,
    /// What came of it; absent for commands.
    pub outcome: Option<Outcome>,
    /// What it printed; absent for all but commands whose outputs must agree.
    pub output: Option<Output>,
}

impl From<&Sample> for Answer {
    fn from(sample: &Sample) -> Self {
        Self {
            contestant: sample.contestant.clone(),
            workers: sample.workers,
            block: sample.block,
            outcome: sample.record.as_ref().map(|record| record.outcome.clone()),
            output: sample.output.clone(),
        }
    }
}

/// Holds a run to the answer of the baseline.
///
/// # Errors
/// If items, failed items, bytes or checksum differ, or what was printed; the error names both runs and
/// both values.
pub fn check_outcome(baseline: &Sample, other: &Sample) -> Result<(), OutcomeMismatch> {
    let (expected, found) = (Answer::from(baseline), Answer::from(other));
    if expected.outcome == found.outcome && expected.output == found.output {
        return Ok(());
    }
    Err(mismatch(expected, found, other))
}

/// Holds a run whose results are its own to what the baseline counted.
///
/// # Errors
/// If items, failed items or bytes differ; the error names both runs and both values.
pub fn check_counts(baseline: &Sample, other: &Sample) -> Result<(), OutcomeMismatch> {
    let (expected, mut found) = (Answer::from(baseline), Answer::from(other));
    let counts = |answer: &Answer| {
        let outcome = answer.outcome.as_ref();
        outcome.map(|outcome| (outcome.items, outcome.failed, outcome.bytes))
    };
    if counts(&expected) == counts(&found) {
        return Ok(());
    }
    // The checksum is no part of what is wrong.
    if let (Some(expected), Some(found)) = (&expected.outcome, &mut found.outcome) {
        found.checksum.clone_from(&expected.checksum);
    }
    Err(mismatch(expected, found, other))
}

fn mismatch(expected: Answer, found: Answer, run: &Sample) -> OutcomeMismatch {
    OutcomeMismatch {
        scenario: run.scenario.clone(),
        case: run.case.clone(),
        expected: Box::new(expected),
        found: Box::new(found),
    }
}

impl std::error::Error for OutcomeMismatch {}

impl Display for OutcomeMismatch {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            scenario,
            case,
            expected,
            found,
        } = self;
        write!(
            out,
            "{scenario}, {case}: {} (workers {}) answered otherwise in block {} than {} (workers {}) in block {}: {}",
            found.contestant,
            found.workers,
            found.block,
            expected.contestant,
            expected.workers,
            expected.block,
            differences(expected, found).join(", "),
        )
    }
}

fn differences(expected: &Answer, found: &Answer) -> Vec<String> {
    let outcomes = expected.outcome.as_ref().zip(found.outcome.as_ref());
    let outputs = expected.output.as_ref().zip(found.output.as_ref());
    let outcomes = outcomes.map(|(expected, found)| of_outcomes(expected, found));
    let outputs = outputs.map(|(expected, found)| of_outputs(expected, found));
    let differences: Vec<_> = outcomes.into_iter().chain(outputs).flatten().collect();
    if differences.is_empty() {
        return vec!["only one of them says what it did".to_owned()];
    }
    differences
}

fn of_outcomes(expected: &Outcome, found: &Outcome) -> Vec<String> {
    let all = [
        difference("items", &expected.items, &found.items),
        difference("failed items", &expected.failed, &found.failed),
        difference("bytes", &expected.bytes, &found.bytes),
        difference("checksum", &expected.checksum, &found.checksum),
    ];
    all.into_iter().flatten().collect()
}

fn of_outputs(expected: &Output, found: &Output) -> Vec<String> {
    let all = [
        difference("printed bytes", &expected.bytes, &found.bytes),
        difference("their SHA-256", &expected.checksum, &found.checksum),
    ];
    all.into_iter().flatten().collect()
}

fn difference<T: PartialEq + Display>(what: &str, expected: &T, found: &T) -> Option<String> {
    (expected != found).then(|| format!("{what} {found} instead of {expected}"))
}
