//! What a worker that does something wrong costs: the lesson of this scenario.

use std::os::unix::process::ExitStatusExt;

use super::*;

/// Resizes 12 pictures, at one of which `how` happens.
fn misbehaving(how: &str) -> (TempDir, Output) {
    let names: Vec<_> = (0..12).map(|number| format!("{number:02}.jpg")).collect();
    let dir = photos(&names);
    let misbehave = ["--misbehave".to_owned(), format!("05.jpg={how}")];
    let output = run(dir.path(), misbehave.iter().chain(&names));
    (dir, output)
}

#[track_caller]
fn costs_one_picture((dir, output): &(TempDir, Output), cause: &str) {
    assert_eq!(status(output), Some(1), "{output:?}");
    let ours: Vec<_> = lines(&output.stderr)
        .into_iter()
        .filter(|line| line.starts_with("resizer"))
        .collect();
    assert_eq!(ours.len(), 1, "{output:?}");
    let said = format!(": 05.jpg: {cause}");
    assert!(ours[0].contains(&said), "{output:?}");
    assert_eq!(lines(&output.stdout).len(), 11, "{output:?}");
    let out = dir.path().join("out");
    assert_eq!(everything(&out).len(), 11, "{:?}", everything(&out));
    assert!(!out.join("05.jpg").exists());
}

/// The program was ended by SIGABRT, and what is there under its own name is whole.
#[track_caller]
fn costs_the_program((dir, output): &(TempDir, Output)) {
    assert_eq!(output.status.signal(), Some(6), "{output:?}");
    let mut out = files(&dir.path().join("out"));
    out.retain(|name, _| !name.as_bytes().starts_with(b".resizer-"));
    assert!(out.len() < 12, "{:?}", out.keys());
    let whole = expected(some_photo(), settings());
    for (name, content) in out {
        assert!(content == whole, "{}", name.display());
    }
}

#[test]
fn a_panic_costs_one_picture_in_every_model() {
    let ended = misbehaving("panic");
    costs_one_picture(&ended, "panicked at ");
    let said = ": told to, by --misbehave";
    assert!(contains(&ended.1.stderr, said), "{ended:?}");
    // One line, as for every bad picture.
    assert_eq!(lines(&ended.1.stderr).len(), 1, "{ended:?}");
}

/// What takes down the process that it happens in: the program, or one of its workers.
#[track_caller]
fn costs_a_process(how: &str, last_words: &str) {
    let ended = misbehaving(how);
    if PROGRAM.ends_with("-processes") {
        costs_one_picture(&ended, "given up after 2 attempts; last: worker ");
        let said = "was killed by signal 6 (SIGABRT)";
        assert!(contains(&ended.1.stderr, said), "{ended:?}");
    } else {
        costs_the_program(&ended);
    }
    assert!(contains(&ended.1.stderr, last_words), "{ended:?}");
}

#[test]
fn an_abort_costs_a_process() {
    costs_a_process("abort", "");
}

#[test]
fn a_stack_that_overflows_costs_a_process() {
    costs_a_process("overflow", "has overflowed its stack");
}

#[test]
fn memory_that_runs_out_costs_a_process() {
    costs_a_process("memory", "memory allocation of 1048576 bytes failed");
}

#[test]
fn several_pictures_may_be_misbehaved_at() {
    let dir = photos(["a.jpg", "b.jpg", "c.jpg"]);
    let output = run(
        dir.path(),
        [
            "--misbehave",
            "a.jpg=panic",
            "--misbehave",
            "c.jpg=panic",
            "a.jpg",
            "b.jpg",
            "c.jpg",
        ],
    );
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert_eq!(lines(&output.stderr).len(), 2, "{output:?}");
    assert_eq!(names(&dir.path().join("out")), ["b.jpg"]);
}
