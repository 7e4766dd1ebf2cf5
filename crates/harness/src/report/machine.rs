//! Whether the machine gave the blocks of a case what they needed.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use crate::measure::samples::BlockState;
use crate::stats::median::median_of;

/// Effective cores below this share of those needed mark a block.
pub const CORES_WANTED: f64 = 0.9;
/// The hypervisor, or the group's quota, may have held back this share of a block.
pub const HELD_BACK_UP_TO: f64 = 0.02;
/// Other programs may have used this share of all processors' time.
pub const OTHERS_UP_TO: f64 = 0.1;

/// The machine around the counted blocks of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseMachine {
    /// Effective cores, the median over the looks before and after counted blocks; `None` if nobody
    /// looked.
    pub effective_cores: Option<f64>,
    /// How many cores the contestants could have used: the most workers, or the processors if there are
    /// fewer; `None` where their number is unknown.
    pub needed_cores: Option<u32>,
    /// The blocks in which the machine was not what it should have been, with the reasons.
    pub marked: Vec<MarkedBlock>,
    /// How many blocks after the warm-up hold any run.
    pub counted: usize,
    /// How many of them are not marked.
    pub clean: usize,
    /// How many of them a claim needs.
    pub needed: usize,
}

/// A block in which the machine was not what it should have been. It stays in the samples.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedBlock {
    /// Its number.
    pub block: u32,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
}

/// Why a block is marked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// Not all cores that were needed were there: so many, before it or after it.
    Cores(f64),
    /// The hypervisor gave this share of the processors' time to others.
    Steal(f64),
    /// The quota of the group of processes held it back for this share of its time.
    Throttled(f64),
    /// Other programs used this share of all processors' time.
    Others(f64),
}

impl CaseMachine {
    /// Judges the `counted` blocks by what is known of them; what is not known marks none.
    pub(super) fn new<'a>(
        states: impl Iterator<Item = &'a BlockState>,
        counted: &BTreeSet<u32>,
        needed_cores: Option<u32>,
        needed: usize,
    ) -> Self {
        let states: Vec<_> = states
            .filter(|state| counted.contains(&state.block))
            .collect();
        let looks = states.iter().flat_map(|state| looks(state));
        let mut marked: Vec<_> = states
            .iter()
            .map(|state| MarkedBlock {
                block: state.block,
                reasons: reasons(state, needed_cores),
            })
            .filter(|block| !block.reasons.is_empty())
            .collect();
        marked.sort_by_key(|block| block.block);
        marked.dedup_by_key(|block| block.block);
        Self {
            effective_cores: median_of(looks),
            needed_cores,
            counted: counted.len(),
            clean: counted.len() - marked.len(),
            needed,
            marked,
        }
    }

    /// Whether enough clean blocks are left for claims. If not, the marked blocks are in all figures, so
    /// that there are any, and nothing is compared.
    pub fn is_measurable(&self) -> bool {
        self.marked.is_empty() || self.clean >= self.needed
    }

    /// The numbers of the blocks that do not count.
    pub(super) fn left_out(&self) -> BTreeSet<u32> {
        let marked = self.marked.iter().filter(|_| self.is_measurable());
        marked.map(|block| block.block).collect()
    }
}

/// Whether the machine was not what it should have been around a block whose contestants need so many cores.
pub fn is_marked(state: &BlockState, needed_cores: Option<u32>) -> bool {
    !reasons(state, needed_cores).is_empty()
}

fn looks(state: &BlockState) -> impl Iterator<Item = f64> {
    state.cores_before.into_iter().chain(state.cores_after)
}

fn reasons(state: &BlockState, needed_cores: Option<u32>) -> Vec<Reason> {
    let least = looks(state).reduce(f64::min);
    let wanted = needed_cores.map_or(0.0, |cores| f64::from(cores) * CORES_WANTED);
    let above = |share: Option<f64>, most: f64| share.filter(|share| *share > most);
    let reasons = [
        least.filter(|cores| *cores < wanted).map(Reason::Cores),
        above(state.steal_share, HELD_BACK_UP_TO).map(Reason::Steal),
        above(state.throttled_share, HELD_BACK_UP_TO).map(Reason::Throttled),
        above(state.others_share, OTHERS_UP_TO).map(Reason::Others),
    ];
    reasons.into_iter().flatten().collect()
}

impl Display for Reason {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| share * 100.0;
        match self {
            Self::Cores(cores) => write!(out, "{cores:.1} cores"),
            Self::Steal(share) => write!(out, "{:.0} % stolen by the host", percent(*share)),
            Self::Throttled(share) => write!(out, "{:.0} % held back by quota", percent(*share)),
            Self::Others(share) => write!(out, "{:.0} % used by others", percent(*share)),
        }
    }
}
