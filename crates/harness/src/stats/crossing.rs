//! From which size on one way costs less than another.
//!
//! Both ways are timed at several sizes, in the same blocks. Between two sizes, what each costs in a block is taken for
//! a straight line. So there is a ratio of the two, with its interval ([`ratio`](crate::stats::ratio)), at every size.
//! The crossing is where the ratio falls below 1 and stays there; its interval holds every size at which the test
//! behind that interval cannot tell them apart. That is how Fieller, E. C. (1954), "Some problems in interval
//! estimation", Journal of the Royal Statistical Society B 16(2), 175-185, finds an interval for a quotient; here the
//! test is one of ranks.
//!
//! Costs of the kind "so much at once, and so much for each unit of size" are straight lines, so a coarse grid of sizes
//! does not shift their crossing. The logarithm of the ratio is none, and would.

use crate::stats::median::median_of;
use crate::stats::ratio::PairedTimes;
use crate::stats::verdict::Comparable;

/// What both ways cost at one size.
#[derive(Clone, Debug, PartialEq)]
pub struct AtSize {
    /// The size, above 0, in any unit.
    pub size: f64,
    /// What the challenger and the incumbent cost in each block, in any unit of time.
    pub pairs: Vec<(f64, f64)>,
}

/// Where something is among the sizes that were looked at. Places are in the order of sizes.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Place {
    /// Not above the least of them: the challenger costs less at all of them.
    Below,
    /// At this size.
    At(f64),
    /// Not up to the greatest of them.
    Above,
}

impl Place {
    /// The size, if it lies among those that were looked at.
    pub fn size(self) -> Option<f64> {
        match self {
            Self::At(size) => Some(size),
            Self::Below | Self::Above => None,
        }
    }
}

/// The size from which on the challenger costs less.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// The estimate.
    pub point: Place,
    /// From where on it may be.
    pub low: Place,
    /// Up to where it may be.
    pub high: Place,
    /// The level that its test achieves. It comes in steps, so it may be more than was asked for.
    pub level: f64,
    /// How many blocks it rests on.
    pub n: usize,
}

/// In so many steps from one size to the next, the ends of the interval are looked for.
const STEPS: u32 = 32;

/// The size from which on, up to the greatest that was looked at, the challenger costs less.
///
/// `None` with fewer than two sizes, with sizes that do not ascend from above 0 or that were not in the same number of
/// blocks, with a cost that is not positive and finite, and with too few blocks for an interval at that `level`.
pub fn crossing(sizes: &[AtSize], level: f64) -> Option<Crossing> {
    let is_sound = |two: &[AtSize]| {
        two[0].size > 0.0 && two[0].size < two[1].size && two[0].pairs.len() == two[1].pairs.len()
    };
    if sizes.len() < 2 || !sizes.windows(2).all(is_sound) {
        return None;
    }
    let between = sizes.windows(2).flat_map(|two| {
        (0..STEPS).map(|step| Excess::new(&between(&two[0], &two[1], step), level))
    });
    let last = sizes.last().map(|last| Excess::new(last, level));
    let excesses: Option<Vec<Excess>> = between.chain(last).collect();
    let excesses = excesses?;
    let first = excesses.first()?;
    Some(Crossing {
        point: from_on(&excesses, |one| one.point),
        low: from_on(&excesses, |one| one.low),
        high: from_on(&excesses, |one| one.high),
        level: first.level,
        n: first.n,
    })
}

/// So many steps from the size `one` to the size `two`.
fn between(one: &AtSize, two: &AtSize, step: u32) -> AtSize {
    let share = f64::from(step) / f64::from(STEPS);
    let part = |from: f64, to: f64| from + share * (to - from);
    let pairs = one.pairs.iter().zip(&two.pairs);
    AtSize {
        size: part(one.size, two.size),
        pairs: pairs
            .map(|(a, b)| (part(a.0, b.0), part(a.1, b.1)))
            .collect(),
    }
}

/// How much more the challenger costs than the incumbent, in the unit of the costs: below 0 it costs less.
struct Excess {
    size: f64,
    point: f64,
    low: f64,
    high: f64,
    level: f64,
    n: usize,
}

impl Excess {
    fn new(at: &AtSize, level: f64) -> Option<Self> {
        let ratio = PairedTimes::new(&at.pairs)?.estimate(level);
        let interval = ratio.interval?;
        let incumbent = median_of(at.pairs.iter().map(|pair| pair.1))?;
        Some(Self {
            size: at.size,
            point: (ratio.point - 1.0) * incumbent,
            low: (interval.low - 1.0) * incumbent,
            high: (interval.high - 1.0) * incumbent,
            level: interval.level,
            n: ratio.n,
        })
    }
}

/// Behind the last size with an excess, where the straight line to the next one is at 0.
fn from_on(excesses: &[Excess], excess: impl Fn(&Excess) -> f64) -> Place {
    let Some(last) = excesses.iter().rposition(|one| excess(one) >= 0.0) else {
        return Place::Below;
    };
    let Some(next) = excesses.get(last + 1) else {
        return Place::Above;
    };
    let (last, over, under) = (&excesses[last], excess(&excesses[last]), excess(next));
    Place::At(last.size + over / (over - under) * (next.size - last.size))
}
