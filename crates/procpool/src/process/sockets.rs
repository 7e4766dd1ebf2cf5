//! The sockets at which workers that are just starting meet the parent.
//!
//! Each stands in a folder of its own in the temporary directory for a few milliseconds. ipc-channel
//! removes it with the server, but a program that ends from within a signal handler drops nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static SOCKETS: Mutex<Sockets> = Mutex::new(Sockets {
    paths: Vec::new(),
    closed: false,
});

struct Sockets {
    paths: Vec<PathBuf>,
    closed: bool,
}

/// Removes the sockets at which workers that are just starting would meet this process, and lets no
/// more be made: no worker starts from here on, and none is heard on standard error any more. For a
/// handler of Ctrl-C that ends the program at once; whoever returns from `main`, or drops the pool,
/// does not need it.
pub fn remove_sockets() {
    let mut sockets = lock();
    sockets.closed = true;
    for path in sockets.paths.drain(..) {
        // The server may be removing it just now, and nobody is left to tell.
        let _ = fs::remove_file(&path);
        let _ = path.parent().map(fs::remove_dir);
    }
}

/// Is the program ending? A worker that finds no socket is no news then.
pub(crate) fn closed() -> bool {
    lock().closed
}

/// Notes the socket that `make` makes; none if the program is ending.
pub(crate) fn made_by<T, E>(
    make: impl FnOnce() -> Result<(T, String), E>,
) -> Option<Result<(T, String), E>> {
    // Held while it is made: it is either noted or not begun when the sockets are removed.
    let mut sockets = lock();
    if sockets.closed {
        return None;
    }
    let made = make();
    if let Ok((_, path)) = &made {
        sockets.paths.push(path.into());
    }
    Some(made)
}

/// The server of this socket is gone, and the socket with it.
pub(crate) fn gone(path: &str) {
    lock().paths.retain(|socket| socket != Path::new(path));
}

fn lock() -> MutexGuard<'static, Sockets> {
    SOCKETS.lock().unwrap_or_else(PoisonError::into_inner)
}
