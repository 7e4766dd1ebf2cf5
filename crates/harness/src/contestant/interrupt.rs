//! Ctrl-C: leave nothing behind.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// The exit status of a program that was ended by Ctrl-C: 128 + SIGINT, as shells report it.
pub const INTERRUPTED: u8 = 130;

static ENDING: AtomicBool = AtomicBool::new(false);
static FOLDERS: OnceLock<Mutex<Vec<PathBuf>>> = OnceLock::new();

/// Removes `folder` when the program is interrupted (Ctrl-C, SIGTERM, SIGHUP), which then ends with
/// status [`INTERRUPTED`]. Worker processes end by themselves when this one does.
///
/// Destructors do not run on such an end, so a temporary folder needs this beside its own.
pub fn remove_on_interrupt(folder: PathBuf) {
    let folders = FOLDERS.get_or_init(|| {
        // An error means that the program has a handler already, and that one decides.
        let _ = ctrlc::set_handler(end);
        Mutex::default()
    });
    folders
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(folder);
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
    let folders = FOLDERS
        .get()
        .map(|folders| folders.lock().unwrap_or_else(PoisonError::into_inner));
    for folder in folders.iter().flat_map(|folders| folders.iter()) {
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
