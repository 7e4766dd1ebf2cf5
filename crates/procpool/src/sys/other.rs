//! Systems that are not Unix: written for, untested.

use std::io::{self, PipeReader};
use std::process::{Child, Command, ExitStatus};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::error::WorkerEnd;
use crate::wire::page::Usage;

/// The argument that makes this program a worker; what a worker starts does not have it although it
/// inherits the worker's environment.
const WORKER_MARK: &str = "--procpool-worker";

pub(crate) fn worker_program() -> io::Result<Command> {
    let mut command = std::env::current_exe().map(Command::new)?;
    command.arg(WORKER_MARK);
    Ok(command)
}

pub(crate) fn is_worker() -> bool {
    std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == WORKER_MARK)
}

/// The worker: writes the byte that the parent waits for.
#[cfg(windows)]
pub(crate) fn tell_of_arrival() -> io::Result<()> {
    use std::io::Write;
    use std::os::windows::io::AsHandle;
    let pipe = io::stdin().as_handle().try_clone_to_owned()?;
    std::fs::File::from(pipe).write_all(&[1])
}

#[cfg(not(windows))]
pub(crate) fn tell_of_arrival() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not without waiting for it: here the limit on the start of a worker is not kept.
pub(crate) fn wait_for_input(_pipe: &PipeReader, _limit: Duration) -> bool {
    true
}

pub(crate) fn name_worker() {}

/// Of a clock that starts with the process: only differences within one process mean anything.
pub(crate) fn monotonic_ns() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

pub(crate) fn usage(_pid: Option<u32>) -> Option<Usage> {
    None
}

pub(crate) fn cpu_ns() -> u64 {
    0
}

pub(crate) fn descriptors_left() -> Option<u64> {
    None
}

pub(crate) enum Heard {
    Output,
    #[expect(dead_code, reason = "there is no watch that could tell")]
    Exit,
}

/// Tells when a process has ended: not here.
pub(crate) struct ExitWatch;

impl ExitWatch {
    pub(crate) fn new(_pid: u32) -> Option<ExitWatch> {
        None
    }

    pub(crate) fn wait(&self) {}

    pub(crate) fn next(_pipe: &PipeReader, _exit: Option<&ExitWatch>) -> Heard {
        Heard::Output
    }
}

pub(crate) fn has_ended(child: &mut Child) -> bool {
    child.try_wait().is_ok_and(|status| status.is_some())
}

/// Nothing beyond `Child::kill`, which the caller uses as well.
pub(crate) fn kill_group(_pid: u32) {}

pub(crate) fn die() -> ! {
    std::process::abort()
}

pub(crate) fn worker_end(status: ExitStatus) -> WorkerEnd {
    WorkerEnd::Exited(status.code().unwrap_or(-1))
}

pub(crate) fn signal_name(_signal: i32) -> Option<&'static str> {
    None
}
