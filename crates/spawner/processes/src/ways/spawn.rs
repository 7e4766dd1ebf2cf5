//! `posix_spawn` with another `exec` of this program, as `std::process::Command` does it: nothing is copied, and
//! everything is loaded anew.

use std::env;
use std::fs::File;
use std::io::{self, Read};
use std::process::{Child, Command, exit};

use anyhow::{Context, Result, ensure};
use harness::contestant::now_ns;
use rustix::io::{retry_on_intr, write};
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};

use crate::meeting::Meeting;

/// The first argument of a worker.
const WORKER: &str = "(spawner worker)";

/// Does a worker's part and ends, if this process is one; returns at once otherwise. Comes first in `main`.
pub fn serve() {
    let mut args = env::args_os().skip(1);
    if args.next().is_some_and(|first| first == WORKER) {
        let rounds = args.next().map(|rounds| rounds.to_string_lossy().parse());
        let done = match rounds {
            None => attend(),
            Some(Ok(rounds)) => tell(work(rounds)),
            Some(Err(error)) => Err(io::Error::other(error)),
        };
        exit(i32::from(done.is_err()));
    }
}

fn attend() -> io::Result<()> {
    tell(now_ns())?;
    // The parent learns from the end of this pipe that all have spoken.
    rustix::stdio::dup2_stdout(File::options().write(true).open("/dev/null")?)?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// In one piece, as a pipe takes eight bytes. Not by way of `Stdout`, which writes in two pieces what has a line feed in
/// it, and a number may: between them would stand what others say.
fn tell(number: u64) -> io::Result<()> {
    let told = retry_on_intr(|| write(io::stdout(), &number.to_ne_bytes()))?;
    if told == 8 {
        Ok(())
    } else {
        Err(io::ErrorKind::WriteZero.into())
    }
}

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let meeting = Meeting::new().context("cannot make a meeting of processes")?;
    let mut command = command(&meeting)?;
    let mut children = Children(Vec::with_capacity(workers as usize));
    let mut watch = Stopwatch::ask();
    for _ in 0..workers {
        match command.spawn() {
            Ok(child) => children.0.push(child),
            Err(cause) => {
                watch.refused(&cause);
                break;
            }
        }
    }
    // It has an end of each pipe.
    drop(command);
    let (came, mut called) = (children.0.len() as u32, meeting.called());
    let last = called.all_told(came)?.into_iter().max();
    watch.ready(came, last.unwrap_or(0), alive);
    watch.let_go();
    drop(called);
    children.wait()?;
    watch.gone()
}

pub(crate) fn pair() -> Pair {
    Box::new(|rounds| {
        let meeting = Meeting::new()?;
        let mut command = command(&meeting)?;
        command.arg(rounds.to_string());
        let mut children = Children(Vec::with_capacity(2));
        for _ in 0..2 {
            children.0.push(command.spawn()?);
        }
        drop(command);
        let told = meeting.called().all_told(2)?;
        children.wait()?;
        Ok([told[0], told[1]])
    })
}

/// This program once more, at the meeting.
fn command(meeting: &Meeting) -> Result<Command> {
    let program = env::current_exe().context("cannot tell which program this is")?;
    let mut command = Command::new(program);
    command
        .arg(WORKER)
        .stdin(meeting.over.try_clone()?)
        .stdout(meeting.tell.try_clone()?);
    Ok(command)
}

/// Killed and waited for when they are dropped, if they were not waited for.
struct Children(Vec<Child>);

impl Children {
    fn wait(mut self) -> Result<()> {
        while let Some(mut child) = self.0.pop() {
            let status = child.wait()?;
            ensure!(status.success(), "a worker ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // It may have ended already, and then there is nothing to kill, but still to be waited for.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
