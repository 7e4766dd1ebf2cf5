//! However a run ends, nothing is left behind.

use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

use super::*;

/// Ample for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().next().is_none()
}

fn is_hidden(path: &str) -> bool {
    path.contains("/.resizer-")
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
    command.env("TMPDIR", tmp).args(["--case", "mixed"]);
    command.args(more_workers());
    command
}

#[test]
fn a_sample_is_resized_and_removed() {
    let tmp = tempfile::tempdir().unwrap();
    let output = sample(tmp.path()).output().unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    let printed = lines(&output.stdout);
    assert_eq!(printed.len(), MIXED, "{output:?}");
    let first = "photos/large/photo-000.jpg\t4000x3000\tresized/large/photo-000.jpg\t400x300";
    assert_eq!(printed[0], first);
    assert!(is_empty(tmp.path()));
}

#[test]
fn the_results_of_a_sample_stay_where_the_user_wants_them() {
    let (tmp, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let output = program(dir.path())
        .env("TMPDIR", tmp.path())
        .args(["--case", "bad", "--out", "kept"])
        .args(["--contact-sheet", "sheet.png"])
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert!(is_empty(tmp.path()));
    assert_eq!(names(&dir.path().join("kept")).len(), 20);
    assert!(dir.path().join("sheet.png").exists());
}

#[test]
fn a_sample_folder_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let output = program(dir.path())
        .args(["--make-sample", "file/sample"])
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1));
    let said = "cannot make the folder file/sample";
    assert!(contains(&output.stderr, said), "{output:?}");
}

/// Interrupts the program when the folder of its sample or that of its results shows `sign`, and sees it go with
/// everything that is not whole. On a busy machine it may be done before the signal comes: then once more.
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
    let (tmp, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = sample(tmp.path());
    command.arg("--out").arg(dir.path());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    wait_until("the sign is seen", || {
        sign(tmp.path()) || sign(dir.path()) || child.try_wait().unwrap().is_some()
    });
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.unwrap().success());
    let status = child.wait().unwrap();
    let mut complaints = String::new();
    let stderr = child.stderr.as_mut().unwrap();
    stderr.read_to_string(&mut complaints).unwrap();
    assert_eq!(complaints, "");
    assert!(matches!(status.code(), Some(0 | 130)), "{status}");
    wait_until("the workers are gone", || alive(tmp.path()) == 0);
    wait_until("the sample is gone", || is_empty(tmp.path()));
    // What is there is whole, and nothing else is.
    for (name, content) in files(dir.path()) {
        assert_eq!(
            Format::of(&content),
            Some(Format::Jpeg),
            "{}",
            name.display()
        );
        assert!(content.ends_with(b"\xff\xd9"), "{}", name.display());
    }
    let left = everything(dir.path());
    assert!(!left.iter().any(|path| is_hidden(path)), "{left:?}");
    status.code() == Some(130)
}

#[test]
fn ctrl_c_while_the_sample_is_made_leaves_nothing() {
    interrupted_when(|dir| {
        let made = everything(dir);
        made.iter().any(|path| path.ends_with("photo-001.jpg"))
    });
}

#[test]
fn ctrl_c_at_the_beginning_leaves_nothing() {
    interrupted_when(|dir| everything(dir).iter().any(|path| is_hidden(path)));
}

#[test]
fn ctrl_c_in_the_middle_leaves_those_that_are_whole() {
    interrupted_when(|dir| dir.join("small/photo-010.jpg").exists());
}

/// One line says so, and nothing else is on stderr.
#[track_caller]
fn assert_stdout_was_closed(output: &Output, out: &Path) {
    assert_eq!(status(output), Some(1), "{output:?}");
    let said = "stdout: closed by its reader";
    assert!(contains(&output.stderr, said), "{output:?}");
    assert_eq!(lines(&output.stderr).len(), 1, "{output:?}");
    assert!(!everything(out).iter().any(|path| is_hidden(path)));
}

#[test]
fn closed_stdout_is_named_and_ends_the_run() {
    let dir = photos((0..1_500).map(|number| format!("in/{number:04}.jpg")));
    let mut command = program(dir.path());
    command
        .args(["--out", "out", "--size", "80", "-r", "in"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // As `| head -1` does: one line, and gone.
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    let mut reader = BufReader::with_capacity(20, stdout);
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("in/0000.jpg\t"), "{line}");
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert_stdout_was_closed(&output, &dir.path().join("out"));
}

#[test]
fn closed_stdout_is_named_where_the_record_goes_there() {
    let dir = photos(["a.jpg"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program(dir.path())
        .args(["--out", "out", "--size", "80", "--json", "a.jpg"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_stdout_was_closed(&output, &dir.path().join("out"));
}

#[test]
fn closed_stderr_costs_nothing_but_the_messages() {
    let dir = photos(["a.jpg", "b.jpg"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["--out", "out", "--size", "80", "a.jpg", "nosuch", "b.jpg"])
        .stderr(writer)
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert_eq!(lines(&output.stdout).len(), 2, "{output:?}");
}
