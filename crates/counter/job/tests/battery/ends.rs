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

/// A run that would take for ever, with its workers counting.
fn endless(tmp: &Path, mechanism: &str) -> Child {
    let mut command = program();
    command.env("TMPDIR", tmp);
    command.args([
        "--mechanism",
        mechanism,
        "--increments",
        "1000000000000000",
        "--workers",
        "3",
    ]);
    if is_sequential() {
        command.args(["--workers", "1"]);
    }
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("all workers count", || {
        let processes = alive(tmp);
        let expected = if is("counter-processes") { 4 } else { 1 };
        // Some CPU time, or messages for it: it has begun.
        processes.len() == expected
            && cpu_ticks(child.id()) + processes.iter().map(|pid| cpu_ticks(*pid)).sum::<u64>() > 5
    });
    child
}

/// CPU time of a process, in hundredths of a second.
fn cpu_ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let field = |place: usize| {
        fields
            .get(place)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    };
    field(11) + field(12)
}

fn nothing_is_left(tmp: &Path) {
    wait_until("no process is left", || alive(tmp).is_empty());
    wait_until("no file is left", || {
        fs::read_dir(tmp).unwrap().next().is_none()
    });
    if let Ok(shm) = fs::read_dir("/dev/shm") {
        let ours = |name: &std::ffi::OsStr| name.as_bytes().starts_with(b"counter");
        assert!(!shm.flatten().any(|entry| ours(&entry.file_name())));
    }
}

#[test]
fn ctrl_c_ends_it_with_130_and_leaves_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for mechanism in ["atomic", "mutex", "channel", "file-lock"] {
        let tmp = tempfile::tempdir().unwrap();
        let mut child = endless(tmp.path(), mechanism);
        kill("-INT", child.id());
        wait_until("it has ended", || child.try_wait().unwrap().is_some());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{mechanism}");
        nothing_is_left(tmp.path());
    }
}

#[test]
fn a_killed_run_leaves_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for mechanism in ["spin", "file-lock"] {
        let tmp = tempfile::tempdir().unwrap();
        let mut child = endless(tmp.path(), mechanism);
        kill("-KILL", child.id());
        child.wait().unwrap();
        nothing_is_left(tmp.path());
    }
}

/// It may have held the lock that the others wait for.
#[test]
fn a_killed_worker_ends_the_run_with_its_cause() {
    if !is("counter-processes") || !cfg!(target_os = "linux") {
        return;
    }
    for mechanism in ["spin", "mutex", "rwlock", "channel"] {
        let tmp = tempfile::tempdir().unwrap();
        let child = endless(tmp.path(), mechanism);
        let worker = alive(tmp.path()).into_iter().find(|pid| *pid != child.id());
        kill("-KILL", worker.unwrap());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{mechanism}: {output:?}");
        assert!(
            contains(&output.stderr, "SIGKILL"),
            "{mechanism}: {output:?}"
        );
        nothing_is_left(tmp.path());
    }
}

#[test]
fn closed_stdout_is_named() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program()
        .args(["--increments", "10"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "stdout: closed by its reader"),
        "{output:?}"
    );
}
