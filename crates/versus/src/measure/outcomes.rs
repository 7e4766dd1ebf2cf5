//! Whether all contestants of a case answer the same.

use std::collections::BTreeMap;

use harness::measure::samples::Sample;
use harness::measure::scenario::Scenario;
use harness::report::{OutcomeMismatch, check_counts, check_outcome};

/// Holds every run of a case to the same answer: that of the baseline's first run. Of a contestant whose results
/// are its own, the counts are held to it, and the rest to its own first run.
pub(super) struct Outcomes {
    baseline: String,
    /// The contestants whose results are their own, with the first run of each.
    own: BTreeMap<String, Option<Sample>>,
    reference: Option<Sample>,
    /// Runs that came before it.
    early: Vec<Sample>,
}

impl Outcomes {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let contestants = scenario.contestants.iter();
        Self {
            baseline: scenario.baseline.clone(),
            own: contestants
                .filter(|one| one.own_checksum)
                .map(|one| (one.name.clone(), None))
                .collect(),
            reference: None,
            early: Vec::new(),
        }
    }

    /// Takes one more run; an error if it answered otherwise.
    pub(super) fn add(&mut self, sample: &Sample) -> Result<(), OutcomeMismatch> {
        if let Some(own) = self.own.get_mut(&sample.contestant) {
            check_outcome(own.get_or_insert_with(|| sample.clone()), sample)?;
        }
        if let Some(reference) = &self.reference {
            return self.check(reference, sample);
        }
        if sample.contestant != self.baseline {
            self.early.push(sample.clone());
            return Ok(());
        }
        self.reference = Some(sample.clone());
        let early = std::mem::take(&mut self.early);
        early.iter().try_for_each(|early| self.check(sample, early))
    }

    fn check(&self, reference: &Sample, sample: &Sample) -> Result<(), OutcomeMismatch> {
        if self.own.contains_key(&sample.contestant) {
            check_counts(reference, sample)
        } else {
            check_outcome(reference, sample)
        }
    }
}
