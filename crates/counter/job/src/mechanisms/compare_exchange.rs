//! Look at the count, add one, write it back if nobody has counted meanwhile; else once more.
//!
//! Take it when the new value follows from the old one in a way that no single instruction knows (a maximum with a
//! limit, a pointer). For adding one, `atomic` does the same without ever trying twice.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts `times` times.
pub fn count(shared: &AtomicU64, times: u64, critical: impl Fn()) {
    for _ in 0..times {
        let mut seen = shared.load(Relaxed);
        loop {
            // It is done again with every try: that is what optimism costs.
            critical();
            // Weak: it may fail for no reason, which some processors do quicker; it is in a loop anyway.
            match shared.compare_exchange_weak(seen, seen + 1, Relaxed, Relaxed) {
                Ok(_) => break,
                Err(changed) => seen = changed,
            }
        }
    }
}
