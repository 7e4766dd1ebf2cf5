//! Looking at processes, and being other ones.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use rustix::process::{Pid, Signal, kill_process};

const ROLE: &str = "PROCPOOL_TEST_ROLE";
const MARK: &str = "PROCPOOL_TEST_MARK";

/// Runs a role instead of the tests, if this process was started for one.
pub(crate) fn act_as_role() -> Option<ExitCode> {
    let role = env::var(ROLE).ok()?;
    let mut roles = [crate::leftovers::ROLES, crate::lazy::ROLES]
        .into_iter()
        .flatten();
    let (_, act) = roles.find(|(name, _)| *name == role)?;
    act();
    Some(ExitCode::SUCCESS)
}

/// This program in another role, with a mark that all its descendants inherit.
pub(crate) fn in_role(role: &str, mark: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .env(ROLE, role)
        .env(MARK, mark)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

pub(crate) fn new_mark(name: &str) -> String {
    format!("{name}-{}", process::id())
}

pub(crate) fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    line
}

/// Waits until something holds; a machine may be slow, so the limit is generous.
#[track_caller]
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "still not so: {what}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

fn pids() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").unwrap();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// State and parent.
fn stat(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Alive: there, and no zombie (who that waits for is not ours to say).
pub(crate) fn lives(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != 'Z' && state != 'X')
}

/// Children of this process, zombies included.
pub(crate) fn children() -> Vec<u32> {
    pids()
        .filter(|&pid| stat(pid).is_some_and(|(_, parent)| parent == process::id()))
        .collect()
}

/// Living processes with this mark.
pub(crate) fn marked(mark: &str) -> Vec<u32> {
    let wanted = format!("{MARK}={mark}");
    let has = |pid: &u32| {
        let environ = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environ
            .split(|&byte| byte == 0)
            .any(|variable| variable == wanted.as_bytes())
    };
    pids().filter(has).filter(|&pid| lives(pid)).collect()
}

/// Sockets and shared memory that a process has open.
pub(crate) fn sockets(pid: &str) -> Vec<String> {
    descriptors(pid)
        .into_iter()
        .filter(|target| target.starts_with("socket:"))
        .collect()
}

pub(crate) fn descriptors(pid: &str) -> Vec<String> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let targets = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    targets
        .map(|target| target.to_string_lossy().into_owned())
        .collect()
}

/// Kills a worker of ours; not someone else that has come by its number.
pub(crate) fn kill_worker(pid: u32) {
    if stat(pid).is_some_and(|(_, parent)| parent == process::id()) {
        let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL);
    }
}
