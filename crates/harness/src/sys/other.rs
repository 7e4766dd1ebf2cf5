//! Systems that are not Unix. Written for, not tested.

#[cfg(feature = "measure")]
use std::io;
#[cfg(feature = "measure")]
use std::process::{Child, ExitStatus};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::record::CpuTime;

/// Nanoseconds of the system's clock: not monotonic, but the same for all processes of a machine.
pub(crate) fn monotonic_ns() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

/// Not known here.
pub(crate) fn cpu_time() -> Option<CpuTime> {
    None
}

/// Signals that are ignored are a thing of Unix.
pub(crate) fn keeping_hangup_ignored<T>(change: impl FnOnce() -> T) -> T {
    change()
}

/// Waits for `child`; what it used is not known here.
#[cfg(feature = "measure")]
pub(crate) fn wait_with_usage(mut child: Child) -> io::Result<(ExitStatus, Option<CpuTime>)> {
    Ok((child.wait()?, None))
}
