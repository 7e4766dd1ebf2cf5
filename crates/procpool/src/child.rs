//! A worker process as the parent sees it: started, killed, waited for exactly once.

use std::process::{Child, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use crate::error::{Death, PoolError, WorkerEnd};
use crate::sys;
use crate::tail::Tail;

/// Environment variables that make a program a worker.
pub(crate) const JOB_VAR: &str = "PROCPOOL_JOB";
pub(crate) const SOCKET_VAR: &str = "PROCPOOL_SOCKET";

/// How long a process may live on after it has closed its channels.
const AFTER_EOF: Duration = Duration::from_secs(1);

/// Shared between the thread that serves the worker and whoever shuts the pool down.
pub(crate) struct Process {
    pub(crate) pid: u32,
    /// `None` once it was waited for: from then on the id may be someone else's.
    child: Mutex<Option<Child>>,
    tail: Tail,
}

impl Process {
    pub(crate) fn spawn(job: &str, socket: &str) -> Result<Process, PoolError> {
        let what = "start a process";
        Process::try_spawn(job, socket).map_err(|source| PoolError::System { what, source })
    }

    fn try_spawn(job: &str, socket: &str) -> io::Result<Process> {
        let (reader, writer) = io::pipe()?;
        let tail = Tail::follow(reader)?;
        let mut command = sys::this_program()?;
        // The parent's standard input and output are the user's; a worker shares neither. What it
        // prints goes where its errors go. No `pre_exec`, which would turn posix_spawn into fork.
        command
            .env(JOB_VAR, job)
            .env(SOCKET_VAR, socket)
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let child = command.spawn()?;
        Ok(Process {
            pid: child.id(),
            child: Mutex::new(Some(child)),
            tail,
        })
    }

    pub(crate) fn kill(&self) {
        if let Some(child) = &mut *self.child.lock().unwrap_or_else(PoisonError::into_inner) {
            sys::kill_group(self.pid);
            let _ = child.kill();
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        sys::has_ended(self.pid)
    }

    /// Waits for the process, which has closed its channels and so should be ending; if it does not,
    /// it is killed. Whatever it has left in its group goes too.
    pub(crate) fn reap(&self) -> Death {
        let deadline = Instant::now() + AFTER_EOF;
        let mut pause = Duration::from_micros(50);
        // The channels close a moment before the process can be waited for.
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        }
        let by_itself = self.has_ended();
        self.kill();
        let status = {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            child.take().map(|mut child| child.wait())
        };
        let end = match status {
            Some(Ok(status)) if by_itself => sys::worker_end(status),
            _ => WorkerEnd::Broken,
        };
        Death {
            pid: self.pid,
            end,
            stderr: self.tail.finish(),
        }
    }
}
