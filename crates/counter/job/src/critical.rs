//! Work that belongs to each increment: what `--critical` asks for.

use std::hint::black_box;
use std::time::Instant;

/// Computes for so many rounds, about a nanosecond each: see [`rounds`].
pub fn work(rounds: u64) {
    let mut value = rounds;
    for _ in 0..rounds {
        // Each round needs the one before it, so that no processor does two of them at once.
        value = value.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(5);
    }
    black_box(value);
}

/// How many rounds of [`work`] take so many nanoseconds on a core of this machine; at least one, but for 0 none.
pub fn rounds(nanoseconds: u64) -> u64 {
    const TRIED: u64 = 1_000_000;
    if nanoseconds == 0 {
        return 0;
    }
    // The shortest of several: others may have had the core.
    let time = || {
        let clock = Instant::now();
        work(TRIED);
        clock.elapsed().as_nanos() as u64
    };
    let shortest = (0..5).map(|_| time()).min().unwrap_or(TRIED).max(1);
    (u128::from(nanoseconds) * u128::from(TRIED) / u128::from(shortest)).max(1) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_no_work_and_more_time_is_more() {
        assert_eq!(rounds(0), 0);
        assert!(rounds(1) >= 1);
        assert!(rounds(100_000) > rounds(1_000));
    }
}
