//! What only Linux has, for all others.

use std::io;
use std::sync::atomic::AtomicU32;

/// The cores that this process may use.
pub(crate) fn cores() -> io::Result<Vec<u32>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Keeps the calling thread on that core.
pub(crate) fn pin(_core: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Sleeps while `word` is `seen`. No way that needs it is offered.
pub(crate) fn sleep(_word: &AtomicU32, _seen: u32, _private: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Wakes one that sleeps: there is none.
pub(crate) fn wake(_word: &AtomicU32, _private: bool) {}

/// Bytes of memory that are free for a program: not known.
pub(crate) fn available() -> Option<u64> {
    None
}
