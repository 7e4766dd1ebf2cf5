//! What differs between platforms: the clock, CPU time, waiting for a child with its usage.
//!
//! Every file offers the same functions; a system without an answer says `None`. Linux is tested;
//! `unix.rs` is written for macOS and the BSDs too, and `other.rs` for Windows, but not tested there.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "other.rs")]
mod platform;

#[cfg(feature = "measure")]
pub(crate) use platform::wait_with_usage;
pub(crate) use platform::{cpu_time, keeping_hangup_ignored, monotonic_ns};
