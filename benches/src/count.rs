//! Two threads that count together: the counter's mechanisms, beside the least that anyone would write by hand.

use std::cell::Cell;
use std::fs::File;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

use anyhow::{Result, ensure};
use counter::mechanisms::padded::Padded;
use counter::mechanisms::spin::SpinLock;
use counter::mechanisms::{
    atomic, compare_exchange, false_sharing, file_lock, local_then_merge, lost_update, padded, spin,
};
use counter_threads::mechanisms::{channel, mutex, own_copy, rwlock};
use tempfile::NamedTempFile;

use crate::{Side, WORKERS};

/// Increments of each thread in one iteration: long beside starting it.
const TIMES: u64 = 100_000;
/// Of those who need no other thread for one.
const MANY_TIMES: u64 = 10_000_000;
/// Of those who need the system for one.
const FEW_TIMES: u64 = 10_000;

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
    /// A shard for each thread, side by side.
    FalseSharing,
    /// A variable of the thread's own, added at the end.
    LocalThenMerge,
    /// A load and a store: wrong on purpose.
    LostUpdate,
    /// A variable of the thread's own, that nobody looks at.
    OwnCopy,
    /// An owner, who is told.
    Channel,
    /// A lock of the system on a file.
    FileLock,
}

impl By {
    fn times(self) -> u64 {
        match self {
            Self::LocalThenMerge | Self::LostUpdate | Self::OwnCopy => MANY_TIMES,
            Self::FileLock => FEW_TIMES,
            _ => TIMES,
        }
    }

    /// Increments of an iteration.
    pub fn increments(self) -> u64 {
        self.times() * WORKERS as u64
    }
}

/// The counter's.
///
/// # Errors
/// If there can be no file to lock.
///
/// # Panics
/// In its threads, if the file cannot be locked.
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
        By::FalseSharing => {
            let count = move |shards: &Near, own: usize| {
                false_sharing::count(&shards[own], TIMES, no_work);
            };
            side(Near::default, count, |shards| false_sharing::total(shards))
        }
        By::LocalThenMerge => many(by, move |count| {
            local_then_merge::count(count, MANY_TIMES, no_work);
        }),
        By::LostUpdate => many(by, move |count| {
            lost_update::count(count, MANY_TIMES, no_work);
        }),
        By::OwnCopy => many(by, move |_| own_copy::count(MANY_TIMES, no_work)),
        By::Channel => told(
            move |owner| channel::count(owner, TIMES, no_work).expect("the owner listens"),
            channel::own,
        ),
        By::FileLock => locking(move |file, count| {
            file_lock::count(file, count, FEW_TIMES, no_work).expect("a file can be locked");
        })?,
    })
}

/// By hand.
///
/// # Errors
/// If there can be no file to lock.
///
/// # Panics
/// In its threads, if the file cannot be locked.
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
        By::FalseSharing => {
            let add = |shards: &Near, own: usize| {
                repeat(|| {
                    shards[own].fetch_add(1, Relaxed);
                });
            };
            side(Near::default, add, |shards| false_sharing::total(shards))
        }
        By::LocalThenMerge => many(by, |count| {
            let mut own = 0;
            for _ in 0..MANY_TIMES {
                own += 1;
                black_box(());
            }
            count.fetch_add(own, Relaxed);
        }),
        By::LostUpdate => many(by, |count| {
            for _ in 0..MANY_TIMES {
                count.store(count.load(Relaxed) + 1, Relaxed);
            }
        }),
        By::OwnCopy => many(by, |_| {
            let own = Cell::new(0_u64);
            for _ in 0..MANY_TIMES {
                black_box(&own).set(own.get() + 1);
            }
        }),
        By::Channel => told(
            |owner| repeat(|| owner.send(1).expect("the owner listens")),
            |told| told.iter().sum(),
        ),
        By::FileLock => locking(|file, count| {
            for _ in 0..FEW_TIMES {
                file.lock().expect("a file can be locked");
                count.store(count.load(Relaxed) + 1, Relaxed);
                file.unlock().expect("it is locked");
            }
        })?,
    })
}

type Shards = [Padded<AtomicU64>; WORKERS];
type Near = [AtomicU64; WORKERS];

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
        all_count(&shared, &count);
        is_right(total(&shared), By::Atomic)
    })
}

/// The same with one number, for those who count often, by `by`. Some of them are wrong, and not held to it.
fn many(by: By, count: impl Fn(&AtomicU64) + Sync + 'static) -> Side {
    Side::whole(move || {
        let shared = AtomicU64::new(0);
        all_count(&shared, &|shared, _| count(shared));
        match by {
            By::LocalThenMerge => is_right(load(&shared), by),
            _ => Ok(()),
        }
    })
}

/// The same with a file that each thread has opened.
fn locking(count: impl Fn(&File, &AtomicU64) + Sync + 'static) -> Result<Side> {
    let file = NamedTempFile::new()?;
    Ok(Side::whole(move || {
        let files = [(); WORKERS].map(|()| File::open(file.path()));
        let files = files.into_iter().collect::<Result<Vec<_>, _>>()?;
        let shared = AtomicU64::new(0);
        all_count(&shared, &|shared, own| count(&files[own], shared));
        is_right(load(&shared), By::FileLock)
    }))
}

/// The same with an owner, this thread, who is told.
fn told(
    count: impl Fn(&SyncSender<u64>) + Sync + 'static,
    own: impl Fn(&Receiver<u64>) -> u64 + 'static,
) -> Side {
    Side::whole(move || {
        let (owner, told) = sync_channel(channel::BOUND);
        let counted = thread::scope(|scope| {
            for owner in [(); WORKERS].map(|()| owner.clone()) {
                let count = &count;
                scope.spawn(move || count(&owner));
            }
            drop(owner);
            own(&told)
        });
        is_right(counted, By::Channel)
    })
}

fn all_count<T: Sync>(shared: &T, count: &(impl Fn(&T, usize) + Sync)) {
    thread::scope(|scope| {
        for own in 0..WORKERS {
            scope.spawn(move || count(shared, own));
        }
    });
}

fn is_right(counted: u64, by: By) -> Result<()> {
    let increments = by.increments();
    ensure!(counted == increments, "{counted} instead of {increments}");
    Ok(())
}
