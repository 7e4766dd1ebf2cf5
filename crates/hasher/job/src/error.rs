//! Why an item has no digest.

use std::io;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why an item has no digest. Whoever prints it puts the item's name before it.
///
/// It crosses from worker processes to their parent, so an [`io::Error`] is kept as what it says.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum HashError {
    /// There is no such file. Told apart from other errors for `--ignore-missing`.
    #[error("no such file or directory")]
    Missing,
    /// A directory, and nobody asked for what is in it.
    #[error("is a directory")]
    Directory,
    /// A FIFO, a socket or a device, which may never end.
    #[error("is a {0}, not a regular file (to hash a stream, give it on standard input with `-`)")]
    NotAFile(String),
    /// Its size or its time of change were not the same after reading: no digest would be the file's.
    #[error("changed while it was read")]
    Changed,
    /// The system refused to open or to read it.
    #[error("{0}")]
    System(String),
    /// The worker that was to hash it could not.
    #[error("{0}")]
    Worker(String),
}

impl From<io::Error> for HashError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::WouldBlock => {
                Self::System("has nothing to read now and is no file that ends".into())
            }
            _ => Self::System(cause(&error)),
        }
    }
}

/// What `error` says, in the style of the other messages: lower-case, without the system's number.
pub(crate) fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_lower_case_and_without_numbers() {
        let error = io::Error::from_raw_os_error(13);
        assert_eq!(cause(&error), "permission denied");
        assert_eq!(HashError::from(error).to_string(), "permission denied");
    }
}
