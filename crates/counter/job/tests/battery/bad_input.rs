//! What cannot be done is named with its cause, and leaves nothing behind.

use std::fs;

use super::*;

/// The program fails with `status`, and says why, without a panic.
#[track_caller]
fn refused(command: &mut Command, status: i32, words: &[&str]) {
    refused_with(&command.output().unwrap(), status, words);
}

#[track_caller]
fn refused_with(output: &Output, status: i32, words: &[&str]) {
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(!contains(&output.stderr, "panicked"), "{output:?}");
    for words in words {
        assert!(contains(&output.stderr, words), "{words:?}: {output:?}");
    }
}

#[track_caller]
fn wrong_command_line(args: &[&str], words: &[&str]) {
    refused(program().args(args), 2, words);
}

#[test]
fn no_workers_and_more_than_any_system_allows() {
    wrong_command_line(&["--workers", "0"], &["'0'", "a number from 1 to 1024"]);
    wrong_command_line(
        &["--workers", "1025"],
        &["'1025'", "a number from 1 to 1024"],
    );
    wrong_command_line(&["--workers", "-1"], &["-1"]);
}

#[test]
fn an_unknown_mechanism_is_refused_with_a_suggestion() {
    wrong_command_line(&["--mechanism", "mutx"], &["mutx", "'mutex'"]);
    wrong_command_line(&["--mechanism", "lost-updates"], &["'lost-update'"]);
}

#[test]
fn increments_that_do_not_fit_into_64_bits() {
    wrong_command_line(&["--increments", "18446744073709551616"], &["too large"]);
    wrong_command_line(&["--increments", "-5"], &["-5"]);
    let each = "9223372036854775808";
    let words = [each, "12 mechanisms", "2^64 - 1"];
    refused(program().args(["--increments", each]), 1, &words);
}

#[test]
fn work_of_more_than_a_second_an_increment_and_options_that_do_not_go_together() {
    wrong_command_line(&["--critical", "1000000001"], &["1000000001"]);
    wrong_command_line(&["--die", "holder", "--json"], &["--die", "--json"]);
    wrong_command_line(&["--die", "somebody"], &["holder"]);
    wrong_command_line(&["--die", "holder", "--workers", "1"], &["worker"]);
}

#[test]
fn the_sequential_program_has_one_worker() {
    if is_sequential() {
        wrong_command_line(&["--workers", "2"], &["counter-threads"]);
    }
}

/// The system gives so few files, or so little memory, that not all workers can be started.
#[test]
fn more_workers_than_the_system_allows() {
    let (limit, words) = match () {
        () if is("counter-threads") => ("ulimit -v 400000", "cannot start 1024 threads"),
        () if is("counter-processes") => ("ulimit -n 100", "cannot start 1024 processes"),
        () => return,
    };
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit} && exec \"$0\" \"$@\""), PROGRAM]);
    command.args([
        "--workers",
        "1024",
        "--mechanism",
        "atomic",
        "--increments",
        "2000",
    ]);
    // Where memory ends just as a thread has started and wants a stack for signals, std aborts the program before it
    // can say anything. That is no answer; which of the two happens, chance decides.
    let answer = (0..20)
        .map(|_| command.output().unwrap())
        .find(|output| output.status.code().is_some());
    refused_with(
        &answer.expect("an answer in 20 attempts"),
        1,
        &[words, "fewer"],
    );
}

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().next().is_none()
}

/// The programs that have memory, or a file, in common with others.
fn with_memory_in(dir: &Path) -> Command {
    let mut command = program();
    command.args(["--mechanism", "file-lock", "--increments", "100"]);
    command.arg("--memory-in").arg(dir);
    command
}

#[test]
fn a_folder_for_shared_memory_that_is_missing() {
    if !is_sequential() {
        let words = ["/no/such/folder", "--memory-in"];
        refused(&mut with_memory_in(Path::new("/no/such/folder")), 1, &words);
    }
}

#[test]
fn a_folder_for_shared_memory_is_empty_again_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let output = with_memory_in(dir.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(is_empty(dir.path()));
}

/// A folder that is in memory, as /dev/shm is, and too small for it.
#[test]
fn a_full_tmpfs_for_shared_memory() {
    if !is("counter-processes") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let full = |script: &str| {
        let mount = "mount -t tmpfs -o size=64k tmpfs \"$1\"";
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c"]);
        command
            .arg(format!("{mount} && {script}"))
            .arg(PROGRAM)
            .arg(dir.path());
        command
    };
    if !full("true")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        eprintln!("skipped: no unshare, or no right to mount");
        return;
    }
    let mut command = full("exec \"$0\" --quiet --increments 100 --memory-in \"$1\"");
    refused(
        &mut command,
        1,
        &["bytes of shared memory in", "No space left"],
    );
}

/// By a limit on the size of files.
#[test]
fn a_folder_without_room_for_shared_memory() {
    if !is("counter-processes") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    // The signal that comes with the limit is ignored, as is usual for servers; what is left is the error.
    command.args([
        "-c",
        "trap '' XFSZ && ulimit -f 8 && exec \"$0\" \"$@\"",
        PROGRAM,
    ]);
    command.args(["--quiet", "--increments", "100", "--memory-in"]);
    refused(
        command.arg(dir.path()),
        1,
        &["bytes of shared memory in", "File too large"],
    );
    assert!(is_empty(dir.path()));
}

#[test]
fn what_a_killed_run_has_left_disturbs_nobody() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["counter-memory-abcdef", "counter-memory-000000"] {
        let left = dir.path().join(name);
        fs::create_dir(&left).unwrap();
        fs::write(left.join("memory"), "of another program, and too short").unwrap();
    }
    let output = with_memory_in(dir.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}
