//! Systems that are not Unix. Written for, not tested.

#[cfg(feature = "measure")]
use std::io;
#[cfg(feature = "measure")]
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(feature = "measure")]
use super::Usage;
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

/// Groups of processes are a thing of Unix.
#[cfg(feature = "measure")]
pub(crate) fn in_group_of_its_own(_command: &mut Command) {}

/// Waits until `child` has ended.
#[cfg(feature = "measure")]
pub(crate) fn wait_until_ended(child: &mut Child) -> io::Result<()> {
    child.wait().map(drop)
}

/// Whether `child` has ended.
#[cfg(feature = "measure")]
pub(crate) fn has_ended(child: &mut Child) -> io::Result<bool> {
    child.try_wait().map(|status| status.is_some())
}

/// Kills a process and its descendants, by the program that Windows has for it.
#[cfg(feature = "measure")]
pub(crate) fn kill(pid: u32) {
    let mut kill = Command::new("taskkill");
    kill.args(["/T", "/F", "/PID", &pid.to_string()]);
    kill.stdout(Stdio::null()).stderr(Stdio::null());
    // If it has ended already, that is as good.
    let _ = kill.status();
}

/// The same: a process stands for its descendants.
#[cfg(feature = "measure")]
pub(crate) fn kill_group(leader: u32) {
    kill(leader);
}

/// Not known here.
#[cfg(feature = "measure")]
pub(crate) fn group_lives(_leader: u32) -> bool {
    false
}

/// Waits for `child`; what it used is not known here.
#[cfg(feature = "measure")]
pub(crate) fn wait_with_usage(mut child: Child) -> io::Result<(ExitStatus, Usage)> {
    Ok((child.wait()?, Usage::default()))
}

/// Orphans are a thing of Unix.
#[cfg(feature = "measure")]
pub(crate) fn adopt_orphans() -> bool {
    false
}

/// The same.
#[cfg(feature = "measure")]
pub(crate) fn reap(_pid: u32) -> Option<Usage> {
    None
}
