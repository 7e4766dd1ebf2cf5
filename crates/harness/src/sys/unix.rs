//! Unix. Tested on Linux only.
#![allow(
    unsafe_code,
    reason = "getrusage, wait4 and sigaction have no safe wrapper in std or rustix"
)]

use std::io;
use std::mem::MaybeUninit;
#[cfg(feature = "measure")]
use std::process::{Child, ExitStatus};

use rustix::time::{ClockId, clock_gettime};

use crate::record::CpuTime;

/// Nanoseconds of the monotonic clock. All processes of a machine read the same clock, which is what
/// `Instant` does not promise and cannot send to another process.
pub(crate) fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// CPU time so far of this process and of every child that it has waited for (getrusage(2)).
pub(crate) fn cpu_time() -> Option<CpuTime> {
    let own = usage_of(libc::RUSAGE_SELF).ok()?;
    let children = usage_of(libc::RUSAGE_CHILDREN).ok()?;
    Some(CpuTime {
        user_ns: own.user_ns + children.user_ns,
        system_ns: own.system_ns + children.system_ns,
    })
}

/// Runs `change`, which may set handlers for signals. If SIGHUP was ignored before it, it is afterwards
/// (sigaction(2)), and stays so in programs that this one starts. Not SIGINT: shells start background
/// jobs with it ignored, and who sends it to one by hand means it.
pub(crate) fn keeping_hangup_ignored<T>(change: impl FnOnce() -> T) -> T {
    let ignored = is_ignored(libc::SIGHUP);
    let result = change();
    if ignored {
        // SAFETY: SIG_IGN is a valid disposition for this signal and runs no code of ours.
        unsafe { libc::signal(libc::SIGHUP, libc::SIG_IGN) };
    }
    result
}

fn is_ignored(signal: libc::c_int) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action nothing is changed; the pointer is valid for writes.
    if unsafe { libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: sigaction returned 0, so it has filled the structure.
    unsafe { action.assume_init() }.sa_sigaction == libc::SIG_IGN
}

/// Waits for `child` and says what it and every descendant that was waited for used (wait4(2)).
///
/// `RUSAGE_CHILDREN` would not do: it adds up all children of this process.
#[cfg(feature = "measure")]
#[expect(
    clippy::needless_pass_by_value,
    reason = "nobody shall wait for a child that has been waited for, and an owned one cannot be used again"
)]
pub(crate) fn wait_with_usage(child: Child) -> io::Result<(ExitStatus, Option<CpuTime>)> {
    use std::os::unix::process::ExitStatusExt;

    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    loop {
        // SAFETY: both pointers are valid for writes for the whole call. The process is a child of
        // ours that nobody has waited for: `child` is owned here and dropped without `wait`.
        let waited = unsafe { libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr()) };
        if waited == pid {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: wait4 returned a process, so it has filled the structure.
    let usage = unsafe { usage.assume_init() };
    Ok((ExitStatus::from_raw(status), Some(cpu_of(&usage))))
}

fn usage_of(who: libc::c_int) -> io::Result<CpuTime> {
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: the pointer is valid for writes for the whole call.
    if unsafe { libc::getrusage(who, usage.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: getrusage returned 0, so it has filled the structure.
    Ok(cpu_of(&unsafe { usage.assume_init() }))
}

fn cpu_of(usage: &libc::rusage) -> CpuTime {
    let ns = |time: libc::timeval| time.tv_sec as u64 * 1_000_000_000 + time.tv_usec as u64 * 1_000;
    CpuTime {
        user_ns: ns(usage.ru_utime),
        system_ns: ns(usage.ru_stime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_forward() {
        let before = monotonic_ns();
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(monotonic_ns() > before);
    }

    #[test]
    fn cpu_time_grows_with_calculation() {
        let before = cpu_time().unwrap().total_ns();
        let mut sum = 0_u64;
        while cpu_time().unwrap().total_ns() == before {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(7));
        }
        assert!(cpu_time().unwrap().total_ns() > before);
    }

    #[cfg(feature = "measure")]
    #[test]
    fn usage_counts_grandchildren_that_were_waited_for() {
        // The inner shell calculates; the outer one only waits for it.
        let script = "sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; true";
        let child = std::process::Command::new("sh")
            .args(["-c", script])
            .spawn()
            .unwrap();
        let (status, usage) = wait_with_usage(child).unwrap();
        assert!(status.success());
        assert!(usage.unwrap().total_ns() > 10_000_000, "{usage:?}");
    }
}
