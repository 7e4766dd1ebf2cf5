//! Who did a task, and when.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::record::SpanKind;
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
    /// What it did for most of that time.
    pub(super) kind: SpanKind,
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
                worker: this_worker(0),
                start,
                end,
                kind: SpanKind::Computing,
            },
        )
    }

    /// Does `task`, which waits for something outside, and says who did it, and when. `slot` tells it from the
    /// other tasks that the thread has under way meanwhile, from 0.
    ///
    /// While it is polled it computes; between two polls it waits, for what it asked for or for its turn on
    /// the thread. What is done for it elsewhere on the thread (reading from a connection that several
    /// requests share) does not count as its computing. Costs two readings of the clock a poll.
    pub async fn of_waiting<T>(slot: u16, task: impl Future<Output = T>) -> (T, Self) {
        let start = monotonic_ns();
        let mut computed = 0;
        let mut task = pin!(task);
        let result = poll_fn(|context| {
            let polled = monotonic_ns();
            let state = task.as_mut().poll(context);
            computed += monotonic_ns() - polled;
            state
        })
        .await;
        let end = monotonic_ns();
        let kind = if 2 * computed > end - start {
            SpanKind::Computing
        } else {
            SpanKind::Waiting
        };
        let stamp = Self {
            worker: this_worker(slot),
            start,
            end,
            kind,
        };
        (result, stamp)
    }

    /// When the task began, in nanoseconds of the monotonic clock, which all processes share.
    pub fn start_ns(&self) -> u64 {
        self.start
    }

    /// When it ended, likewise.
    pub fn end_ns(&self) -> u64 {
        self.end
    }

    /// How long the task took.
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.end - self.start)
    }
}

/// The time of the monotonic clock in nanoseconds, as in stamps: all processes share it. Takes no memory and no lock.
pub fn now_ns() -> u64 {
    monotonic_ns()
}

/// The process in the upper half, a counter of its threads in the next quarter, and then the slot. A thread's number from
/// the system would do on Linux, but std has none that is unique over processes everywhere.
fn this_worker(slot: u16) -> u64 {
    static THREADS: AtomicU32 = AtomicU32::new(1);
    thread_local! {
        static WORKER: Cell<u64> = const { Cell::new(0) };
    }
    WORKER.with(|worker| {
        if worker.get() == 0 {
            let thread = THREADS.fetch_add(1, Ordering::Relaxed);
            worker.set(u64::from(std::process::id()) << 32 | u64::from(thread as u16) << 16);
        }
        worker.get() | u64::from(slot)
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

    /// Awaits what is ready at its second poll, after `between`.
    fn polled_twice<T>(task: impl Future<Output = T>, between: Duration) -> T {
        let mut task = pin!(task);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(task.as_mut().poll(&mut context).is_pending());
        std::thread::sleep(between);
        match task.as_mut().poll(&mut context) {
            std::task::Poll::Ready(result) => result,
            std::task::Poll::Pending => panic!("not ready at the second poll"),
        }
    }

    fn task(computes: Duration) -> impl Future<Output = ()> {
        let mut polls = 0;
        poll_fn(move |_| {
            std::thread::sleep(computes);
            polls += 1;
            if polls == 2 {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
    }

    #[test]
    fn a_task_that_is_seldom_polled_for_long_waits_and_another_one_computes() {
        let (long, short) = (Duration::from_millis(20), Duration::from_millis(1));
        let kind = |computes, between| {
            let ((), stamp) = polled_twice(Stamp::of_waiting(3, task(computes)), between);
            assert!(stamp.duration() >= 2 * computes + between);
            stamp.kind
        };
        assert_eq!(kind(short, long), SpanKind::Waiting);
        assert_eq!(kind(long, short), SpanKind::Computing);
    }

    #[test]
    fn slots_of_a_thread_are_told_apart() {
        let zero = Duration::ZERO;
        let worker = |slot| {
            polled_twice(Stamp::of_waiting(slot, task(zero)), zero)
                .1
                .worker
        };
        let ((), thread) = Stamp::of(|| ());
        assert_eq!(worker(0), thread.worker);
        assert_ne!(worker(1), worker(0));
        assert_ne!(worker(1), worker(2));
    }

    #[test]
    fn a_stamp_encloses_its_task() {
        let (between, stamp) = Stamp::of(monotonic_ns);
        assert!(stamp.start <= between && between <= stamp.end);
    }
}
