//! A lock that the system keeps, on a file (`flock`).
//!
//! Take it between programs that know nothing of each other but the name of a file, and for things that take long:
//! each turn is two system calls. The system takes it back from a process that dies, and tells nobody.

use std::fs::File;
use std::io;

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts `times` times. Each worker has opened the `file` itself: the lock belongs to what was opened, so two
/// threads that share one `File` would not keep each other out.
///
/// # Errors
/// If the file system has no locks, or the system no memory for one.
pub fn count(file: &File, shared: &AtomicU64, times: u64, critical: impl Fn()) -> io::Result<()> {
    for _ in 0..times {
        file.lock()?;
        critical();
        // Relaxed: the system calls before and after order it on every processor that Rust knows.
        let seen = shared.load(Relaxed);
        shared.store(seen + 1, Relaxed);
        file.unlock()?;
    }
    Ok(())
}
