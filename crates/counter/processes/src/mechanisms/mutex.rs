//! A lock around the count: one process at a time.
//!
//! Take it when several things have to change together, which is most of the time. It is a mutex of the system, as
//! std's knows nothing of other processes, and a robust one: if a process dies with the lock, the next one is told.
//! Neither compiler nor lock know what it guards; only the convention does.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::shared::Mutex;

/// Counts `times` times.
///
/// # Errors
/// If the system refuses the lock.
pub fn count(mutex: &Mutex, shared: &AtomicU64, times: u64, critical: impl Fn()) -> io::Result<()> {
    for _ in 0..times {
        // A count is whole even if a process died over it: it was added to, or not.
        let _locked = mutex.lock()?.or_recovered(|| ())?;
        critical();
        shared.store(shared.load(Relaxed) + 1, Relaxed);
    }
    Ok(())
}
