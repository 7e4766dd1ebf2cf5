//! Files by which a test and the tasks in its workers hear of each other.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::Order;
use tempfile::TempDir;

pub(super) fn wait_for(path: &Path) {
    while !path.exists() {
        thread::sleep(Duration::from_millis(1));
    }
}

/// In one write, so that the lines of two workers do not mix.
pub(super) fn note(path: &Path, order: &Order) {
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(format!("{order:?}\n").as_bytes()).unwrap();
}

/// A gate that tasks wait at until it is opened, and a list of those that have begun.
pub(crate) struct Gate {
    dir: TempDir,
}

impl Gate {
    pub(crate) fn new() -> Gate {
        let dir = tempfile::tempdir().unwrap();
        Gate { dir }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("open")
    }

    fn list(&self) -> PathBuf {
        self.dir.path().join("list")
    }

    pub(crate) fn open(&self) {
        File::create(self.path()).unwrap();
    }

    /// Enters itself into the list, and is done when the gate is open.
    pub(crate) fn wait(&self, then: Order) -> Order {
        self.note(Order::Await(self.path(), Box::new(then)))
    }

    /// Enters itself into the list.
    pub(crate) fn note(&self, order: Order) -> Order {
        Order::Note(self.list(), Box::new(order))
    }

    /// What has begun, once for each time.
    pub(crate) fn begun(&self) -> Vec<String> {
        let text = fs::read_to_string(self.list()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// How many tasks stand at the gate, or have passed it.
    pub(crate) fn waiting(&self) -> usize {
        let waits = |line: &&String| line.starts_with("Await");
        self.begun().iter().filter(waits).count()
    }
}

/// Tasks must not wait for ever, also if their test fails.
impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}
