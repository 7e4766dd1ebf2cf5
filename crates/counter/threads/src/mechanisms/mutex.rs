//! A lock around the count: one thread at a time.
//!
//! Take it when several things have to change together, which is most of the time. The count can be reached through
//! the lock alone, and a thread that panics with the lock leaves it poisoned. Who finds it held spins a little, then
//! sleeps: that is what a busy one costs.

use crate::sync::{Mutex, PoisonError};

/// Counts `times` times.
pub fn count(shared: &Mutex<u64>, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        // A count is whole even if a thread died over it: it was added to, or not.
        let mut count = shared.lock().unwrap_or_else(PoisonError::into_inner);
        critical();
        *count += 1;
    }
}
