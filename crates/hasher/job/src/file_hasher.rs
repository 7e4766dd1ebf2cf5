//! A worker's tool: it opens, reads and hashes.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::Path;

use harness::contestant::Stamp;
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::error::HashError;
use crate::sys::{open_without_waiting, special_kind};
use crate::task::{Answer, Entry, Hashed, Item, Task};

/// Fits the second-level cache of today's processors beside the code, and a system call for every
/// 64 KiB costs next to nothing. Reading beats mapping: a mapped file that shrinks kills with SIGBUS.
const BUFFER: usize = 64 * 1024;

/// Answers tasks, one after another. Each worker has its own: its buffer is used again for every file.
#[derive(Debug)]
pub struct FileHasher {
    buffer: Vec<u8>,
}

impl Default for FileHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl FileHasher {
    /// A hasher with a buffer.
    pub fn new() -> Self {
        Self {
            buffer: vec![0; BUFFER],
        }
    }

    /// Does `task`. What goes wrong is in the answer.
    pub fn answer(&mut self, task: Task) -> Answer {
        match task {
            Task::Known(entry) => Answer { entry, stamp: None },
            Task::Hash { name, expected } => {
                let (result, stamp) = Stamp::of(|| self.hash_file(Path::new(&name)));
                let entry = Entry::Item(Item {
                    name,
                    expected,
                    result,
                });
                Answer {
                    entry,
                    stamp: Some(stamp),
                }
            }
        }
    }

    /// The digest of the regular file at `path`.
    fn hash_file(&mut self, path: &Path) -> Result<Hashed, HashError> {
        let file = open_without_waiting(path).map_err(|error| refusal(path, error))?;
        let before = file.metadata()?;
        regular(&before)?;
        let hashed = self.hash(&file, before.len())?;
        let after = file.metadata()?;
        if before.len() != after.len() || before.modified().ok() != after.modified().ok() {
            return Err(HashError::Changed);
        }
        Ok(hashed)
    }

    /// The digest of `stream`, to its end.
    pub(crate) fn hash_stream(&mut self, stream: impl Read) -> Result<Hashed, HashError> {
        self.hash(stream, 0)
    }

    /// The digest of what `stream` gives, which claims to have `size` bytes. Files in /proc claim 0 and
    /// those in /sys more than they have, so the claim is only used for two things: to save the read
    /// that finds the end, and not to run for ever after a file that grows as fast as it is read (unless
    /// that was empty when it was opened).
    fn hash(&mut self, mut stream: impl Read, size: u64) -> Result<Hashed, HashError> {
        let mut hasher = Sha256::new();
        let mut bytes = 0;
        loop {
            match stream.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(count) => {
                    hasher.update(&self.buffer[..count]);
                    bytes += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
            if size > 0 && bytes >= size {
                break;
            }
        }
        Ok(Hashed {
            digest: Digest(hasher.finalize().into()),
            bytes,
        })
    }
}

/// Why `path` could not be opened. A socket cannot, with an error that names no socket.
fn refusal(path: &Path, error: io::Error) -> HashError {
    match fs::metadata(path).map(|metadata| regular(&metadata)) {
        Ok(Err(not_a_file)) => not_a_file,
        _ => error.into(),
    }
}

fn regular(metadata: &Metadata) -> Result<(), HashError> {
    match metadata.file_type() {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(HashError::Directory),
        kind => Err(HashError::NotAFile(special_kind(kind).to_owned())),
    }
}

/// The digest of standard input, if it has not been read before (then it is empty).
pub(crate) fn hash_stdin() -> Result<Hashed, HashError> {
    FileHasher::new().hash_stream(io::stdin().lock())
}
