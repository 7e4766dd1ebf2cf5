//! A task that computes for a known time, and needs nothing but a core.

use std::hint::black_box;
use std::time::Instant;

/// Computes for so many rounds, about a nanosecond each. Gives back what only who has done them knows.
/// Takes no memory and no lock, so the child of a `fork` may do it.
pub fn work(rounds: u64) -> u64 {
    let mut value = rounds;
    for _ in 0..rounds {
        // Each round needs the one before it, so that no processor does two of them at once.
        value = black_box(value.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(5));
    }
    value
}

/// How many rounds of [`work`] take so many nanoseconds on a core of this machine, at least one.
pub(crate) fn rounds(nanoseconds: u64) -> u64 {
    const TRIED: u64 = 1_000_000;
    // The shortest of several: others may have had the core.
    let time = || {
        let clock = Instant::now();
        black_box(work(TRIED));
        clock.elapsed().as_nanos() as u64
    };
    let shortest = (0..5).map(|_| time()).min().unwrap_or(TRIED).max(1);
    (u128::from(nanoseconds) * u128::from(TRIED) / u128::from(shortest)).max(1) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_tells_how_many_rounds_were_done_and_more_time_is_more_rounds() {
        assert_eq!(work(0), 0);
        assert_ne!(work(10), work(11));
        assert_eq!(work(12), work(12));
        assert!(rounds(1) >= 1);
        assert!(rounds(100_000) > rounds(1_000));
    }
}
