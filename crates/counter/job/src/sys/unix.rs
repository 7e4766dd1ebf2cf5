//! By rustix: nothing here needs `unsafe`.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// CPU time of the calling thread, in nanoseconds.
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems do not tell, and have the same signature"
)]
pub(crate) fn cpu_time_of_this_thread() -> Option<u64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Some(time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64)
}

/// The cores that this process may use.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn cores() -> io::Result<Vec<u32>> {
    let set = rustix::thread::sched_getaffinity(None)?;
    let most = rustix::thread::CpuSet::MAX_CPU;
    Ok((0..most as u32)
        .filter(|core| set.is_set(*core as usize))
        .collect())
}

/// Keeps the calling thread on that core.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn pin(core: u32) -> io::Result<()> {
    let mut set = rustix::thread::CpuSet::new();
    set.set(core as usize);
    Ok(rustix::thread::sched_setaffinity(None, &set)?)
}

/// An empty file in memory that has no name, and a path under which the other workers find it while it is open here.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn nameless() -> io::Result<(File, PathBuf)> {
    use std::os::fd::AsRawFd;

    let file = File::from(rustix::fs::memfd_create(
        "counter",
        rustix::fs::MemfdFlags::CLOEXEC,
    )?);
    let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    Ok((file, path.into()))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) use super::elsewhere::*;
