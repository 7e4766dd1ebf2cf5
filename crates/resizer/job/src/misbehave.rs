//! What a worker does wrong when it is told to, so that everyone can see what that costs: `--misbehave`.

use std::hint::black_box;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::sys::limit_memory;

/// Beyond what the process has, so much memory is taken before the system says no, in bytes.
const MEMORY: u64 = 256 << 20;

/// What to do wrong at which picture: `NAME=abort`, for instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misbehaviour {
    /// The picture's name, without folders.
    name: String,
    misdeed: Misdeed,
}

/// What can be done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Misdeed {
    /// A panic, which can be caught.
    Panic,
    /// An abort, as a library in C may do it.
    Abort,
    /// A stack without end.
    Overflow,
    /// Memory without end, up to a limit that the process sets for itself.
    Memory,
}

impl Misbehaviour {
    /// Misbehaves if `path` is the picture to do it at.
    pub(crate) fn at(&self, path: &Path) {
        if path
            .file_name()
            .is_some_and(|name| name == self.name.as_str())
        {
            self.misdeed.commit();
        }
    }
}

impl FromStr for Misbehaviour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, misdeed) = text
            .rsplit_once('=')
            .ok_or("NAME=panic, NAME=abort, NAME=overflow or NAME=memory is needed")?;
        let misdeed = match misdeed {
            "panic" => Misdeed::Panic,
            "abort" => Misdeed::Abort,
            "overflow" => Misdeed::Overflow,
            "memory" => Misdeed::Memory,
            other => {
                return Err(format!(
                    "`{other}` is neither panic, abort, overflow nor memory"
                ));
            }
        };
        Ok(Self {
            name: name.to_owned(),
            misdeed,
        })
    }
}

impl Misdeed {
    fn commit(self) {
        match self {
            Self::Panic => panic!("told to, by --misbehave"),
            Self::Abort => std::process::abort(),
            Self::Overflow => drop(black_box(deeper(1))),
            Self::Memory => take_memory(),
        }
    }
}

/// Each call has a kilobyte on the stack, and needs it after the next one has returned.
#[expect(unconditional_recursion, reason = "its end is that of the stack")]
fn deeper(level: u64) -> u64 {
    let room = black_box([level; 128]);
    deeper(level + 1) + room[(level % 128) as usize]
}

/// Takes memory and writes to it until the allocator gives up, which ends the process.
fn take_memory() {
    limit_memory(MEMORY);
    let mut taken = Vec::new();
    loop {
        taken.push(black_box(vec![1_u8; 1 << 20]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_picture_of_that_name_is_misbehaved_at() {
        let panic: Misbehaviour = "a=b.jpg=panic".parse().unwrap();
        panic.at(Path::new("x/b.jpg"));
        panic.at(Path::new("a=b.jpg/x"));
        assert!(std::panic::catch_unwind(|| panic.at(Path::new("x/a=b.jpg"))).is_err());
    }

    #[test]
    fn what_is_no_misdeed_is_refused() {
        for text in ["a.jpg", "a.jpg=", "a.jpg=Panic", ""] {
            assert!(text.parse::<Misbehaviour>().is_err(), "{text}");
        }
    }
}
