//! What differs between platforms: opening a file without waiting for it, what is not a file, which files are
//! the same, who may read a new one, and how to limit one's own memory.
//!
//! Linux is tested; the rest of Unix is written for, and so is everything else, in `other.rs`.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "other.rs")]
mod platform;

pub(crate) use platform::{
    is_same_file, limit_memory, open_without_waiting, special_kind, with_usual_permissions,
};
