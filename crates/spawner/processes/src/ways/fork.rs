//! `fork` alone: a copy of this process, pages and all, that shares them until one of the two writes.

use std::os::fd::AsFd;

use anyhow::{Context, Result};
use spawner::{Alive, Pair, Started, Stopwatch};

use crate::forked::{Forked, Part, fork};
use crate::meeting::Meeting;

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let meeting = Meeting::new().context("cannot make a meeting of processes")?;
    let mut children = Vec::with_capacity(workers as usize);
    let mut watch = Stopwatch::ask();
    for _ in 0..workers {
        let part = Part::Wait {
            over: meeting.over.as_fd(),
            hold: meeting.hold.as_fd(),
        };
        match fork(meeting.tell.as_fd(), part) {
            Ok(child) => children.push(child),
            Err(cause) => {
                watch.refused(&cause);
                break;
            }
        }
    }
    let (came, mut called) = (children.len() as u32, meeting.called());
    let last = called.all_told(came)?.into_iter().max();
    watch.ready(came, last.unwrap_or(0), alive);
    watch.let_go();
    drop(called);
    children.into_iter().try_for_each(Forked::wait)?;
    watch.gone()
}

pub(crate) fn pair() -> Pair {
    Box::new(|rounds| {
        let meeting = Meeting::new()?;
        let one = fork(meeting.tell.as_fd(), Part::Work(rounds))?;
        let other = fork(meeting.tell.as_fd(), Part::Work(rounds))?;
        let told = meeting.called().all_told(2)?;
        one.wait()?;
        other.wait()?;
        Ok([told[0], told[1]])
    })
}
