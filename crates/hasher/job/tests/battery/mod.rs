//! What every variant of the hasher must do: one battery, run for each of them.
//!
//! A variant's test includes this file and names its program as `PROGRAM`.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::PROGRAM;

mod bad_input;
mod check;
mod ends;
mod format;
mod record;

/// The program, in the folder `dir`, without its summary.
fn program(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(dir).arg("--quiet").stdin(Stdio::null());
    command
}

/// More workers than one, where there can be.
fn more_workers() -> &'static [&'static str] {
    if Path::new(PROGRAM).ends_with("hasher") {
        &[]
    } else {
        &["--workers", "4"]
    }
}

/// What the program prints for `args`, in the folder `dir`.
fn run<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Output {
    program(dir).args(args).output().unwrap()
}

/// What GNU sha256sum prints; none, said on stderr, where it is not installed.
fn gnu<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Option<Output> {
    let output = Command::new("sha256sum")
        .current_dir(dir)
        .args(args)
        .stdin(Stdio::null())
        .output();
    let found = output.ok().filter(|_| is_gnu());
    if found.is_none() {
        eprintln!("skipped: no GNU sha256sum");
    }
    found
}

fn is_gnu() -> bool {
    let version = Command::new("sha256sum").arg("--version").output();
    version.is_ok_and(|version| contains(&version.stdout, "GNU coreutils"))
}

/// What `input` makes the program print.
fn run_with_stdin(dir: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut command = program(dir);
    command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn contains(text: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(text).contains(part)
}

fn lines(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').count() - 1
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

/// Both as text, so that a failed test shows what differs.
#[track_caller]
fn assert_same(ours: &[u8], theirs: &[u8]) {
    assert_eq!(
        ours.escape_ascii().to_string(),
        theirs.escape_ascii().to_string()
    );
}

/// A tree with names that need care: order, escapes, bytes that are no UTF-8, blanks, an empty file.
fn odd_tree() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let names: [&[u8]; 17] = [
        b"a/x",
        b"a-b",
        b"a0",
        b"a.b/y",
        b"a",
        b"empty",
        b"new\nline",
        b"back\\slash",
        b"c\rr",
        b"not\xffutf8",
        b" blank ",
        b"*star",
        b"-dash",
        b"b/c/d/e",
        b"end\\",
        b"b/\n/\\",
        b"\xe2\x82\xac",
    ];
    for name in names {
        let path = dir.path().join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if path.is_dir() {
            continue;
        }
        let content = if name == b"empty" { &b""[..] } else { name };
        fs::write(path, content).unwrap();
    }
    dir
}
