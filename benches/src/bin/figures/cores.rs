//! Whether the machine gives its cores to this program.
//!
//! On a busy machine, and on a virtual one whose host is busy, every ratio says more of the scheduler
//! than of what is compared; and no counter tells. So a loop of known length is run on all cores.

use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use benches::{WORKERS, compute};

/// How long the loop takes on a core that does nothing else: long beside starting a thread.
const ALONE: Duration = Duration::from_millis(3);
/// How many times as long it may take.
const SLACK: f64 = 1.25;
/// A single short disturbance is no busy machine: it makes an outlier at most.
const TRIES: u32 = 2;

/// What is known of a core on its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    rounds: u64,
}

impl Cores {
    pub(crate) fn new() -> Self {
        let rounds = compute::rounds_per_ms() * ALONE.as_millis() as u64;
        Self { rounds }
    }

    /// Whether as many threads as a pool has workers, or as this thread may use cores, run at full speed.
    pub(crate) fn are_free(self) -> bool {
        let allowed = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        (0..TRIES).any(|_| self.together(WORKERS.min(allowed)) <= ALONE.mul_f64(SLACK))
    }

    /// How long so many threads take that all run the loop.
    fn together(self, threads: usize) -> Duration {
        let clock = Instant::now();
        thread::scope(|scope| {
            for seed in 0..threads as u64 {
                scope.spawn(move || compute::hash(self.rounds, seed));
            }
        });
        clock.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_threads_than_cores_take_longer_than_one() {
        let cores = Cores::new();
        let allowed = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let shortest = |threads| (0..5).map(|_| cores.together(threads)).min().unwrap();
        assert!(shortest(4 * allowed) > 2 * shortest(1));
    }
}
