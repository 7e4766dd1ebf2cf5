//! However a run ends, nothing is left behind.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Child;
use std::time::{Duration, Instant};

use super::*;

/// Ample for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Processes whose temporary folder is `tmp`: the program and its workers, wherever they are.
fn alive(tmp: &Path) -> Vec<u32> {
    let mark = [b"TMPDIR=", tmp.as_os_str().as_bytes()].concat();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let marked = processes.filter(|process| {
        let environ = fs::read(process.path().join("environ")).unwrap_or_default();
        environ.split(|byte| *byte == 0).any(|entry| entry == mark)
    });
    marked
        .filter_map(|process| process.file_name().to_str()?.parse().ok())
        .collect()
}

fn kill(signal: &str, pid: u32) {
    let status = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(status.unwrap().success());
}

/// A run that would take for ever, in the middle of starting and ending workers.
fn endless(tmp: &Path, way: &str) -> Child {
    let mut command = program();
    command.env("TMPDIR", tmp);
    command.args(["--way", way, "--workers", "20", "--samples", "1000000"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It has begun, and where workers are processes, some of them are there.
    let expected = if model() == Model::Processes { 5 } else { 1 };
    wait_until("workers are started", || {
        alive(tmp).len() >= expected && cpu_ticks(child.id()) > 2
    });
    child
}

/// CPU time of a process, in hundredths of a second.
fn cpu_ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let field = |place: usize| {
        let text = fields.get(place);
        text.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0)
    };
    field(11) + field(12)
}

fn nothing_is_left(tmp: &Path, sockets_too: bool) {
    wait_until("no process is left", || alive(tmp).is_empty());
    if sockets_too {
        wait_until("no file is left", || {
            fs::read_dir(tmp).unwrap().next().is_none()
        });
    }
}

#[test]
fn ctrl_c_ends_it_with_130_and_leaves_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for way in ways() {
        let tmp = tempfile::tempdir().unwrap();
        let mut child = endless(tmp.path(), way);
        kill("-INT", child.id());
        wait_until("it has ended", || child.try_wait().unwrap().is_some());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{way}");
        nothing_is_left(tmp.path(), true);
    }
}

/// Its workers end with it. Only a pool that is killed in the milliseconds in which its workers come for their channels
/// leaves a socket behind.
#[test]
fn a_killed_run_leaves_no_worker() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for way in ways() {
        let tmp = tempfile::tempdir().unwrap();
        let mut child = endless(tmp.path(), way);
        kill("-KILL", child.id());
        child.wait().unwrap();
        nothing_is_left(tmp.path(), way != "procpool");
    }
}

#[test]
fn closed_stdout_is_named() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = program();
    command.args(["--samples", "1", "--workers", "1"]);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let words = "stdout: closed by its reader";
    assert!(contains(&output.stderr, words), "{output:?}");
}
