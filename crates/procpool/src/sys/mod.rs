//! What differs between systems. Linux is tested; other Unix systems and the rest are written for
//! and untested. All have the same functions.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub(crate) use unix::*;

#[cfg(not(unix))]
mod other;
#[cfg(not(unix))]
pub(crate) use other::*;
