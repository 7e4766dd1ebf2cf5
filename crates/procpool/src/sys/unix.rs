//! Linux, and other Unix systems as far as they are alike (untested there).

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::{fs, io};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};

use crate::error::WorkerEnd;

/// A command that runs this very program.
pub(crate) fn this_program() -> io::Result<Command> {
    let path = std::env::current_exe()?;
    // The link leads to the running program even if its file has been replaced since.
    let exe = PathBuf::from("/proc/self/exe");
    let mut command = Command::new(if exe.exists() { &exe } else { &path });
    // `ps` shows the name; and a group of its own, so that Ctrl-C reaches the parent only, which
    // then takes its workers down in order.
    command.arg0(path).process_group(0);
    Ok(command)
}

/// Has the process ended? It stays a zombie, so its id stays its own.
pub(crate) fn has_ended(pid: u32) -> bool {
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

/// Is the calling thread the only one of this process? `None` if the system does not tell.
pub(crate) fn single_threaded() -> Option<bool> {
    fs::read_dir("/proc/self/task")
        .ok()
        .map(|threads| threads.count() == 1)
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
