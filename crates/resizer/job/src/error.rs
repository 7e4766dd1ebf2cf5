//! Why a picture was not resized.

use std::io;

use resizer_pixels::PixelsError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a picture was not resized. Whoever prints it puts the picture's name before it.
///
/// It crosses from worker processes to their parent, so an [`io::Error`] is kept as what it says.
#[derive(Clone, Debug, PartialEq, Error, Serialize, Deserialize)]
pub enum ResizeError {
    /// There is no such file.
    #[error("no such file or directory")]
    Missing,
    /// A directory, and nobody asked for what is in it.
    #[error("is a directory (add --recursive to resize the pictures in it)")]
    Directory,
    /// A FIFO, a socket or a device, which may never end.
    #[error("is a {0}, not a regular file")]
    NotAFile(String),
    /// It has no byte.
    #[error("is empty")]
    Empty,
    /// Its content is of no format that is read.
    #[error("is no picture: its content is neither JPEG, PNG, GIF, WebP, TIFF nor BMP")]
    NoPicture,
    /// The file alone is larger than a picture may be.
    #[error("has {bytes} bytes, and a picture may take {memory} (--memory)")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// What a picture may take, in bytes.
        memory: u64,
    },
    /// An earlier one of the same run goes where this one would go.
    #[error(
        "would be written to {output}, where {first} goes: give it another name, or --out another folder"
    )]
    Taken {
        /// Where it would go, in the output folder.
        output: String,
        /// What goes there.
        first: String,
    },
    /// It would be written over itself.
    #[error("would replace itself: give --out another folder")]
    Itself,
    /// It cannot be decoded, resized or encoded.
    #[error("{0}")]
    Pixels(#[from] PixelsError),
    /// The system refused to open or to read it.
    #[error("{0}")]
    System(String),
    /// The system refused to write what it has become.
    #[error("cannot be saved: {0}")]
    Save(String),
    /// A bug: the code that was at it panicked.
    #[error("panicked at {place}: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
        /// `file:line:column`; empty if that is not known.
        place: String,
    },
    /// The worker that was to resize it could not.
    #[error("{0}")]
    Worker(String),
}

impl From<io::Error> for ResizeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
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
        assert_eq!(ResizeError::from(error).to_string(), "permission denied");
    }
}
