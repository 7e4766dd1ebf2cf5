//! What only Linux has, for all others.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// The cores that this process may use.
pub(crate) fn cores() -> io::Result<Vec<u32>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Keeps the calling thread on that core.
pub(crate) fn pin(_core: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// An empty file in memory that has no name.
pub(crate) fn nameless() -> io::Result<(File, PathBuf)> {
    Err(io::ErrorKind::Unsupported.into())
}
