//! A lock that many may have to read, or one to write.
//!
//! Take it when there is much more reading than writing, and the reading takes long. Here all write, so it is a mutex
//! with more to keep account of.

use crate::sync::{PoisonError, RwLock};

/// Counts `times` times.
pub fn count(shared: &RwLock<u64>, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        let mut count = shared.write().unwrap_or_else(PoisonError::into_inner);
        critical();
        *count += 1;
    }
}
