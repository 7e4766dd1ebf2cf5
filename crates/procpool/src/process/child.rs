//! A worker process as the parent sees it: started, killed, waited for exactly once.

use std::process::Child;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use super::arrival::Arrival;
use super::gate;
use super::tail::Tail;
use crate::error::{Death, PoolError, WorkerEnd};
use crate::sys;
use crate::wire::page::Usage;

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
    /// Starts a worker, which says when it has connected; `dead` is told when it has ended.
    pub(crate) fn spawn(
        job: &str,
        socket: &str,
        dead: impl FnOnce(u32) + Send + 'static,
    ) -> Result<(Arc<Process>, Arrival), PoolError> {
        let what = "start a process";
        Process::try_spawn(job, socket, dead).map_err(|source| PoolError::System { what, source })
    }

    fn try_spawn(
        job: &str,
        socket: &str,
        dead: impl FnOnce(u32) + Send + 'static,
    ) -> io::Result<(Arc<Process>, Arrival)> {
        let (reader, writer) = io::pipe()?;
        let (arrival, arrived) = io::pipe()?;
        let mut command = sys::worker_program()?;
        // The parent's standard input and output are the user's; a worker shares neither. It can write to
        // its input, once, and what it prints goes where its errors go. No `pre_exec`, which would turn posix_spawn into fork.
        command
            .env(JOB_VAR, job)
            .env(SOCKET_VAR, socket)
            .stdin(arrived)
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let child = gate::start(|| command.spawn())?;
        drop(command); // And with it our copies of the pipes' ends.
        let process = Arc::new(Process {
            pid: child.id(),
            child: Mutex::new(Some(child)),
            tail: Tail::default(),
        });
        let ended = Arc::clone(&process);
        let followed = process.tail.follow(reader, process.pid, move || {
            // What it has left in its group might hold its channels open.
            ended.kill();
            dead(ended.pid);
        });
        if let Err(error) = followed {
            process.put_down();
            return Err(error);
        }
        Ok((process, Arrival::by(arrival)))
    }

    pub(crate) fn kill(&self) {
        if let Some(child) = &mut *self.child.lock().unwrap_or_else(PoisonError::into_inner) {
            sys::kill_group(self.pid);
            let _ = child.kill();
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.as_mut().is_none_or(sys::has_ended)
    }

    /// Waits for the process, which has closed its channels and so should be ending; if it does not, it is
    /// killed. Also says what it has used, as far as the system knows that of a process that has ended.
    pub(crate) fn reap(&self) -> (Death, Option<Usage>) {
        let deadline = Instant::now() + AFTER_EOF;
        let mut pause = Duration::from_micros(50);
        // The channels close a moment before the process can be waited for.
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        }
        self.collect(self.has_ended())
    }

    /// Ends the process, which is of no use, without waiting for it to end by itself.
    pub(crate) fn put_down(&self) -> (Death, Option<Usage>) {
        self.collect(false)
    }

    /// Whatever it has left in its group goes too.
    fn collect(&self, by_itself: bool) -> (Death, Option<Usage>) {
        let usage = by_itself.then(|| sys::usage(Some(self.pid))).flatten();
        self.kill();
        let status = {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            child.take().map(|mut child| child.wait())
        };
        let end = match status {
            Some(Ok(status)) if by_itself => sys::worker_end(status),
            _ => WorkerEnd::Broken,
        };
        let death = Death {
            pid: self.pid,
            end,
            stderr: self.tail.finish(),
        };
        (death, usage)
    }
}
