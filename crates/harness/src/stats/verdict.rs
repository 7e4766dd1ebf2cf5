//! What may be said of a comparison.
//!
//! The interval of a ratio is its own, at 95 %. What is *said* answers for all comparisons of the
//! scenario together, by Holm's correction: with several contestants, a ratio whose interval leaves out
//! 1 may still be too weak for a claim. Claims of a difference and claims of equivalence are two families
//! with a correction each: at most 5 % of measurements claim any difference that is not there, and at
//! most 2.5 % (the one-sided level of a 95 % interval) any equivalence that is not there.
//! With a single comparison nothing is corrected, and the words follow the interval alone.

use crate::stats::holm::holm;
use crate::stats::ranked::RankedRatios;
use crate::stats::ratio::{PairedTimes, RatioEstimate};
use crate::stats::{Interval, LEVEL};

/// What may be said of one contestant against another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It takes less time: `times` times less.
    Faster {
        /// How many times as long the other one takes.
        times: f64,
        /// The interval of `times`.
        interval: Interval,
    },
    /// It takes more time: `times` times as much.
    Slower {
        /// How many times as long it takes.
        times: f64,
        /// The interval of `times`.
        interval: Interval,
    },
    /// The whole interval lies within the margin. It may still leave out 1: then one of the two is
    /// faster, by less than matters.
    Equivalent {
        /// The margin: 0.03 is 3 %.
        margin: f64,
    },
    /// The run could show neither a difference nor equivalence.
    NoDifferenceShown {
        /// Whether the interval alone would have allowed a claim, and Holm's correction did not.
        held_back: bool,
    },
    /// No claim was possible, however clear the times.
    TooFewBlocks {
        /// The least number of blocks with which a claim would be.
        needed: usize,
    },
}

/// One comparison, judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The time of the first as a multiple of the second's.
    pub ratio: RatioEstimate,
    /// Two-sided p-value of "both take the same time", uncorrected.
    pub p: f64,
    /// The same after Holm's correction over all that were judged together.
    pub p_holm: f64,
    /// What may be said.
    pub verdict: Verdict,
}

impl Judged {
    /// Whether a difference stands after Holm's correction. It may be too small to matter.
    pub fn differs(&self) -> bool {
        self.p_holm <= ALPHA
    }
}

/// Two sides whose times can be compared. An estimate and the tests belong together: a test rejects a
/// ratio exactly if the interval of the same level leaves it out.
pub trait Comparable {
    /// What estimate and tests rest on.
    fn ranked(&self) -> &RankedRatios;

    /// The ratio of the first side to the second, with an interval of at least this level (0.95, say).
    fn estimate(&self, level: f64) -> RatioEstimate {
        self.ranked().estimate(level)
    }

    /// Two-sided p-value of "both take the same time".
    fn p_same(&self) -> f64 {
        self.ranked().p_same()
    }

    /// P-value of "they differ by `margin` (0.03 for 3 %) or more": two one-sided tests, of which the
    /// weaker counts. Schuirmann, D. J. (1987), "A comparison of the two one-sided tests procedure and the
    /// power approach", Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
    fn p_beyond(&self, margin: f64) -> f64 {
        self.ranked().p_beyond(margin)
    }

    /// The smallest two-sided p-value that so many runs can give.
    fn smallest_p(&self) -> f64 {
        self.ranked().smallest_p()
    }

    /// The least number of runs a side with which any of so many comparisons could be claimed.
    fn needed(comparisons: usize) -> usize;
}

/// Judges comparisons that are reported together, in their order, with equivalence within `margin`
/// (0.03 is 3 %).
pub fn judge<T: Comparable>(comparisons: &[T], margin: f64) -> Vec<Judged> {
    let same: Vec<f64> = comparisons.iter().map(T::p_same).collect();
    let beyond: Vec<f64> = comparisons
        .iter()
        .map(|times| times.p_beyond(margin))
        .collect();
    let (same_holm, beyond_holm) = (holm(&same), holm(&beyond));
    let one = |(place, times): (usize, &T)| {
        let ratio = times.estimate(LEVEL);
        let allowed = Allowed {
            any: times.smallest_p() * comparisons.len() as f64 <= ALPHA,
            difference: same_holm[place] <= ALPHA,
            equivalence: beyond_holm[place] <= ALPHA / 2.0,
        };
        let verdict = match ratio.interval {
            Some(interval) if allowed.any => say(ratio.point, interval, margin, &allowed),
            _ => Verdict::TooFewBlocks {
                needed: T::needed(comparisons.len()),
            },
        };
        Judged {
            ratio,
            p: same[place],
            p_holm: same_holm[place],
            verdict,
        }
    };
    comparisons.iter().enumerate().map(one).collect()
}

/// What Holm's correction allows to be claimed of one comparison.
struct Allowed {
    /// Whether so many blocks could show anything over so many comparisons.
    any: bool,
    difference: bool,
    equivalence: bool,
}

/// The chance of a false claim of a difference; a little more than 1 - 0.95, which is rounded.
const ALPHA: f64 = 1.0 - LEVEL + 1e-12;

/// The least number of blocks with which any of so many `comparisons` could be claimed.
pub fn blocks_needed(comparisons: usize) -> usize {
    PairedTimes::needed(comparisons)
}

/// The least number of runs whose smallest p-value survives so many comparisons.
pub(super) fn fewest(comparisons: usize, smallest_p: impl Fn(usize) -> f64) -> usize {
    let possible = |n: &usize| smallest_p(*n) * comparisons as f64 <= ALPHA;
    // 64 are enough for more comparisons than fit in memory.
    (1..64).find(possible).unwrap_or(64)
}

fn say(point: f64, interval: Interval, margin: f64, allowed: &Allowed) -> Verdict {
    // Whose p-value is low enough lies within the margin with its whole interval.
    if allowed.equivalence {
        Verdict::Equivalent { margin }
    } else if interval.low > 1.0 && allowed.difference {
        Verdict::Slower {
            times: point,
            interval,
        }
    } else if interval.high < 1.0 && allowed.difference {
        Verdict::Faster {
            times: point.recip(),
            interval: interval.inverted(),
        }
    } else {
        let held_back = interval.excludes(1.0) || interval.is_within(margin);
        Verdict::NoDifferenceShown { held_back }
    }
}
