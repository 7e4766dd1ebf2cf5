//! A copy of this process that does one thing and ends: `fork` and `_exit`.
//!
//! The copy has one thread, that which forked, and the memory as it was. Whatever another thread was about to change is
//! half changed for ever, and a lock that one held is held for ever. So the child does only what POSIX allows a signal
//! handler to do: it takes no memory and no lock, and calls nothing but the system (async-signal-safe functions, see
//! signal-safety(7)). That is why a child is no closure of anybody's but one of the two [`Part`]s here.
#![expect(
    unsafe_code,
    reason = "fork and _exit, and descriptors are closed that the child has copies of"
)]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use anyhow::{Result, ensure};
use harness::contestant::now_ns;
use rustix::io::{read, retry_on_intr, write};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use spawner::work::work;

/// What a child does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    /// It says when it was ready, and waits until `over` ends. Of that pipe it has the other end, `hold`, too.
    Wait {
        over: BorrowedFd<'a>,
        hold: BorrowedFd<'a>,
    },
    /// It says what comes of so many rounds of work.
    Work(u64),
}

/// A child of this process. Killed and waited for when it is dropped, if that has not been done.
#[derive(Debug)]
pub(crate) struct Forked(Option<Pid>);

/// Starts a copy of this process, which does its `part`, says its number to `tell`, and ends.
///
/// # Errors
/// If the system gives no more processes.
pub(crate) fn fork(tell: BorrowedFd<'_>, part: Part<'_>) -> io::Result<Forked> {
    // SAFETY: the child does nothing that is not async-signal-safe, and never returns: see `child`.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => child(tell, part),
        pid => Ok(Forked(Pid::from_raw(pid))),
    }
}

/// All that a child does. The clock, `work` and the calls of rustix take no memory and no lock.
fn child(tell: BorrowedFd<'_>, part: Part<'_>) -> ! {
    let number = match part {
        Part::Wait { .. } => now_ns(),
        Part::Work(rounds) => work(rounds),
    };
    // A pipe takes eight bytes whole or not at all. If nobody reads any more, the parent is gone.
    let told = retry_on_intr(|| write(tell, &number.to_ne_bytes()));
    if let (Part::Wait { over, hold }, Ok(8)) = (part, told) {
        // The parent learns from the end of this pipe that all have spoken.
        close(tell);
        // And this one would never end while the child itself could write to it.
        close(hold);
        while retry_on_intr(|| read(over, &mut [0_u8; 1])) == Ok(1) {}
    }
    exit(i32::from(told != Ok(8)))
}

/// Closes a descriptor of the child.
fn close(descriptor: BorrowedFd<'_>) {
    // SAFETY: it is the child's copy of what the parent owns. The child ends without dropping its owner, and does not
    // use it again.
    unsafe { libc::close(descriptor.as_raw_fd()) };
}

/// Ends the child: nothing of the parent's is flushed or dropped.
fn exit(status: i32) -> ! {
    // SAFETY: it takes any number, and does not return.
    unsafe { libc::_exit(status) }
}

impl Forked {
    /// Waits until it has ended.
    ///
    /// # Errors
    /// If it has not done its part.
    pub(crate) fn wait(mut self) -> Result<()> {
        let Some(pid) = self.0.take() else {
            return Ok(());
        };
        let ended = retry_on_intr(|| waitpid(Some(pid), WaitOptions::empty()))?;
        let status = ended.map(|(_, status)| status);
        let is_done = status.is_some_and(|status| status.exit_status() == Some(0));
        ensure!(is_done, "a forked worker ended with {status:?}");
        Ok(())
    }
}

impl Drop for Forked {
    fn drop(&mut self) {
        if let Some(pid) = self.0.take() {
            // It may have ended already, and then there is nothing to kill, but still to be waited for.
            let _ = kill_process(pid, Signal::KILL);
            let _ = retry_on_intr(|| waitpid(Some(pid), WaitOptions::empty()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::*;
    use crate::meeting::Meeting;

    /// A child that another test forks meanwhile has copies of the pipes, so only one test at a time forks.
    static ALONE: Mutex<()> = Mutex::new(());

    fn alone() -> MutexGuard<'static, ()> {
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(meeting: &Meeting) -> Forked {
        let part = Part::Wait {
            over: meeting.over.as_fd(),
            hold: meeting.hold.as_fd(),
        };
        fork(meeting.tell.as_fd(), part).unwrap()
    }

    #[test]
    fn children_say_what_came_of_their_work_and_end() {
        let _alone = alone();
        let meeting = Meeting::new().unwrap();
        let start = |rounds| fork(meeting.tell.as_fd(), Part::Work(rounds)).unwrap();
        let children = [start(10), start(20)];
        let mut told = meeting.called().all_told(2).unwrap();
        let mut expected = [work(10), work(20)];
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected);
        for child in children {
            child.wait().unwrap();
        }
    }

    #[test]
    fn children_that_wait_are_let_go_together() {
        let _alone = alone();
        let meeting = Meeting::new().unwrap();
        let children = [waiting(&meeting), waiting(&meeting), waiting(&meeting)];
        let mut called = meeting.called();
        assert_eq!(called.all_told(3).unwrap().len(), 3);
        for child in &children {
            let ended = waitpid(child.0, WaitOptions::NOHANG).unwrap();
            assert!(ended.is_none(), "{ended:?}");
        }
        drop(called);
        for child in children {
            child.wait().unwrap();
        }
    }

    #[test]
    fn a_child_that_is_dropped_is_killed_and_waited_for() {
        let _alone = alone();
        let meeting = Meeting::new().unwrap();
        let child = waiting(&meeting);
        let pid = child.0;
        drop(child);
        let gone = waitpid(pid, WaitOptions::NOHANG);
        assert_eq!(gone.unwrap_err(), rustix::io::Errno::CHILD);
    }

    #[test]
    fn a_child_that_was_killed_has_not_done_its_part() {
        let _alone = alone();
        let meeting = Meeting::new().unwrap();
        let child = waiting(&meeting);
        kill_process(child.0.unwrap(), Signal::KILL).unwrap();
        assert!(child.wait().is_err());
    }
}
