//! Whether two runs came to the same answer.

use std::fmt::{self, Display, Formatter};

use crate::measure::samples::Sample;
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
    /// What came of it.
    pub outcome: Outcome,
}

impl From<&Sample> for Answer {
    fn from(sample: &Sample) -> Self {
        Self {
            contestant: sample.contestant.clone(),
            workers: sample.workers,
            block: sample.block,
            outcome: sample.record.outcome.clone(),
        }
    }
}

/// Holds a run to the answer of the baseline.
///
/// # Errors
/// If items, failed items, bytes or checksum differ; the error names both runs and both values.
pub fn check_outcome(baseline: &Sample, other: &Sample) -> Result<(), OutcomeMismatch> {
    if baseline.record.outcome == other.record.outcome {
        return Ok(());
    }
    Err(OutcomeMismatch {
        scenario: other.scenario.clone(),
        case: other.case.clone(),
        expected: Box::new(baseline.into()),
        found: Box::new(other.into()),
    })
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
            "{scenario}, {case}: {} answered otherwise in block {} than {} in block {}: {}",
            found.contestant,
            found.block,
            expected.contestant,
            expected.block,
            differences(&expected.outcome, &found.outcome).join(", "),
        )
    }
}

fn differences(expected: &Outcome, found: &Outcome) -> Vec<String> {
    [
        difference("items", &expected.items, &found.items),
        difference("failed items", &expected.failed, &found.failed),
        difference("bytes", &expected.bytes, &found.bytes),
        difference("checksum", &expected.checksum, &found.checksum),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn difference<T: PartialEq + Display>(what: &str, expected: &T, found: &T) -> Option<String> {
    (expected != found).then(|| format!("{what} {found} instead of {expected}"))
}
