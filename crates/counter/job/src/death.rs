//! A worker that dies while it holds the lock: what the others find, and what became of the data.
//!
//! The data is a pair of numbers that are equal whenever nobody holds the lock. The first worker adds 1 to one of
//! them and dies before it comes to the other. Then the others count on.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::table::{aligned, grouped};

/// How many times each survivor adds to the pair.
pub const TIMES: u64 = 1_000;
/// How long a survivor waits for a lock before it is taken for hanging. A lock that is free is had in microseconds.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// Two numbers that are equal whenever nobody holds the lock that guards them.
///
/// Atomic integers, so that processes may have them in common; it is the lock that makes them a pair.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Pair {
    first: AtomicU64,
    second: AtomicU64,
}

impl Pair {
    /// Adds 1 to both. Only with the lock.
    pub fn add(&self) {
        self.add_to_first();
        self.second.store(self.second.load(Relaxed) + 1, Relaxed);
    }

    /// Adds 1 to one of them alone: what whoever dies in the middle of [`Pair::add`] has done.
    pub fn add_to_first(&self) {
        self.first.store(self.first.load(Relaxed) + 1, Relaxed);
    }

    /// Makes it whole again: what was begun is taken back. Only with the lock.
    pub fn repair(&self) {
        self.first.store(self.second.load(Relaxed), Relaxed);
    }

    /// Both numbers.
    pub fn get(&self) -> (u64, u64) {
        (self.first.load(Relaxed), self.second.load(Relaxed))
    }

    /// Nothing was added yet. Only while no worker is at it.
    pub fn clear(&self) {
        self.first.store(0, Relaxed);
        self.second.store(0, Relaxed);
    }
}

/// What the survivors of a dead holder found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// The lock was theirs, and said that its holder had died with it.
    Told,
    /// The lock was theirs as if nothing had happened.
    Untold,
    /// The lock was never theirs.
    Hung,
}

/// What came of one lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// Which lock.
    pub lock: &'static str,
    /// What the first survivor found.
    pub found: Found,
    /// What the system or the library calls that.
    pub called: &'static str,
    /// Both numbers at the end.
    pub pair: (u64, u64),
}

impl Death {
    /// Whether the two numbers are equal again.
    pub fn is_consistent(&self) -> bool {
        self.pair.0 == self.pair.1
    }

    fn row(&self) -> [String; 5] {
        let data = match (self.found, self.is_consistent()) {
            (Found::Told, true) => "repaired",
            (Found::Told, false) => "broken, and not repaired",
            (Found::Untold, true) => "whole, by luck",
            (Found::Untold, false) => "broken, and nobody knows",
            (Found::Hung, _) => "out of reach",
        };
        [
            self.lock.to_owned(),
            self.called.to_owned(),
            grouped(self.pair.0),
            grouped(self.pair.1),
            data.to_owned(),
        ]
    }
}

/// The table of deaths, each line ending in a line feed.
pub(crate) fn table(deaths: &[Death]) -> String {
    let rows: Vec<_> = deaths.iter().map(Death::row).collect();
    aligned(
        &["lock", "the others find", "first", "second", "the data is"],
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_broken_in_the_middle_and_can_be_repaired() {
        let pair = Pair::default();
        pair.add();
        pair.add_to_first();
        assert_eq!(pair.get(), (2, 1));
        pair.repair();
        pair.add();
        assert_eq!(pair.get(), (2, 2));
        pair.clear();
        assert_eq!(pair.get(), (0, 0));
    }

    #[test]
    fn only_who_was_told_can_have_repaired() {
        let row = |found, pair| {
            Death {
                lock: "x",
                found,
                called: "y",
                pair,
            }
            .row()[4]
                .clone()
        };
        assert_eq!(row(Found::Told, (5, 5)), "repaired");
        assert_eq!(row(Found::Untold, (6, 5)), "broken, and nobody knows");
        assert_eq!(row(Found::Hung, (1, 0)), "out of reach");
    }
}
