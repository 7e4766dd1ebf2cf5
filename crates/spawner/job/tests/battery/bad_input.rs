//! What cannot be done is named with its cause.

use super::*;

/// The program fails with `status`, and says why, without a panic.
#[track_caller]
fn refused(args: &[&str], status: i32, words: &[&str]) {
    let output = run(args);
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(!contains(&output.stderr, "panicked"), "{output:?}");
    for words in words {
        assert!(contains(&output.stderr, words), "{words:?}: {output:?}");
    }
}

#[track_caller]
fn wrong_command_line(args: &[&str], words: &[&str]) {
    refused(args, 2, words);
}

#[test]
fn no_workers_no_samples_and_more_than_any_system_allows() {
    wrong_command_line(&["--workers", "0"], &["'0'", "a number from 1 to 1024"]);
    wrong_command_line(&["--workers", "1025"], &["'1025'"]);
    wrong_command_line(&["--samples", "0"], &["'0'"]);
    wrong_command_line(&["--samples", "1000001"], &["'1000001'"]);
    wrong_command_line(&["--limit", "--most", "0"], &["'0'"]);
    wrong_command_line(&["--seed", "x"], &["'x'"]);
}

#[test]
fn a_way_that_is_unknown_or_another_program_s() {
    wrong_command_line(&["--way", "nothing"], &["nothing", ways()[0]]);
    let other = if is("spawner-threads") {
        "fork"
    } else {
        "thread"
    };
    wrong_command_line(&["--way", other], &[other, ways()[0]]);
}

#[test]
fn sizes_that_are_none_or_that_nobody_has() {
    wrong_command_line(&["--ballast", "much"], &["much", "512MiB"]);
    let words = ["a ballast of 1.0 EiB is too much"];
    refused(&["--ballast", "1EiB", "--samples", "1"], 1, &words);
}

#[test]
fn options_that_do_not_go_together() {
    wrong_command_line(&["--limit", "--break-even"], &["--limit", "--break-even"]);
    wrong_command_line(&["--limit", "--ballast", "1MiB"], &["--ballast"]);
    wrong_command_line(&["--limit", "--workers", "2"], &["--workers"]);
    wrong_command_line(&["--limit", "--samples", "2"], &["--samples"]);
    wrong_command_line(&["--break-even", "--workers", "2"], &["--workers"]);
    wrong_command_line(&["--most", "2"], &["--limit"]);
    wrong_command_line(&["--draw", "a.svg"], &["--break-even"]);
    wrong_command_line(&["--beside", "a.json"], &["--break-even"]);
    if !is_sequential() {
        wrong_command_line(&["--break-even", "--samples", "5"], &["6 samples"]);
    }
}

#[test]
fn who_starts_no_worker_has_neither_limit_nor_break_even() {
    if is_sequential() {
        wrong_command_line(&["--limit"], &["spawner-threads"]);
        wrong_command_line(&["--break-even"], &["spawner-processes"]);
    }
}
