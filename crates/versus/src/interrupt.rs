//! Ctrl-C: ends the measurement after the running contestant, without leaving anything behind.
//!
//! Contestants are in process groups of their own, so that the signal of the terminal does not reach them:
//! the run that is under way comes to its end, or is killed at the second Ctrl-C.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use harness::measure::runner::{self, Fault};

use harness::contestant::INTERRUPTED;

use crate::failure::Failure;
use harness::say;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static TO_REMOVE: Mutex<Option<PathBuf>> = Mutex::new(None);

/// From here on the first Ctrl-C (or SIGTERM, or SIGHUP) is noticed by [`check`], and a second one ends
/// the program at once.
pub(crate) fn watch() -> anyhow::Result<()> {
    harness::contestant::watch(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            end_at_once();
        }
        say!("\nversus: stops after the run that is under way; Ctrl-C again stops at once");
    })
    .context("cannot watch for Ctrl-C")
}

/// Names the folder that must not survive even a second Ctrl-C.
pub(crate) fn remove_at_end(folder: &Path) {
    let mut to_remove = TO_REMOVE.lock().unwrap_or_else(PoisonError::into_inner);
    *to_remove = Some(folder.to_owned());
}

/// Fails if somebody wants the program to end.
pub(crate) fn check() -> Result<(), Failure> {
    if REQUESTED.load(Ordering::SeqCst) {
        return Err(Failure::Interrupted);
    }
    Ok(())
}

/// Whether a program failed because the user pressed Ctrl-C.
pub(crate) fn explains(fault: &Fault) -> bool {
    // It may have ended before our own handler, a thread, had its turn.
    const PATIENCE: Duration = Duration::from_millis(200);
    if fault.looks_interrupted() && !REQUESTED.load(Ordering::SeqCst) {
        thread::sleep(PATIENCE);
    }
    REQUESTED.load(Ordering::SeqCst)
}

fn end_at_once() -> ! {
    let _nobody_goes_on = runner::kill_current();
    let to_remove = TO_REMOVE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(folder) = to_remove.as_ref() {
        let _ = fs::remove_dir_all(folder);
    }
    say!("versus: interrupted twice, ended at once");
    std::process::exit(i32::from(INTERRUPTED));
}
