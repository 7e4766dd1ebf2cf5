//! Who did a task, and when.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use crate::sys::monotonic_ns;

/// Who did a task, and when: made by the worker, sent back with the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// A number that no other thread of any process has at the time.
    pub(super) worker: u64,
    /// Nanoseconds of the monotonic clock.
    pub(super) start: u64,
    /// Likewise.
    pub(super) end: u64,
}

impl Stamp {
    /// Does `task` and says who did it, and when. Costs two readings of the clock.
    pub fn of<T>(task: impl FnOnce() -> T) -> (T, Self) {
        let start = monotonic_ns();
        let result = task();
        let end = monotonic_ns();
        (
            result,
            Self {
                worker: this_worker(),
                start,
                end,
            },
        )
    }
}

/// The process in the upper half and a counter of its threads in the lower one. A thread's number from
/// the system would do on Linux, but std has none that is unique over processes everywhere.
fn this_worker() -> u64 {
    static THREADS: AtomicU32 = AtomicU32::new(1);
    thread_local! {
        static WORKER: Cell<u64> = const { Cell::new(0) };
    }
    WORKER.with(|worker| {
        if worker.get() == 0 {
            let thread = THREADS.fetch_add(1, Ordering::Relaxed);
            worker.set(u64::from(std::process::id()) << 32 | u64::from(thread));
        }
        worker.get()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_have_numbers_of_their_own_that_stay() {
        let ((), here) = Stamp::of(|| ());
        let ((), again) = Stamp::of(|| ());
        let ((), there) = std::thread::spawn(|| Stamp::of(|| ())).join().unwrap();
        assert_eq!(here.worker, again.worker);
        assert_ne!(here.worker, there.worker);
    }

    #[test]
    fn a_stamp_encloses_its_task() {
        let (between, stamp) = Stamp::of(monotonic_ns);
        assert!(stamp.start <= between && between <= stamp.end);
    }
}
