//! However a run ends, nothing is left behind.

use std::fs;
use std::io::{BufRead, BufReader};
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

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().next().is_none()
}

/// Processes whose temporary folder is `tmp`: the program and its workers, wherever they are.
fn alive(tmp: &Path) -> usize {
    let mark = [b"TMPDIR=", tmp.as_os_str().as_bytes()].concat();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let environments =
        processes.filter_map(|process| fs::read(process.path().join("environ")).ok());
    environments
        .filter(|environ| environ.split(|byte| *byte == 0).any(|entry| entry == mark))
        .count()
}

fn sample(tmp: &Path) -> Command {
    let mut command = program(tmp);
    command.env("TMPDIR", tmp).args(["--case", "many-small"]);
    command
}

#[test]
fn a_sample_is_hashed_and_removed() {
    let tmp = tempfile::tempdir().unwrap();
    let output = sample(tmp.path()).arg("--json").output().unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert!(
        contains(&output.stdout, "\"case\":\"many-small\""),
        "{output:?}"
    );
    assert!(
        contains(
            &output.stdout,
            "\"items\":20000,\"failed\":0,\"bytes\":20000000"
        ),
        "{output:?}"
    );
    // Of this seed's files, in this order: whoever changes the sample changes every figure.
    assert!(contains(&output.stdout, SAMPLE_CHECKSUM), "{output:?}");
    assert!(is_empty(tmp.path()));
}

const SAMPLE_CHECKSUM: &str = "1087d70789d07943525840c570416eda06fae053946a75ee995ece3561606427";

/// Interrupts the program when `tmp` shows `sign`, and sees it go with everything that it made. On a
/// busy machine it may be done before the signal comes: then once more.
#[track_caller]
fn interrupted_when(sign: impl Fn(&Path) -> bool) {
    assert!(
        (0..20).any(|_| was_interrupted_when(&sign)),
        "always done before the signal"
    );
}

/// Whether the signal came before the end.
#[track_caller]
fn was_interrupted_when(sign: impl Fn(&Path) -> bool) -> bool {
    let tmp = tempfile::tempdir().unwrap();
    let mut command = sample(tmp.path());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    wait_until("the sample is begun", || {
        sign(tmp.path()) || child.try_wait().unwrap().is_some()
    });
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let status = child.wait().unwrap();
    let mut complaints = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut complaints).unwrap();
    assert_eq!(complaints, "");
    assert!(matches!(status.code(), Some(0 | 130)), "{status}");
    wait_until("the workers are gone", || alive(tmp.path()) == 0);
    wait_until("the sample is gone", || is_empty(tmp.path()));
    status.code() == Some(130)
}

fn sample_has(folder: &str) -> impl Fn(&Path) -> bool {
    move |tmp| {
        fs::read_dir(tmp)
            .unwrap()
            .flatten()
            .any(|entry| entry.path().join(folder).exists())
    }
}

#[test]
fn ctrl_c_while_the_sample_is_made_leaves_nothing() {
    interrupted_when(sample_has("003"));
}

#[test]
fn ctrl_c_while_files_are_hashed_leaves_nothing() {
    interrupted_when(sample_has("099/199"));
}

/// One line says so, and nothing else is on stderr.
#[track_caller]
fn assert_stdout_was_closed(output: &Output) {
    assert_eq!(status(output), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "stdout: closed by its reader"),
        "{output:?}"
    );
    assert_eq!(lines(&output.stderr), 1, "{output:?}");
}

#[test]
fn closed_stdout_is_named_and_ends_the_run() {
    let tree = tempfile::tempdir().unwrap();
    for number in 0..3_000 {
        fs::write(tree.path().join(number.to_string()), "x").unwrap();
    }
    let mut command = program(tree.path());
    command
        .args(["-r", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // As `| head -1` does: one line, and gone.
    let mut line = String::new();
    BufReader::with_capacity(100, child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.len() > 64);
    let output = child.wait_with_output().unwrap();
    assert_stdout_was_closed(&output);
}

#[test]
fn closed_stdout_is_named_where_the_record_goes_there() {
    let tree = odd_tree();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program(tree.path())
        .args(["-r", ".", "--json"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_stdout_was_closed(&output);
}

#[test]
fn closed_stderr_costs_nothing_but_the_messages() {
    let tree = odd_tree();
    for quiet in [&["--quiet"][..], &[]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(PROGRAM);
        command
            .current_dir(tree.path())
            .args(quiet)
            .args(["empty", "nosuch", "a0"]);
        let output = command.stderr(writer).output().unwrap();
        assert_eq!(status(&output), Some(1), "{output:?}");
        assert_eq!(lines(&output.stdout), 2, "{output:?}");
    }
}

#[test]
fn full_disk_on_stdout_is_named() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        eprintln!("skipped: no /dev/full");
        return;
    };
    let tree = odd_tree();
    let output = program(tree.path())
        .args(["-r", "."])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "stdout: no space left on device"),
        "{output:?}"
    );
}
