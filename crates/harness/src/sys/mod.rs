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

#[cfg(feature = "measure")]
pub(crate) use platform::{
    adopt_orphans, group_lives, has_ended, in_group_of_its_own, kill_group, reap, wait_until_ended,
    wait_with_usage,
};
pub(crate) use platform::{cpu_time, keeping_hangup_ignored, monotonic_ns};

/// What a process and all descendants that were waited for used; absent where the system does not tell.
#[cfg(feature = "measure")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) cpu: Option<crate::record::CpuTime>,
    pub(crate) switches: Option<crate::measure::samples::Switches>,
    pub(crate) faults: Option<crate::measure::samples::Faults>,
}

#[cfg(feature = "measure")]
impl Usage {
    /// With what another process used. What is not known of one is not known of both.
    pub(crate) fn and(self, other: Self) -> Self {
        use crate::measure::samples::{Faults, Switches};
        use crate::record::CpuTime;

        Self {
            cpu: self.cpu.zip(other.cpu).map(|(one, two)| CpuTime {
                user_ns: one.user_ns + two.user_ns,
                system_ns: one.system_ns + two.system_ns,
            }),
            switches: self
                .switches
                .zip(other.switches)
                .map(|(one, two)| Switches {
                    voluntary: one.voluntary + two.voluntary,
                    involuntary: one.involuntary + two.involuntary,
                }),
            faults: self.faults.zip(other.faults).map(|(one, two)| Faults {
                minor: one.minor + two.minor,
                major: one.major + two.major,
            }),
        }
    }
}
