//! Proof, not luck: every interleaving of two workers, for the very files that are measured.
//!
//! The mechanisms take their atomics and locks from a module `sync` of their crate. Their files are compiled here once
//! more, as parts of this crate, whose `sync` gives loom's: so nothing needs a second build, and nothing is copied.
//! loom runs a closure again and again until it has tried every order of what its threads do to each other, and every
//! value that the memory model lets them see.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the files are parts of libraries, and not all that is in them is tried here"
)]

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64 as Plain, AtomicUsize};

use loom::thread;

mod sync {
    pub(crate) use std::sync::PoisonError;

    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    pub(crate) use loom::sync::{Mutex, RwLock};

    /// Who waits lets others go on: else loom would try for ever what comes of waiting once more.
    pub(crate) fn pause(_tries: u32) {
        loom::thread::yield_now();
    }

    /// loom has no bounded channel.
    pub(crate) mod mpsc {
        pub(crate) use loom::sync::mpsc::{Receiver, Sender as SyncSender, channel};
    }
}

#[path = "../../job/src/mechanisms/atomic.rs"]
mod atomic;
#[path = "../src/mechanisms/channel.rs"]
mod channel;
#[path = "../../job/src/mechanisms/compare_exchange.rs"]
mod compare_exchange;
#[path = "../../job/src/mechanisms/false_sharing.rs"]
mod false_sharing;
#[path = "../../job/src/mechanisms/local_then_merge.rs"]
mod local_then_merge;
#[path = "../../job/src/mechanisms/lost_update.rs"]
mod lost_update;
#[path = "../src/mechanisms/mutex.rs"]
mod mutex;
#[path = "../../job/src/mechanisms/padded.rs"]
mod padded;
#[path = "../src/mechanisms/rwlock.rs"]
mod rwlock;
#[path = "../../job/src/mechanisms/spin.rs"]
mod spin;

use sync::{AtomicU64, Mutex, RwLock};

/// How often each of two workers counts. More would find nothing new, and take loom very long.
const TIMES: u64 = 2;

/// Lets two workers `count` (each is told which it is) in something that is `made`, in every interleaving, and gives
/// each `total` to `check`. How many interleavings there were.
fn explore<T: 'static>(
    made: fn() -> T,
    count: fn(&T, usize),
    total: fn(&T) -> u64,
    check: impl Fn(u64) + Send + Sync + 'static,
) -> usize {
    let interleavings = Arc::new(AtomicUsize::new(0));
    let tried = Arc::clone(&interleavings);
    loom::model(move || {
        let shared = loom::sync::Arc::new(made());
        let other = loom::sync::Arc::clone(&shared);
        let worker = thread::spawn(move || count(&other, 1));
        count(&shared, 0);
        worker.join().unwrap();
        check(total(&shared));
        tried.fetch_add(1, Relaxed);
    });
    interleavings.load(Relaxed)
}

/// Every interleaving gives the right count, and there is more than one.
fn is_right<T: 'static>(made: fn() -> T, count: fn(&T, usize), total: fn(&T) -> u64) {
    let interleavings = explore(made, count, total, |total| assert_eq!(total, 2 * TIMES));
    eprintln!("{interleavings} interleavings");
    assert!(interleavings > 1, "nothing was tried");
}

/// The same where workers touch nothing in common: then all interleavings are one. (loom knows no cache lines.)
fn is_right_and_shares_nothing<T: 'static>(
    made: fn() -> T,
    count: fn(&T, usize),
    total: fn(&T) -> u64,
) {
    let interleavings = explore(made, count, total, |total| assert_eq!(total, 2 * TIMES));
    assert_eq!(interleavings, 1);
}

fn zero() -> AtomicU64 {
    AtomicU64::new(0)
}

fn value(count: &AtomicU64) -> u64 {
    count.load(Relaxed)
}

fn no_work() {}

#[test]
fn lost_update_loses_in_some_interleaving_and_in_some_it_does_not() {
    let (least, most) = (Arc::new(Plain::new(u64::MAX)), Arc::new(Plain::new(0)));
    let (low, high) = (Arc::clone(&least), Arc::clone(&most));
    let count = |count: &AtomicU64, _| lost_update::count(count, TIMES, no_work);
    explore(zero, count, value, move |total| {
        low.fetch_min(total, Relaxed);
        high.fetch_max(total, Relaxed);
    });
    // 2 of 4, however many they do: the last write of one is made of the other's first look.
    assert_eq!((least.load(Relaxed), most.load(Relaxed)), (2, 2 * TIMES));
}

#[test]
fn atomic_is_right_in_every_interleaving() {
    is_right(zero, |count, _| atomic::count(count, TIMES, no_work), value);
}

#[test]
fn compare_exchange_is_right_in_every_interleaving() {
    let count = |count: &AtomicU64, _| compare_exchange::count(count, TIMES, no_work);
    is_right(zero, count, value);
}

#[test]
fn local_then_merge_is_right_in_every_interleaving() {
    let count = |count: &AtomicU64, _| local_then_merge::count(count, TIMES, no_work);
    is_right(zero, count, value);
}

#[test]
fn false_sharing_is_right_in_every_interleaving() {
    let count =
        |shards: &[AtomicU64; 2], own: usize| false_sharing::count(&shards[own], TIMES, no_work);
    is_right_and_shares_nothing(
        || [zero(), zero()],
        count,
        |shards| false_sharing::total(shards),
    );
}

#[test]
fn padded_is_right_in_every_interleaving() {
    type Shards = [padded::Padded<AtomicU64>; 2];
    let count = |shards: &Shards, own: usize| padded::count(&shards[own], TIMES, no_work);
    let made = || [padded::Padded(zero()), padded::Padded(zero())];
    is_right_and_shares_nothing(made, count, |shards| padded::total(shards));
}

#[test]
fn spin_is_right_in_every_interleaving() {
    let count = |lock: &spin::SpinLock, _| spin::count(lock, TIMES, no_work);
    is_right(spin::SpinLock::new, count, |lock| value(lock.count()));
}

#[test]
fn mutex_is_right_in_every_interleaving() {
    let count = |shared: &Mutex<u64>, _| mutex::count(shared, TIMES, no_work);
    is_right(|| Mutex::new(0), count, |shared| *shared.lock().unwrap());
}

#[test]
fn rwlock_is_right_in_every_interleaving() {
    let count = |shared: &RwLock<u64>, _| rwlock::count(shared, TIMES, no_work);
    is_right(|| RwLock::new(0), count, |shared| *shared.read().unwrap());
}

#[test]
fn a_channel_loses_no_message_in_any_interleaving() {
    loom::model(|| {
        let (owner, told) = sync::mpsc::channel();
        let other = owner.clone();
        let worker = thread::spawn(move || channel::count(&other, TIMES, no_work).unwrap());
        channel::count(&owner, TIMES, no_work).unwrap();
        drop(owner);
        // Not `channel::own`: to loom, a channel is never closed.
        let came = (0..2 * TIMES).map(|_| told.recv().unwrap());
        assert_eq!(came.sum::<u64>(), 2 * TIMES);
        worker.join().unwrap();
    });
}
