//! Which ways there are for a message, and what each of them is.

use harness::record::Model;
use serde::{Deserialize, Serialize};

/// A way for a message from one worker to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// No other worker: what a message costs by itself.
    Alone(Alone),
    /// One that is the same code between threads and between processes.
    Alike(Alike),
    /// std's channel; each message is a copy.
    Mpsc,
    /// crossbeam's channel; each message is a copy.
    Crossbeam,
    /// tokio's channel, waited for by threads; each message is a copy.
    Tokio,
    /// A box that is moved through std's channel, and comes back to be used again.
    Moved,
    /// One payload that both have, by reference, through std's channel.
    Arc,
    /// ipc-channel, of a type with a vector in it.
    IpcTyped,
    /// ipc-channel, of bytes.
    IpcBytes,
}

/// A way that needs memory, or files, that both workers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alike {
    /// Written where the other one reads it, who looks again and again.
    InPlaceSpin,
    /// Written where the other one reads it, who sleeps until woken.
    InPlaceFutex,
    /// Copied into shared memory and out of it, with looking again and again.
    CopiedSpin,
    /// Copied into shared memory and out of it, with sleeping.
    CopiedFutex,
    /// Two pipes of the system.
    Pipe,
    /// A pair of sockets of the system.
    Socketpair,
}

/// What is done with a message without handing it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alone {
    /// Written and checked, as every way does.
    Touch,
    /// And copied.
    Copy,
    /// And encoded by serde and postcard, from a type with a vector, and decoded.
    Postcard,
    /// And encoded as bytes, by the same.
    PostcardBytes,
}

impl Way {
    /// All of them: by model, then by what they cost, about.
    pub const ALL: [Self; 17] = [
        Self::Alone(Alone::Touch),
        Self::Alone(Alone::Copy),
        Self::Alone(Alone::PostcardBytes),
        Self::Alone(Alone::Postcard),
        Self::Alike(Alike::InPlaceSpin),
        Self::Alike(Alike::CopiedSpin),
        Self::Alike(Alike::InPlaceFutex),
        Self::Alike(Alike::CopiedFutex),
        Self::Alike(Alike::Pipe),
        Self::Alike(Alike::Socketpair),
        Self::Moved,
        Self::Arc,
        Self::Mpsc,
        Self::Crossbeam,
        Self::Tokio,
        Self::IpcBytes,
        Self::IpcTyped,
    ];

    /// Its name on the command line, in tables and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alone(Alone::Touch) => "touch",
            Self::Alone(Alone::Copy) => "copy",
            Self::Alone(Alone::Postcard) => "postcard",
            Self::Alone(Alone::PostcardBytes) => "postcard-bytes",
            Self::Alike(Alike::InPlaceSpin) => "in-place-spin",
            Self::Alike(Alike::InPlaceFutex) => "in-place-futex",
            Self::Alike(Alike::CopiedSpin) => "copied-spin",
            Self::Alike(Alike::CopiedFutex) => "copied-futex",
            Self::Alike(Alike::Pipe) => "pipe",
            Self::Alike(Alike::Socketpair) => "socketpair",
            Self::Mpsc => "mpsc",
            Self::Crossbeam => "crossbeam",
            Self::Tokio => "tokio",
            Self::Moved => "moved",
            Self::Arc => "arc",
            Self::IpcTyped => "ipc-typed",
            Self::IpcBytes => "ipc-bytes",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Those that the program for `model` has on this system.
    pub fn of(model: Model) -> Vec<Self> {
        let has = |way: &Self| match way {
            Self::Alone(_) => model == Model::Sequential,
            Self::Alike(one) => model != Model::Sequential && one.is_here(),
            Self::Mpsc | Self::Crossbeam | Self::Tokio | Self::Moved | Self::Arc => {
                model == Model::Threads
            }
            Self::IpcTyped | Self::IpcBytes => model == Model::Processes,
        };
        Self::ALL.into_iter().filter(has).collect()
    }
}

impl Alike {
    /// Whether the system has what it needs.
    fn is_here(self) -> bool {
        match self {
            Self::InPlaceSpin | Self::CopiedSpin => true,
            // Waiting for a word in memory that others share: no other system offers it to programs.
            Self::InPlaceFutex | Self::CopiedFutex => cfg!(target_os = "linux"),
            Self::Pipe | Self::Socketpair => cfg!(unix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_found_by_its_name_and_belongs_to_a_model() {
        let models = [Model::Sequential, Model::Threads, Model::Processes];
        for one in Way::ALL {
            assert_eq!(Way::named(one.name()), Some(one));
        }
        if cfg!(target_os = "linux") {
            for one in Way::ALL {
                assert!(models.iter().any(|model| Way::of(*model).contains(&one)));
            }
        }
        assert_eq!(Way::named("pipes"), None);
    }
}
