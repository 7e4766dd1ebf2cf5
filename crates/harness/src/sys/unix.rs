//! Unix. Tested on Linux only.
#![allow(
    unsafe_code,
    reason = "getrusage, wait4 and sigaction have no safe wrapper in std or rustix"
)]

use std::io;
use std::mem::MaybeUninit;
#[cfg(feature = "measure")]
use std::process::{Child, Command, ExitStatus};

#[cfg(feature = "measure")]
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use rustix::time::{ClockId, clock_gettime};

#[cfg(feature = "measure")]
use super::Usage;
#[cfg(feature = "measure")]
use crate::measure::samples::{Faults, Switches};
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

/// The program will lead a process group of its own, so that all of it can be found and killed. Ctrl-C in
/// a terminal does not reach it then.
#[cfg(feature = "measure")]
pub(crate) fn in_group_of_its_own(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

/// Waits until `child` has ended, and leaves it to be waited for: until then its number stays its own
/// (waitid(2)).
#[cfg(feature = "measure")]
pub(crate) fn wait_until_ended(child: &mut Child) -> io::Result<()> {
    ended(child, WaitIdOptions::empty()).map(drop)
}

/// Whether `child` has ended. It is left to be waited for.
#[cfg(feature = "measure")]
pub(crate) fn has_ended(child: &mut Child) -> io::Result<bool> {
    ended(child, WaitIdOptions::NOHANG)
}

#[cfg(feature = "measure")]
fn ended(child: &Child, options: WaitIdOptions) -> io::Result<bool> {
    let options = options | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let id = WaitId::Pid(Pid::from_child(child));
    let status = rustix::io::retry_on_intr(|| rustix::process::waitid(id.clone(), options))?;
    Ok(status.is_some())
}

/// Kills a process. If it has ended already, that is as good.
#[cfg(feature = "measure")]
pub(crate) fn kill(pid: u32) {
    if let Some(pid) = known(pid) {
        let _ = rustix::process::kill_process(pid, Signal::KILL);
    }
}

/// Kills everything in the process group that `leader` leads or led.
#[cfg(feature = "measure")]
pub(crate) fn kill_group(leader: u32) {
    if let Some(leader) = known(leader) {
        let _ = rustix::process::kill_process_group(leader, Signal::KILL);
    }
}

/// Whether anything is left of the group that `leader` led, what has ended and was not waited for included. To
/// be asked when the leader has been waited for, and where there is no list of processes.
#[cfg(feature = "measure")]
pub(crate) fn group_lives(leader: u32) -> bool {
    known(leader).is_some_and(|leader| rustix::process::test_kill_process_group(leader).is_ok())
}

#[cfg(feature = "measure")]
fn known(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

/// Waits for `child` and says what it and every descendant that was waited for used (wait4(2)).
///
/// `RUSAGE_CHILDREN` would not do: it adds up all children of this process.
#[cfg(feature = "measure")]
#[expect(
    clippy::needless_pass_by_value,
    reason = "nobody shall wait for a child that has been waited for, and an owned one cannot be used again"
)]
pub(crate) fn wait_with_usage(child: Child) -> io::Result<(ExitStatus, Usage)> {
    use std::os::unix::process::ExitStatusExt;

    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    match wait4(pid, 0)? {
        Some((status, usage)) => Ok((ExitStatus::from_raw(status), usage)),
        None => Err(io::Error::other("wait4 returned without a process")),
    }
}

/// Takes leave of a child that has ended and that nobody else waits for, and says what it used; nothing if it
/// has not ended, or is none.
#[cfg(feature = "measure")]
pub(crate) fn reap(pid: u32) -> Option<Usage> {
    let pid = libc::pid_t::try_from(pid).ok()?;
    let (_, usage) = wait4(pid, libc::WNOHANG).ok()??;
    Some(usage)
}

/// From now on, processes whose parent ends become children of this one, if they descend from it
/// (`PR_SET_CHILD_SUBREAPER`, prctl(2)). Says whether there is such a thing here.
#[cfg(feature = "measure")]
pub(crate) fn adopt_orphans() -> bool {
    #[cfg(target_os = "linux")]
    return rustix::process::set_child_subreaper(Some(rustix::process::getpid())).is_ok();
    #[cfg(not(target_os = "linux"))]
    false
}

/// wait4(2). Nothing if it was asked not to wait, and the child has not ended.
#[cfg(feature = "measure")]
fn wait4(pid: libc::pid_t, options: libc::c_int) -> io::Result<Option<(libc::c_int, Usage)>> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    loop {
        // SAFETY: both pointers are valid for writes for the whole call. Waiting for a process that is no
        // child of ours, or was waited for already, is an error and nothing worse.
        let waited = unsafe { libc::wait4(pid, &raw mut status, options, usage.as_mut_ptr()) };
        if waited == pid {
            break;
        }
        if waited == 0 {
            return Ok(None);
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: wait4 returned a process, so it has filled the structure.
    let usage = unsafe { usage.assume_init() };
    Ok(Some((status, used(&usage))))
}

#[cfg(feature = "measure")]
fn used(usage: &libc::rusage) -> Usage {
    // Counts are never negative.
    let count = |figure: libc::c_long| figure as u64;
    Usage {
        cpu: Some(cpu_of(usage)),
        switches: Some(Switches {
            voluntary: count(usage.ru_nvcsw),
            involuntary: count(usage.ru_nivcsw),
        }),
        faults: Some(Faults {
            minor: count(usage.ru_minflt),
            major: count(usage.ru_majflt),
        }),
    }
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
        assert!(usage.cpu.unwrap().total_ns() > 10_000_000, "{usage:?}");
    }

    #[cfg(feature = "measure")]
    #[test]
    fn switches_and_faults_are_those_of_the_whole_tree() {
        let used = |script: &str| {
            let mut command = std::process::Command::new("sh");
            let child = command.args(["-c", script]).spawn().unwrap();
            wait_with_usage(child).unwrap().1
        };
        let (little, much) = (
            used("true"),
            used("sh -c 'sleep 0.01; sleep 0.01; sleep 0.01'; true"),
        );
        let waited = |usage: Usage| usage.switches.unwrap().voluntary;
        // Three programs that sleep once each, three shells' waits for them.
        assert!(waited(much) >= waited(little) + 3, "{little:?} {much:?}");
        let touched = |usage: Usage| usage.faults.unwrap().minor;
        assert!(touched(much) > 2 * touched(little), "{little:?} {much:?}");
    }
}
