//! When a page is tried again, and after how long.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::error::DownloadError;
use crate::settings::Settings;

/// The longest pause that grows by itself. A server may ask for a longer one.
const LONGEST: Duration = Duration::from_secs(30);

/// What is left of the tries of one page.
#[derive(Debug)]
pub(crate) struct Retries {
    left: u32,
    pause: Duration,
    budget: Duration,
}

impl Retries {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            left: settings.retries,
            pause: settings.retry_wait,
            budget: settings.retry_budget,
        }
    }

    /// How long to wait before the next try; none if there shall be none: `error` does not pass, or the tries
    /// are used up, or the pause would be longer than what is left for pauses. (To come back sooner than a
    /// server asks would be wrong, and to wait in vain too.)
    pub(crate) fn next(&mut self, error: &DownloadError) -> Option<Duration> {
        if !error.is_passing() || self.left == 0 {
            return None;
        }
        let pause = match error {
            DownloadError::Status {
                retry_after: Some(asked),
                ..
            } => *asked,
            _ => jitter(self.pause),
        };
        self.budget = self.budget.checked_sub(pause)?;
        self.left -= 1;
        self.pause = (self.pause * 2).min(LONGEST);
        Some(pause)
    }
}

/// Something between the half and the whole of `pause`: those who failed together shall not come back together.
fn jitter(pause: Duration) -> Duration {
    // The standard library's own random keys; a generator would be one more dependency for one number.
    let random = RandomState::new().hash_one(()) >> 11;
    pause.mul_f64(0.5 + 0.5 * random as f64 / (1_u64 << 53) as f64)
}

/// What a `Retry-After` asks for: seconds, or a date. None if it is neither; no pause if the date is past.
pub(crate) fn retry_after(value: &str, now: std::time::SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn retries(left: u32, budget: u64) -> Retries {
        Retries {
            left,
            pause: Duration::from_secs(1),
            budget: Duration::from_secs(budget),
        }
    }

    fn busy(retry_after: Option<u64>) -> DownloadError {
        DownloadError::Status {
            code: 503,
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    #[test]
    fn pauses_double_with_jitter_until_the_tries_are_used_up() {
        let mut retries = retries(3, 1_000);
        for seconds in [1.0, 2.0, 4.0] {
            let pause = retries.next(&busy(None)).unwrap().as_secs_f64();
            assert!((seconds / 2.0..=seconds).contains(&pause), "{pause}");
        }
        assert_eq!(retries.next(&busy(None)), None);
    }

    #[test]
    fn pauses_do_not_grow_for_ever() {
        let mut retries = retries(100, 1_000_000);
        let longest = (0..100).filter_map(|_| retries.next(&busy(None))).max();
        assert!(longest.unwrap() <= LONGEST, "{longest:?}");
    }

    #[test]
    fn jitter_differs() {
        let second = Duration::from_secs(1);
        let first = jitter(second);
        assert!((0..10).any(|_| jitter(second) != first));
    }

    #[test]
    fn a_server_is_given_the_time_that_it_asks_for_or_up() {
        let mut retries = retries(9, 10);
        assert_eq!(retries.next(&busy(Some(7))), Some(Duration::from_secs(7)));
        assert_eq!(retries.next(&busy(Some(7))), None);
    }

    #[test]
    fn what_does_not_pass_is_not_tried_again() {
        assert_eq!(retries(9, 10).next(&DownloadError::TooLarge(1)), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let wait = |value| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:00 GMT"), Some(23));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("-1"), None);
    }
}
