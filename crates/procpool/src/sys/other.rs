//! Systems that are not Unix: written for, untested.

use std::io;
use std::process::{Command, ExitStatus};

use crate::error::WorkerEnd;

pub(crate) fn this_program() -> io::Result<Command> {
    std::env::current_exe().map(Command::new)
}

/// Unknown without taking the exit status; the caller then goes by deadlines and channels alone.
pub(crate) fn has_ended(_pid: u32) -> bool {
    false
}

/// Nothing beyond `Child::kill`, which the caller uses as well.
pub(crate) fn kill_group(_pid: u32) {}

pub(crate) fn die() -> ! {
    std::process::abort()
}

pub(crate) fn single_threaded() -> Option<bool> {
    None
}

pub(crate) fn worker_end(status: ExitStatus) -> WorkerEnd {
    WorkerEnd::Exited(status.code().unwrap_or(-1))
}

pub(crate) fn signal_name(_signal: i32) -> Option<&'static str> {
    None
}
