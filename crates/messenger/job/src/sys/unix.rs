//! By rustix: nothing here needs `unsafe`.

use std::io;
use std::sync::atomic::AtomicU32;

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

/// Sleeps while `word` is `seen`, until woken. `private`: only threads of this process wake it.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn sleep(word: &AtomicU32, seen: u32, private: bool) -> io::Result<()> {
    use rustix::io::Errno;
    use rustix::thread::futex;

    match futex::wait(word, flags(private), seen, None) {
        // Changed before; a signal.
        Ok(()) | Err(Errno::AGAIN | Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Wakes one that sleeps while `word` is what it was.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn wake(word: &AtomicU32, private: bool) {
    // It can only fail for an address that is none; and whoever sleeps looks again all the same.
    let _ = rustix::thread::futex::wake(word, flags(private), 1);
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn flags(private: bool) -> rustix::thread::futex::Flags {
    use rustix::thread::futex::Flags;

    if private {
        Flags::PRIVATE
    } else {
        Flags::empty()
    }
}

/// Bytes of memory that a program can have: what the system has left, and no more than it allows.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn available() -> Option<u64> {
    use rustix::process::{Resource, getrlimit};

    let told = std::fs::read_to_string("/proc/meminfo").ok();
    let left = told.as_deref().and_then(left);
    [left, getrlimit(Resource::As).current]
        .into_iter()
        .flatten()
        .min()
}

/// What `/proc/meminfo` says that programs can have without taking it from others.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn left(meminfo: &str) -> Option<u64> {
    let mut lines = meminfo.lines();
    let line = lines.find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) use super::elsewhere::*;

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn memory_is_what_the_system_says_is_left() {
        let told = "MemTotal:       25 kB\nMemAvailable:       20 kB\nBuffers: 3 kB\n";
        assert_eq!(left(told), Some(20 * 1024));
        assert_eq!(left("MemTotal:       25 kB\n"), None);
        assert!(available().is_some_and(|bytes| bytes > 1 << 20));
    }
}
