//! A thread that panics while it holds the lock.
//!
//! Compare with `counter-processes`: same order, other primitives.

use std::fs::OpenOptions;
use std::io;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use counter::death::{Death, Found, PATIENCE, Pair, TIMES};
use counter::mechanisms::spin::SpinLock;
use counter::{Plan, SharedFile};

/// Lets a thread die while it holds each of the locks, and the others count on.
///
/// # Errors
/// If a thread cannot be started, or a file not be locked.
pub fn die(plan: &Plan) -> Result<Vec<Death>> {
    let survivors = plan.workers.get() - 1;
    Ok(vec![
        mutex(survivors),
        spin(survivors),
        file_lock(survivors, plan)?,
    ])
}

/// A panic in it poisons a mutex: all others are told, and decide.
fn mutex(survivors: u32) -> Death {
    let pair = Mutex::new(Pair::default());
    panics(|| {
        let pair = pair.lock().unwrap_or_else(PoisonError::into_inner);
        pair.add_to_first();
        end();
    });
    let found = survive(survivors, || {
        let mut found = Found::Untold;
        for _ in 0..TIMES {
            let guard = pair.lock().unwrap_or_else(|poisoned| {
                found = Found::Told;
                poisoned.get_ref().repair();
                pair.clear_poison();
                poisoned.into_inner()
            });
            guard.add();
        }
        found
    });
    let pair = pair.lock().unwrap_or_else(PoisonError::into_inner).get();
    death("mutex", found, "poisoned", pair)
}

/// Nobody gives back a lock that only whoever holds it knows of.
fn spin(survivors: u32) -> Death {
    let (lock, pair) = (SpinLock::new(), Pair::default());
    panics(|| {
        lock.lock();
        pair.add_to_first();
        end();
    });
    let found = survive(survivors, || {
        // A thread cannot be ended from outside, so this one has to give up by itself.
        let deadline = Instant::now() + PATIENCE;
        while !lock.try_lock() {
            if Instant::now() > deadline {
                return Found::Hung;
            }
            thread::yield_now();
        }
        lock.unlock();
        Found::Untold
    });
    death("spin", found, "held for ever", pair.get())
}

/// What a thread has opened is closed while it unwinds, and with it goes the lock. Nobody is told.
fn file_lock(survivors: u32, plan: &Plan) -> Result<Death> {
    let (file, pair) = (
        SharedFile::make(0, plan.memory_in.as_deref())?,
        Pair::default(),
    );
    let open = || OpenOptions::new().read(true).write(true).open(file.path());
    let dying = open()?;
    dying.lock()?;
    panics(|| {
        let _locked = dying;
        pair.add_to_first();
        end();
    });
    let count = || -> io::Result<()> {
        let file = open()?;
        for _ in 0..TIMES {
            file.lock()?;
            pair.add();
            file.unlock()?;
        }
        Ok(())
    };
    let counted: Result<(), _> = thread::scope(|scope| {
        let threads: Vec<_> = (0..survivors).map(|_| scope.spawn(count)).collect();
        threads
            .into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    counted?;
    Ok(death("file-lock", Found::Untold, "free", pair.get()))
}

/// Runs `dying` in a thread that is expected to panic.
fn panics(dying: impl FnOnce() + Send) {
    let ended = thread::scope(|scope| scope.spawn(dying).join());
    assert!(ended.is_err(), "it has not died");
}

/// A panic that says nothing: it is meant.
fn end() {
    resume_unwind(Box::new("died while it held the lock"));
}

/// Runs `survivor` in so many threads. What the one found that found most.
fn survive(survivors: u32, survivor: impl Fn() -> Found + Sync) -> Found {
    let found = thread::scope(|scope| {
        let threads: Vec<_> = (0..survivors).map(|_| scope.spawn(&survivor)).collect();
        let joined = threads
            .into_iter()
            .map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.collect::<Vec<_>>()
    });
    found
        .into_iter()
        .find(|found| *found != Found::Untold)
        .unwrap_or(Found::Untold)
}

fn death(lock: &'static str, found: Found, called: &'static str, pair: (u64, u64)) -> Death {
    Death {
        lock,
        found,
        called,
        pair,
    }
}
