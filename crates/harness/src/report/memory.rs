//! What memory the contestants of a case needed.

use crate::measure::samples::{ContestantPlan, MemorySample};

/// The memory of one contestant and all its descendants: of its memory runs, the one in the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// The greatest sum of PSS over the tree that a look saw, in bytes.
    pub peak_pss_bytes: u64,
    /// At that look: pages that one process alone has, in bytes.
    pub private_bytes: u64,
    /// At that look: pages that processes share, each once, in bytes.
    pub shared_bytes: u64,
    /// The greatest sum of RSS, in bytes: it counts shared pages once a process.
    pub peak_rss_sum_bytes: u64,
    /// The most processes at once.
    pub processes: u32,
    /// How many looks there were. Few may have missed the peak.
    pub looks: u32,
    /// How many memory runs there were.
    pub passes: usize,
    /// The least and the greatest peak of them, in bytes.
    pub range_bytes: (u64, u64),
    /// Of the time in which its threads ran or were ready to, the share in which they were ready and had
    /// no processor: 0 to 1. `None` where the system does not tell.
    pub ready_share: Option<f64>,
}

impl Memory {
    /// The peak as a multiple of another one's.
    pub(super) fn ratio_to(&self, other: &Self) -> Option<f64> {
        let (own, other) = (self.peak_pss_bytes as f64, other.peak_pss_bytes as f64);
        (other > 0.0).then(|| own / other)
    }

    /// Whether it differs from the other one by more than chance would have it: the peaks of at least three
    /// runs of each lie on one side of all of the other's. Where there are fewer runs, nobody knows how far
    /// apart two of one program would be, so only what is half as much again, more than 1 MiB and looked at
    /// often enough.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        const RUNS: usize = 3;
        const LOOKS: u32 = 5;
        const FACTOR: f64 = 1.5;
        const BYTES: u64 = 1 << 20;
        let ((least, most), (its_least, its_most)) = (self.range_bytes, other.range_bytes);
        if self.passes.min(other.passes) >= RUNS {
            return least > its_most || most < its_least;
        }
        let far = self
            .ratio_to(other)
            .is_some_and(|ratio| !(FACTOR.recip()..FACTOR).contains(&ratio));
        far && self.peak_pss_bytes.abs_diff(other.peak_pss_bytes) > BYTES
            && self.looks.min(other.looks) >= LOOKS
    }
}

/// The memory of a contestant, if anybody looked.
pub(super) fn memory(samples: &[&MemorySample], of: &ContestantPlan) -> Option<Memory> {
    let is_it = |run: &&&MemorySample| run.contestant == of.name && run.workers == of.workers;
    let mut runs: Vec<&MemorySample> = samples.iter().filter(is_it).copied().collect();
    runs.sort_by_key(|run| (run.peak_pss_bytes, run.pass));
    let middle = runs.get(runs.len().saturating_sub(1) / 2)?;
    Some(Memory {
        peak_pss_bytes: middle.peak_pss_bytes,
        private_bytes: middle.private_bytes,
        shared_bytes: middle.shared_bytes,
        peak_rss_sum_bytes: middle.peak_rss_sum_bytes,
        processes: middle.processes,
        looks: middle.looks,
        passes: runs.len(),
        range_bytes: (runs.first()?.peak_pss_bytes, runs.last()?.peak_pss_bytes),
        ready_share: ready_share(middle),
    })
}

fn ready_share(run: &MemorySample) -> Option<f64> {
    let (ran, delayed) = (run.ran_ns? as f64, run.delayed_ns? as f64);
    (ran + delayed > 0.0).then(|| delayed / (ran + delayed))
}
