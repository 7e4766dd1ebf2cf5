//! A lock that is waited for without sleeping.
//!
//! Take it where nobody may sleep (in a kernel, in an interrupt) and hardly anywhere else: a `mutex` spins a little
//! too, and then leaves the core to whoever holds the lock. This one knows no owner: one that dies in it is waited
//! for in vain.

use crate::sync::{AtomicBool, AtomicU64, Ordering, pause};

/// A count, and the lock that guards it.
#[derive(Debug)]
#[repr(C)]
pub struct SpinLock {
    held: AtomicBool,
    /// Only for whoever holds the lock. Atomic, because the compiler does not know who does.
    count: AtomicU64,
}

impl SpinLock {
    /// One that nobody holds, at 0.
    pub fn new() -> Self {
        Self {
            held: AtomicBool::new(false),
            count: AtomicU64::new(0),
        }
    }

    /// What was counted.
    pub fn count(&self) -> &AtomicU64 {
        &self.count
    }

    /// Takes the lock, if nobody holds it.
    #[inline]
    pub fn try_lock(&self) -> bool {
        // Acquire: what the last holder has written is seen from here on.
        let taken = self
            .held
            .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        taken.is_ok()
    }

    /// Takes the lock.
    #[inline]
    pub fn lock(&self) {
        let mut tries = 0;
        while !self.try_lock() {
            // Looking costs nothing while the line stays in this core's cache; trying would take it away from the
            // holder.
            while self.held.load(Ordering::Relaxed) {
                pause(tries);
                tries += 1;
            }
        }
    }

    /// Gives the lock back.
    #[inline]
    pub fn unlock(&self) {
        self.held.store(false, Ordering::Release);
    }
}

impl Default for SpinLock {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts `times` times.
pub fn count(shared: &SpinLock, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        shared.lock();
        critical();
        let seen = shared.count.load(Ordering::Relaxed);
        shared.count.store(seen + 1, Ordering::Relaxed);
        shared.unlock();
    }
}
