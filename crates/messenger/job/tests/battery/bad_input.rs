//! What cannot be done is named with its cause, and leaves nothing behind.

use super::delivery::first_core;
use super::*;

/// The program fails with `status`, and says why, without a panic.
#[track_caller]
fn refused(command: &mut Command, status: i32, words: &[&str]) -> Output {
    let output = ended(command);
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    assert!(!contains(&output.stderr, "panicked"), "{output:?}");
    for words in words {
        assert!(contains(&output.stderr, words), "{words:?}: {output:?}");
    }
    output
}

#[track_caller]
fn wrong_command_line(args: &[&str], words: &[&str]) {
    let output = refused(program().args(args), 2, words);
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[test]
fn it_takes_two_to_talk_and_one_to_talk_to_itself() {
    if model() == Model::Sequential {
        wrong_command_line(&["--workers", "2"], &["messenger-threads"]);
    } else {
        wrong_command_line(&["--workers", "1"], &["two workers"]);
        wrong_command_line(&["--workers", "3"], &["two workers"]);
    }
}

#[test]
fn an_unknown_way_and_one_of_another_program_are_refused() {
    let known = ways()[0];
    wrong_command_line(&["--way", "carrier-pigeon"], &["carrier-pigeon", known]);
    let typo = &known[..known.len() - 1];
    wrong_command_line(&["--way", typo], &[&format!("'{known}'")]);
    let others = if model() == Model::Threads {
        "ipc-typed"
    } else {
        "crossbeam"
    };
    wrong_command_line(&["--way", others], &[others, known]);
}

#[test]
fn sizes_that_are_none_and_numbers_that_are_too_large() {
    for size in ["-1", "4kb", "2GiB", "99999999999999999999", ""] {
        wrong_command_line(&[&format!("--payload={size}")], &["0B to 1GiB"]);
    }
    wrong_command_line(&["--messages", "0"], &["'0'"]);
    wrong_command_line(&["--blocks", "0"], &["'0'"]);
    wrong_command_line(&["--mode", "both"], &["round-trip", "stream"]);
    wrong_command_line(&["--place", "moon"], &["same", "other", "free"]);
}

#[test]
fn another_core_where_there_is_one() {
    let mut command = Command::new("taskset");
    command.args(["-c", &first_core(), PROGRAM, "--place", "other"]);
    if Command::new("taskset").arg("--version").output().is_err() {
        eprintln!("skipped: no taskset");
        return;
    }
    refused(&mut command, 1, &["--place other needs two cores"]);
}

fn limited(limit: &str, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("{limit} && exec \"$0\" \"$@\""),
        PROGRAM,
        "--quiet",
    ]);
    command
        .args(["--messages", "2", "--blocks", "1"])
        .args(args);
    command
}

/// Each number of files is too small for something else. With three, no program begins: its libraries are files too.
#[test]
fn too_few_files_are_an_error_that_names_what_could_not_be_opened() {
    let ways: &[&str] = match model() {
        Model::Threads => &["pipe", "socketpair"],
        Model::Processes => &[
            "pipe",
            "socketpair",
            "in-place-futex",
            "copied-spin",
            "ipc-bytes",
            "ipc-typed",
        ],
        _ => return,
    };
    for way in ways {
        let mut failed = 0;
        for files in 4..30 {
            let limit = format!("ulimit -n {files}");
            let output = ended(&mut limited(&limit, &["--way", way, "--payload", "1MiB"]));
            let told = format!("{way} with {files} files: {output:?}");
            assert!(!contains(&output.stderr, "panicked"), "{told}");
            if output.status.code() == Some(0) {
                continue;
            }
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert!(
                contains(&output.stderr, "open files") || contains(&output.stderr, "os error 24"),
                "{told}"
            );
            failed += 1;
        }
        assert!(failed > 0 && failed < 26, "{way}: {failed} of 26");
    }
}

/// Some ways have room, and some have not: what was found before is told.
#[test]
fn too_little_memory_is_an_error_that_says_how_far_it_came() {
    // The sequential program needs the least.
    let limit = if model() == Model::Sequential {
        "ulimit -v 150000"
    } else {
        "ulimit -v 400000"
    };
    for way in ways() {
        let args = [
            "--way",
            way,
            "--payload",
            "64B,1GiB",
            "--mode",
            "round-trip",
        ];
        let output = refused(&mut limited(limit, &args), 1, &["1024MiB"]);
        let memory = ["memory", "Cannot allocate"];
        assert!(
            memory.iter().any(|words| contains(&output.stderr, words)),
            "{way}: {output:?}"
        );
    }
    let args = [
        "--payload",
        "64B,1GiB",
        "--mode",
        "round-trip",
        "--seed",
        "4",
    ];
    let output = refused(
        &mut limited(limit, &args),
        1,
        &["round trips of 1024MiB by"],
    );
    assert!(output.stdout.starts_with(b"way"), "{output:?}");
}
