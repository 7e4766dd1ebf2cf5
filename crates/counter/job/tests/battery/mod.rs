//! What every variant of the counter must do: one battery, run for each of them.
//!
//! A variant's test includes this file and names its program as `PROGRAM`.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use counter::{Count, CounterRecord, Mechanism};

use crate::PROGRAM;

mod bad_input;
mod counts;
mod death;
mod ends;
mod record;

/// The program, without its summary.
fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("--quiet").stdin(Stdio::null());
    command
}

/// What the program prints for `args`.
fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

/// What the program records for `args`; it must succeed.
#[track_caller]
fn record(args: &[&str]) -> CounterRecord {
    let output = program().arg("--json").args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn is(name: &str) -> bool {
    Path::new(PROGRAM)
        .file_stem()
        .is_some_and(|stem| stem == name)
}

/// Whether the program has one worker only.
fn is_sequential() -> bool {
    is("counter")
}

fn contains(text: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(text).contains(part)
}

fn is_wrong_on_purpose(count: &Count) -> bool {
    Mechanism::named(&count.mechanism)
        .unwrap()
        .is_wrong_on_purpose()
}
