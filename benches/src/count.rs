//! Two threads that count together: the counter's mechanisms, beside the least that anyone would write by hand.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

use anyhow::{Result, ensure};
use counter::mechanisms::padded::Padded;
use counter::mechanisms::spin::SpinLock;
use counter::mechanisms::{atomic, compare_exchange, padded, spin};
use counter_threads::mechanisms::{mutex, rwlock};

use crate::{Side, WORKERS};

/// Increments of each thread in one iteration: long beside starting it.
const TIMES: u64 = 100_000;

/// Increments of an iteration.
pub const INCREMENTS: u64 = TIMES * WORKERS as u64;

/// What is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// One atomic instruction.
    Atomic,
    /// A compare-and-exchange in a loop.
    CompareExchange,
    /// A shard for each thread.
    Padded,
    /// A lock that is waited for without sleeping.
    Spin,
    /// std's mutex.
    Mutex,
    /// std's readers-writer lock.
    RwLock,
}

/// The counter's.
///
/// # Errors
/// Never; as the others.
pub fn mechanism(by: By) -> Result<Side> {
    let no_work = || ();
    Ok(match by {
        By::Atomic => side(
            || AtomicU64::new(0),
            move |count, _| atomic::count(count, TIMES, no_work),
            load,
        ),
        By::CompareExchange => {
            let count = move |count: &AtomicU64, _| compare_exchange::count(count, TIMES, no_work);
            side(|| AtomicU64::new(0), count, load)
        }
        By::Padded => {
            let count =
                move |shards: &Shards, own: usize| padded::count(&shards[own], TIMES, no_work);
            side(Shards::default, count, |shards| padded::total(shards))
        }
        By::Spin => {
            let count = move |lock: &SpinLock, _| spin::count(lock, TIMES, no_work);
            side(SpinLock::new, count, |lock| load(lock.count()))
        }
        By::Mutex => side(
            || Mutex::new(0),
            move |count, _| mutex::count(count, TIMES, no_work),
            locked,
        ),
        By::RwLock => side(
            || RwLock::new(0),
            move |count, _| rwlock::count(count, TIMES, no_work),
            read,
        ),
    })
}

/// By hand.
///
/// # Errors
/// Never; as the others.
pub fn by_hand(by: By) -> Result<Side> {
    Ok(match by {
        By::Atomic => side(
            || AtomicU64::new(0),
            |count, _| {
                repeat(|| {
                    count.fetch_add(1, Relaxed);
                });
            },
            load,
        ),
        By::CompareExchange => {
            let add = |count: &AtomicU64, _| {
                repeat(|| {
                    let _ = count.fetch_update(Relaxed, Relaxed, |seen| Some(seen + 1));
                });
            };
            side(|| AtomicU64::new(0), add, load)
        }
        By::Padded => {
            let add = |shards: &Shards, own: usize| {
                repeat(|| {
                    shards[own].0.fetch_add(1, Relaxed);
                });
            };
            side(Shards::default, add, |shards| padded::total(shards))
        }
        By::Spin => side(
            || (AtomicBool::new(false), AtomicU64::new(0)),
            |(held, count), _| {
                repeat(|| {
                    while held
                        .compare_exchange_weak(false, true, Ordering::Acquire, Relaxed)
                        .is_err()
                    {
                        while held.load(Relaxed) {
                            std::hint::spin_loop();
                        }
                    }
                    count.store(count.load(Relaxed) + 1, Relaxed);
                    held.store(false, Ordering::Release);
                });
            },
            |(_, count)| load(count),
        ),
        By::Mutex => side(
            || Mutex::new(0),
            |count, _| repeat(|| *count.lock().unwrap_or_else(PoisonError::into_inner) += 1),
            locked,
        ),
        By::RwLock => side(
            || RwLock::new(0),
            |count, _| repeat(|| *count.write().unwrap_or_else(PoisonError::into_inner) += 1),
            read,
        ),
    })
}

type Shards = [Padded<AtomicU64>; WORKERS];

fn repeat(add: impl Fn()) {
    for _ in 0..TIMES {
        add();
    }
}

fn load(count: &AtomicU64) -> u64 {
    count.load(Relaxed)
}

fn locked(count: &Mutex<u64>) -> u64 {
    *count.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(count: &RwLock<u64>) -> u64 {
    *count.read().unwrap_or_else(PoisonError::into_inner)
}

/// In an iteration, all threads `count` in something that is `made` for it.
fn side<T: Sync>(
    made: impl Fn() -> T + 'static,
    count: impl Fn(&T, usize) + Sync + 'static,
    total: impl Fn(&T) -> u64 + 'static,
) -> Side {
    Side::whole(move || {
        let shared = made();
        thread::scope(|scope| {
            for own in 0..WORKERS {
                let (shared, count) = (&shared, &count);
                scope.spawn(move || count(shared, own));
            }
        });
        let counted = total(&shared);
        ensure!(counted == INCREMENTS, "{counted} instead of {INCREMENTS}");
        Ok(())
    })
}
