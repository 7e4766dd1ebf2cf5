//! What differs between platforms: the clock, CPU time, waiting for a child with its usage, other
//! processes, what the system counts.
//!
//! `unix.rs` and `other.rs` offer the same functions; a system without an answer says `None`. Linux is
//! tested; `unix.rs` is written for macOS and the BSDs too, and `other.rs` for Windows, but not tested
//! there. `processes.rs` and `counters.rs` read files that only Linux has.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "other.rs")]
mod platform;

#[cfg(feature = "measure")]
pub(crate) mod counters;
#[cfg(feature = "measure")]
pub(crate) mod processes;

pub(crate) use platform::{cpu_time, keeping_hangup_ignored, monotonic_ns};
#[cfg(feature = "measure")]
pub(crate) use platform::{
    group_lives, has_ended, in_group_of_its_own, wait_until_ended, wait_with_usage,
};

/// What a process and all descendants that were waited for used; absent where the system does not tell.
#[cfg(feature = "measure")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) cpu: Option<crate::record::CpuTime>,
    pub(crate) switches: Option<crate::measure::samples::Switches>,
    pub(crate) faults: Option<crate::measure::samples::Faults>,
}
