//! Ctrl-C: leave nothing behind.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use crate::sys::keeping_hangup_ignored;

/// The exit status of a program that was ended by Ctrl-C: 128 + SIGINT, as shells report it.
pub const INTERRUPTED: u8 = 130;

static ENDING: AtomicBool = AtomicBool::new(false);
static LAST: Mutex<Last> = Mutex::new(Last {
    folders: Vec::new(),
    actions: Vec::new(),
});

/// What is done before the program ends.
struct Last {
    folders: Vec<PathBuf>,
    actions: Vec<fn()>,
}

/// Removes `folder` when the program is interrupted (Ctrl-C, SIGTERM, SIGHUP), which then ends with
/// status [`INTERRUPTED`]. Worker processes end by themselves when this one does.
///
/// Destructors do not run on such an end, so a temporary folder needs this beside its own.
pub fn remove_on_interrupt(folder: PathBuf) {
    last().folders.push(folder);
    watch_once();
}

/// Does `action` when the program is interrupted, before it ends as it does for
/// [`remove_on_interrupt`].
pub fn on_interrupt(action: fn()) {
    last().actions.push(action);
    watch_once();
}

/// Calls `handler`, in a thread of its own, for each Ctrl-C, SIGTERM and SIGHUP. A SIGHUP that this
/// program was started to ignore, as by `nohup`, stays ignored.
///
/// # Errors
/// If the system refuses, or there is a handler already.
pub fn watch(handler: impl FnMut() + Send + 'static) -> Result<(), ctrlc::Error> {
    keeping_hangup_ignored(|| ctrlc::set_handler(handler))
}

fn watch_once() {
    static WATCHING: Once = Once::new();
    // An error means that the program has a handler already, and that one decides.
    WATCHING.call_once(|| drop(watch(end)));
}

fn last() -> MutexGuard<'static, Last> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the end, if the program is being interrupted. For whoever would otherwise complain of
/// files that are gone because they are being removed, or end the program with another status.
pub fn wait_if_interrupted() {
    while ENDING.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_secs(1));
    }
}

/// Runs in a thread of its own, while the others go on.
fn end() {
    ENDING.store(true, Ordering::Relaxed);
    let last = last();
    last.actions.iter().for_each(|action| action());
    for folder in &last.folders {
        // Another thread may be making files in it just now, and then it is not empty at its turn.
        while let Err(error) = std::fs::remove_dir_all(folder) {
            if error.kind() == std::io::ErrorKind::NotFound {
                break;
            }
            if error.kind() != std::io::ErrorKind::DirectoryNotEmpty {
                crate::say!("cannot remove {}: {error}", folder.display());
                break;
            }
        }
    }
    std::process::exit(i32::from(INTERRUPTED));
}
