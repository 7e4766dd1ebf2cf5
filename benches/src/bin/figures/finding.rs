//! Whether a target is met.

use std::fmt;

use harness::stats::Interval;

/// What the interval of a figure says of its target, an upper limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The whole interval is within the target.
    Met,
    /// The whole interval is beyond it.
    NotMet,
    /// The interval holds the target, or there is no interval.
    CannotTell,
    /// Other programs had the cores, or the host did: the interval is of something else.
    Busy,
}

impl Finding {
    pub(crate) fn of(interval: Option<Interval>, limit: f64) -> Self {
        match interval {
            Some(interval) if interval.high <= limit => Self::Met,
            Some(interval) if interval.low > limit => Self::NotMet,
            _ => Self::CannotTell,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::CannotTell => "cannot tell",
            Self::Busy => "machine too busy",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_interval_on_one_side_of_the_target_decides() {
        let of = |low, high| {
            let level = 0.95;
            Finding::of(Some(Interval { low, high, level }), 1.25)
        };
        assert_eq!(of(1.1, 1.2), Finding::Met);
        assert_eq!(of(1.1, 1.25), Finding::Met);
        assert_eq!(of(1.2, 1.3), Finding::CannotTell);
        assert_eq!(of(1.25, 1.3), Finding::CannotTell);
        assert_eq!(of(1.3, 1.4), Finding::NotMet);
        assert_eq!(Finding::of(None, 1.25), Finding::CannotTell);
    }
}
