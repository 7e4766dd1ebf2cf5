//! Which ways to count together there are, and what each of them is.

use serde::{Deserialize, Serialize};

/// A way to count together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mechanism {
    /// Everyone counts in a memory of their own, and nobody looks there.
    OwnCopy,
    /// The library's mutex: std's for threads, a robust one of the system for processes.
    Mutex,
    /// The library's readers-writer lock.
    RwLock,
    /// One owner counts, all others tell it.
    Channel,
    /// One that is the same code in both models.
    Alike(Alike),
}

/// A way to count together that only needs memory, and is the same code for threads and for processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alike {
    /// A load and a store: wrong on purpose.
    LostUpdate,
    /// One atomic instruction.
    Atomic,
    /// A loop around a compare-and-exchange.
    CompareExchange,
    /// A lock that is waited for without sleeping.
    Spin,
    /// A shard for each worker, all on the same cache lines.
    FalseSharing,
    /// A shard for each worker, each on its own cache lines.
    Padded,
    /// Everyone counts alone, and adds the sum at the end.
    LocalThenMerge,
    /// `flock`.
    FileLock,
}

impl Mechanism {
    /// All of them: first those that lose, then by what they cost, about.
    pub const ALL: [Self; 12] = [
        Self::OwnCopy,
        Self::Alike(Alike::LostUpdate),
        Self::Alike(Alike::LocalThenMerge),
        Self::Alike(Alike::Padded),
        Self::Alike(Alike::FalseSharing),
        Self::Alike(Alike::Atomic),
        Self::Alike(Alike::CompareExchange),
        Self::Alike(Alike::Spin),
        Self::Mutex,
        Self::RwLock,
        Self::Channel,
        Self::Alike(Alike::FileLock),
    ];

    /// Its name on the command line, in tables and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnCopy => "own-copy",
            Self::Mutex => "mutex",
            Self::RwLock => "rwlock",
            Self::Channel => "channel",
            Self::Alike(alike) => match alike {
                Alike::LostUpdate => "lost-update",
                Alike::Atomic => "atomic",
                Alike::CompareExchange => "compare-exchange",
                Alike::Spin => "spin",
                Alike::FalseSharing => "false-sharing",
                Alike::Padded => "padded",
                Alike::LocalThenMerge => "local-then-merge",
                Alike::FileLock => "file-lock",
            },
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether it may lose increments. The two that do are shown because they do.
    pub fn is_wrong_on_purpose(self) -> bool {
        matches!(self, Self::OwnCopy | Self::Alike(Alike::LostUpdate))
    }

    /// How many increments all workers together do if the user does not say: what takes about 50 to 100 ms on two
    /// cores, in the slower one of the models.
    pub fn increments(self) -> u64 {
        match self {
            Self::OwnCopy => 50_000_000,
            Self::Mutex => 2_000_000,
            Self::RwLock => 1_000_000,
            Self::Channel => 30_000,
            Self::Alike(alike) => match alike {
                Alike::LostUpdate => 50_000_000,
                Alike::Atomic | Alike::FalseSharing => 8_000_000,
                Alike::CompareExchange => 4_000_000,
                Alike::Spin => 2_000_000,
                Alike::Padded => 20_000_000,
                Alike::LocalThenMerge => 200_000_000,
                Alike::FileLock => 60_000,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mechanism_is_found_by_its_name() {
        for one in Mechanism::ALL {
            assert_eq!(Mechanism::named(one.name()), Some(one));
        }
        assert_eq!(Mechanism::named("mutexes"), None);
    }
}
