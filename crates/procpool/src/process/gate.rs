//! Keeps descriptors away from processes that they are not meant for.
//!
//! ipc-channel opens two kinds of descriptors without close-on-exec: the connection that it accepts, and
//! the copy of shared memory that a message carries. Both are open for microseconds; a process that is
//! started just then would inherit them. So none is: either processes are started or such descriptors are
//! open, never both. (What the program itself starts elsewhere is not ours to hold up.)

use std::sync::{PoisonError, RwLock};

static GATE: RwLock<()> = RwLock::new(());

/// Starts a process. Several may start at once.
pub(crate) fn start<T>(start: impl FnOnce() -> T) -> T {
    let _gate = GATE.read().unwrap_or_else(PoisonError::into_inner);
    start()
}

/// Runs what opens and closes a descriptor that must not be inherited.
pub(crate) fn expose<T>(expose: impl FnOnce() -> T) -> T {
    let _gate = GATE.write().unwrap_or_else(PoisonError::into_inner);
    expose()
}
