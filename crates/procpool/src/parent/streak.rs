//! How long to go on starting workers that are of no use.

use std::time::Duration;

/// After so many workers in a row that were of no use, a lane may give up.
const MAX_FAILURES: u32 = 6;
/// Before the second of them it waits for so long, then twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// Failures in a row.
#[derive(Default)]
pub(crate) struct Streak {
    failures: u32,
    /// What the whole pool had done when they began.
    tasks: u64,
}

impl Streak {
    /// How long to wait after one more failure; `None` if it is time to give up.
    pub(crate) fn one_more(&mut self, tasks: u64) -> Option<Duration> {
        self.failures += 1;
        if self.failures == 1 {
            self.tasks = tasks;
        }
        if self.failures == MAX_FAILURES {
            if self.tasks == tasks {
                return None;
            }
            // Other lanes get on, so the cause may pass: go on trying, slowly.
            self.failures -= 1;
            self.tasks = tasks;
        }
        Some(FIRST_PAUSE * 2_u32.pow(self.failures - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_gives_up_after_its_failures_with_growing_pauses() {
        let mut streak = Streak::default();
        let pauses: Vec<_> = std::iter::from_fn(|| streak.one_more(7)).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160].map(Duration::from_millis));
    }

    #[test]
    fn a_lane_goes_on_trying_while_others_get_on() {
        let mut streak = Streak::default();
        assert!((0..100).all(|tasks| streak.one_more(tasks).is_some()));
        let stalled = std::iter::from_fn(|| streak.one_more(99)).count();
        assert!(stalled <= 1, "the last task was done in this streak");
    }
}
