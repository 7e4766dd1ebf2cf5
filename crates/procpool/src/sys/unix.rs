//! Linux, and other Unix systems as far as they are alike (untested there).

#[cfg(target_os = "linux")]
use std::ffi::CString;
use std::io::PipeReader;
#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;
use std::{fs, io};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};

use crate::error::WorkerEnd;
use crate::wire::page::Usage;

/// What a worker's command line begins with, beside the program's name: `ps` shows it, and what a
/// worker starts does not have it although it inherits the worker's environment.
const WORKER_MARK: &str = " (procpool worker)";

/// A command that runs this very program as a worker.
pub(crate) fn worker_program() -> io::Result<Command> {
    let path = std::env::current_exe()?;
    // The link leads to the running program even if its file has been replaced since.
    let exe = PathBuf::from("/proc/self/exe");
    let mut command = Command::new(if exe.exists() { &exe } else { &path });
    let mut name = path.into_os_string();
    name.push(WORKER_MARK);
    // A group of its own, so that Ctrl-C reaches the parent only, which then takes its workers down in
    // order.
    command.arg0(name).process_group(0);
    Ok(command)
}

/// Was this process started by [`worker_program`]?
pub(crate) fn is_worker() -> bool {
    let name = std::env::args_os().next();
    name.is_some_and(|name| name.as_encoded_bytes().ends_with(WORKER_MARK.as_bytes()))
}

/// The worker: writes the byte that the parent waits for, see [`crate::process::arrival`], and has an
/// empty standard input from then on, as has what it starts.
pub(crate) fn tell_of_arrival() -> io::Result<()> {
    rustix::io::retry_on_intr(|| rustix::io::write(io::stdin(), &[1]))?;
    rustix::stdio::dup2_stdin(fs::File::open("/dev/null")?)?;
    Ok(())
}

/// Waits so long for a byte, or for the end of the pipe. False if neither has come.
pub(crate) fn wait_for_input(pipe: &PipeReader, limit: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let limit = Timespec::try_from(limit).ok();
    let mut input = [PollFd::new(pipe, PollFlags::IN)];
    poll(&mut input, limit.as_ref()).is_ok_and(|ready| ready > 0)
}

/// What `top` shows: the program would be called `exe` after the link that it was started by.
#[cfg(target_os = "linux")]
pub(crate) fn name_worker() {
    let name = std::env::args_os().next().map(PathBuf::from);
    let name = name.as_ref().and_then(|path| path.file_name()?.to_str());
    let name = name.and_then(|name| name.strip_suffix(WORKER_MARK));
    // The system keeps 15 bytes.
    let short = name.and_then(|name| CString::new(name.get(..15).unwrap_or(name)).ok());
    // The name is a kindness; without it everything works.
    short.map(|name| rustix::thread::set_name(&name));
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn name_worker() {}

/// Nanoseconds of a clock that all processes share and nobody sets.
pub(crate) fn monotonic_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// What a process has used, or this one: as far as the system tells, which of one that has ended is
/// the CPU time alone.
pub(crate) fn usage(pid: Option<u32>) -> Option<Usage> {
    let directory = pid.map_or_else(|| "/proc/self".to_owned(), |pid| format!("/proc/{pid}"));
    let stat = fs::read_to_string(format!("{directory}/stat")).ok()?;
    let status = fs::read_to_string(format!("{directory}/status")).unwrap_or_default();
    // Behind the name, which may hold anything: state is the first field, utime the 12th.
    let fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|f| f.parse::<u64>().ok())
        .sum();
    let kilobytes = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        let number =
            line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<u64>().ok());
        number.map_or(0, |number| number * 1024)
    };
    Some(Usage {
        cpu_ns: ticks * (1_000_000_000 / rustix::param::clock_ticks_per_second()),
        peak: kilobytes("VmHWM:"),
        memory: kilobytes("VmRSS:"),
    })
}

/// CPU time of this process, in nanoseconds.
pub(crate) fn cpu_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// How many more files this process may open.
pub(crate) fn descriptors_left() -> Option<u64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current?;
    let open = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    Some(limit.saturating_sub(open))
}

/// What has happened to a worker.
pub(crate) enum Heard {
    /// It has written something, or nobody can any more.
    Output,
    /// It has ended.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "there is no watch that could tell")
    )]
    Exit,
}

/// Tells when a process has ended, whoever still holds its pipes.
pub(crate) struct ExitWatch(#[cfg(target_os = "linux")] OwnedFd);

impl ExitWatch {
    /// `None` if the system has nothing of the kind.
    #[cfg(target_os = "linux")]
    pub(crate) fn new(pid: u32) -> Option<ExitWatch> {
        let flags = rustix::process::PidfdFlags::empty();
        rustix::process::pidfd_open(raw(pid)?, flags)
            .ok()
            .map(ExitWatch)
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn new(_pid: u32) -> Option<ExitWatch> {
        None
    }

    /// Waits for the end.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait(&self) {
        use rustix::event::{PollFd, PollFlags, poll};
        let mut exit = [PollFd::new(&self.0, PollFlags::IN)];
        while let Err(rustix::io::Errno::INTR) = poll(&mut exit, None) {}
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn wait(&self) {}

    /// Waits for output or the end, whichever comes first. What was written before the end is output.
    #[cfg(target_os = "linux")]
    pub(crate) fn next(pipe: &PipeReader, exit: Option<&ExitWatch>) -> Heard {
        use rustix::event::{PollFd, PollFlags, poll};
        let Some(exit) = exit else {
            return Heard::Output;
        };
        let mut both = [
            PollFd::new(pipe, PollFlags::IN),
            PollFd::new(&exit.0, PollFlags::IN),
        ];
        loop {
            match poll(&mut both, None) {
                Ok(_) if !both[0].revents().is_empty() => return Heard::Output,
                Ok(_) => return Heard::Exit,
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return Heard::Output,
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn next(_pipe: &PipeReader, _exit: Option<&ExitWatch>) -> Heard {
        Heard::Output
    }
}

/// Has the process ended? It stays a zombie, so its id stays its own.
pub(crate) fn has_ended(child: &mut Child) -> bool {
    let pid = child.id();
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    match raw(pid).map(|pid| rustix::process::waitid(WaitId::Pid(pid), options)) {
        Some(Ok(status)) => status.is_some(),
        Some(Err(rustix::io::Errno::INTR)) => false,
        // Nobody else waits for our children; if someone does, there is nothing left to wait for.
        _ => true,
    }
}

/// Kills a worker and the processes that it has left in its group. The worker must not have been
/// waited for, or the id may be someone else's.
pub(crate) fn kill_group(pid: u32) {
    if let Some(pid) = raw(pid) {
        let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        // In case that the group is not there yet.
        let _ = rustix::process::kill_process(pid, Signal::KILL);
    }
}

/// Ends this worker at once, whatever its threads are doing, with everything that it has started.
pub(crate) fn die() -> ! {
    if rustix::process::getpgrp() == rustix::process::getpid() {
        let _ = rustix::process::kill_current_process_group(Signal::KILL);
    }
    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::KILL);
    std::process::abort()
}

pub(crate) fn worker_end(status: ExitStatus) -> WorkerEnd {
    status.signal().map_or(
        WorkerEnd::Exited(status.code().unwrap_or(-1)),
        WorkerEnd::Killed,
    )
}

/// The usual name of a signal that ends processes.
pub(crate) fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match Signal::from_named_raw(signal)? {
        Signal::KILL => "SIGKILL",
        Signal::SEGV => "SIGSEGV",
        Signal::ABORT => "SIGABRT",
        Signal::BUS => "SIGBUS",
        Signal::ILL => "SIGILL",
        Signal::FPE => "SIGFPE",
        Signal::TERM => "SIGTERM",
        Signal::INT => "SIGINT",
        Signal::HUP => "SIGHUP",
        Signal::QUIT => "SIGQUIT",
        Signal::PIPE => "SIGPIPE",
        Signal::ALARM => "SIGALRM",
        Signal::TRAP => "SIGTRAP",
        Signal::XCPU => "SIGXCPU",
        Signal::XFSZ => "SIGXFSZ",
        Signal::SYS => "SIGSYS",
        Signal::USR1 => "SIGUSR1",
        Signal::USR2 => "SIGUSR2",
        _ => return None,
    })
}

fn raw(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}
