//! However a run ends, nothing is left behind.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use super::*;

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Processes whose temporary folder is `tmp`: the program and its other worker, wherever they are.
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

/// A run that would take for ever, in the middle of it.
fn endless(tmp: &Path, way: &str, mode: &str, payload: &str) -> Child {
    let mut command = program();
    command.env("TMPDIR", tmp);
    command.args(["--messages", "1000000000000", "--blocks", "1"]);
    command.args(["--way", way, "--mode", mode, "--payload", payload]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let expected = if model() == Model::Processes { 2 } else { 1 };
    wait_until("both workers talk", || {
        let processes = alive(tmp);
        // Some CPU time of each: it has begun.
        processes.len() == expected && processes.iter().all(|pid| cpu_ticks(*pid) > 3)
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
        let ours = |name: &std::ffi::OsStr| name.as_bytes().starts_with(b"messenger");
        assert!(!shm.flatten().any(|entry| ours(&entry.file_name())));
    }
}

#[test]
fn a_run_leaves_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let tmp = tempfile::tempdir().unwrap();
    let args = ["--messages", "5", "--payload", "100KiB", "--blocks", "1"];
    let output = ended(program().env("TMPDIR", tmp.path()).args(args));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(alive(tmp.path()).is_empty());
    assert!(fs::read_dir(tmp.path()).unwrap().next().is_none());
}

#[test]
fn ctrl_c_ends_it_with_130_and_leaves_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for way in ways() {
        let tmp = tempfile::tempdir().unwrap();
        let child = endless(tmp.path(), way, "round-trip", "64B");
        // As a terminal does it: to all of them.
        for pid in alive(tmp.path()) {
            kill("-INT", pid);
        }
        let output = output(child);
        assert_eq!(output.status.code(), Some(130), "{way}: {output:?}");
        assert!(
            output.stdout.is_empty() && output.stderr.is_empty(),
            "{way}: {output:?}"
        );
        nothing_is_left(tmp.path());
    }
}

#[test]
fn a_killed_run_leaves_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for way in ways() {
        for mode in ["round-trip", "stream"] {
            let tmp = tempfile::tempdir().unwrap();
            let mut child = endless(tmp.path(), way, mode, "1MiB");
            kill("-KILL", child.id());
            child.wait().unwrap();
            nothing_is_left(tmp.path());
        }
    }
}

/// In the middle of a message, of a wait, or of a wait for room.
#[test]
fn a_killed_worker_ends_the_run_with_its_cause() {
    if model() != Model::Processes || !cfg!(target_os = "linux") {
        return;
    }
    for way in ways() {
        for (mode, payload) in [
            ("round-trip", "64B"),
            ("stream", "64B"),
            ("round-trip", "8MiB"),
            ("stream", "8MiB"),
        ] {
            let tmp = tempfile::tempdir().unwrap();
            let child = endless(tmp.path(), way, mode, payload);
            let other = alive(tmp.path()).into_iter().find(|pid| *pid != child.id());
            kill("-KILL", other.unwrap());
            let output = output(child);
            let told = format!("{way} {mode} {payload}: {output:?}");
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert!(
                contains(&output.stderr, "killed by signal 9 (SIGKILL)"),
                "{told}"
            );
            assert!(contains(&output.stderr, "the other worker"), "{told}");
            nothing_is_left(tmp.path());
        }
    }
}

#[test]
fn closed_stdout_is_named() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program()
        .args(["--messages", "1", "--blocks", "1", "--payload", "1B"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "stdout: closed by its reader"),
        "{output:?}"
    );
}
