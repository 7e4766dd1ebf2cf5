//! The sockets at which workers that are just starting meet the parent.
//!
//! Each stands in a folder of its own in the temporary directory for a few milliseconds. ipc-channel
//! removes it with the server, but a program that ends from within a signal handler drops nothing.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs, io};

use ipc_channel::ipc::IpcOneShotServer;

use super::gate;
use crate::wire::Hello;

/// The longest path that fits into a socket's address; ipc-channel would cut a longer one off.
const MAX_PATH: usize = 107;

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

/// Where one worker meets the parent. Gone when dropped.
pub(super) struct Socket {
    /// Always there until it is dropped.
    server: Option<IpcOneShotServer<Hello>>,
    pub(super) path: String,
}

impl Socket {
    pub(super) fn open() -> io::Result<Socket> {
        let dir = env::temp_dir();
        if !dir.is_dir() {
            let text = format!("{} is not a directory (see TMPDIR)", dir.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        if dir.as_os_str().len() + "/.tmp123456/socket".len() > MAX_PATH {
            let text = format!("{} is too long for a socket (see TMPDIR)", dir.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        // Held while it is made: it is either noted or not begun when the sockets are removed.
        let mut sockets = lock();
        if sockets.closed {
            return Err(io::Error::other("the program is ending"));
        }
        // It panics instead of returning some errors, a read-only directory for one.
        let made = catch_unwind(IpcOneShotServer::new).map_err(|_| {
            let text = format!("{} cannot be written", dir.display());
            io::Error::new(io::ErrorKind::PermissionDenied, text)
        });
        let (server, path) = made??;
        sockets.paths.push(PathBuf::from(&path));
        let server = Some(server);
        Ok(Socket { server, path })
    }

    /// The first message of a worker that has sent it; one that has not would be waited for.
    pub(super) fn accept(mut self) -> io::Result<Hello> {
        let server = self.server.take();
        let server = server.ok_or_else(|| io::Error::other("it was dropped"))?;
        let accepted = gate::expose(|| server.accept().map(|(_, hello)| hello));
        accepted.map_err(io::Error::other)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        drop(self.server.take());
        let mut sockets = lock();
        sockets.paths.retain(|path| path != Path::new(&self.path));
    }
}

fn lock() -> MutexGuard<'static, Sockets> {
    SOCKETS.lock().unwrap_or_else(PoisonError::into_inner)
}
