//! A lock that many may have to read, or one to write.
//!
//! Take it when there is much more reading than writing, and the reading takes long. Here all write, so it is a mutex
//! with more to keep account of. Systems have no robust one: a process that dies with it leaves it locked for ever.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::shared::RwLock;

/// Counts `times` times.
///
/// # Errors
/// If the system refuses the lock.
pub fn count(
    rwlock: &RwLock,
    shared: &AtomicU64,
    times: u64,
    critical: impl Fn(),
) -> io::Result<()> {
    for _ in 0..times {
        let _locked = rwlock.write()?;
        critical();
        shared.store(shared.load(Relaxed) + 1, Relaxed);
    }
    Ok(())
}
