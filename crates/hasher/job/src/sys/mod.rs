//! What differs between platforms: opening a file without waiting for it, and what is not a file.
//!
//! Linux is tested; the rest of Unix is written for, and so is everything else, in `other.rs`.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "other.rs")]
mod platform;

pub(crate) use platform::{open_without_waiting, special_kind};
