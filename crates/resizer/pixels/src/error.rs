//! Why a picture could not be made smaller.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::format::Format;

/// Why a picture could not be made smaller. The file's name is for the caller to say.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PixelsError {
    /// There is nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// It begins like none of the formats.
    #[error("not a picture (JPEG, PNG, GIF, WebP, TIFF and BMP are known)")]
    NotAPicture,
    /// It is of a kind that is not known here.
    #[error("{format}: {what} is not supported")]
    Unsupported {
        /// Of which format it is.
        format: Format,
        /// Which kind.
        what: String,
    },
    /// It is not what its format asks for, or ends early.
    #[error("{format}: damaged: {cause}")]
    Damaged {
        /// Of which format it is.
        format: Format,
        /// What the decoder found.
        cause: String,
    },
    /// Its header asks for more memory than it may take. Nothing was taken.
    #[error("{width}x{height} pixels need {needed} MB to decode, and {allowed} MB are allowed")]
    TooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// How much it would take, in megabytes.
        needed: u64,
        /// How much is allowed, in megabytes.
        allowed: u64,
    },
    /// The result does not fit into the format to write.
    #[error("{format} cannot hold {width}x{height} pixels (at most {most} a side)")]
    TooWide {
        /// The format to write.
        format: Format,
        /// The width to write.
        width: u32,
        /// The height to write.
        height: u32,
        /// What a side may have.
        most: u32,
    },
    /// The encoder refused.
    #[error("cannot be written as {format}: {cause}")]
    Encoding {
        /// The format to write.
        format: Format,
        /// What the encoder said.
        cause: String,
    },
}
