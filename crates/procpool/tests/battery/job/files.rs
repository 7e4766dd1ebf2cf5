//! Files by which tests and tasks hear of each other, across processes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use tempfile::TempDir;

use super::Order;

/// What tasks write down before they do what they are there for.
pub(crate) struct Notes(TempDir);

impl Notes {
    pub(crate) fn new() -> Notes {
        Notes(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("notes")
    }

    /// The order, noted whenever it begins.
    pub(crate) fn of(&self, order: Order) -> Order {
        Order::Note(self.path(), Box::new(order))
    }

    /// The orders that have begun, in that order; one that began twice is there twice.
    pub(crate) fn all(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// How often this order has begun.
    pub(crate) fn count(&self, order: &Order) -> usize {
        let wanted = format!("{order:?}");
        self.all().iter().filter(|note| **note == wanted).count()
    }
}

/// Tasks wait before it until the test opens it.
pub(crate) struct Gate(TempDir);

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("open")
    }

    /// The order, behind the gate.
    pub(crate) fn before(&self, order: Order) -> Order {
        Order::Await(self.path(), Box::new(order))
    }

    pub(crate) fn open(&self) {
        fs::write(self.path(), "").unwrap();
    }
}

/// In one piece, so that notes of several workers do not mix.
pub(super) fn note(path: &Path, order: &Order) {
    let mut options = fs::File::options();
    let mut file = options.create(true).append(true).open(path).unwrap();
    file.write_all(format!("{order:?}\n").as_bytes()).unwrap();
}

pub(super) fn wait_for(path: &Path) {
    while !path.exists() {
        thread::sleep(Duration::from_millis(1));
    }
}
