//! What every variant of the spawner must do: one battery, run for each of them.
//!
//! A variant's test includes this file and names its program as `PROGRAM`.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use harness::record::Model;
use spawner::{SpawnerRecord, Traces, Way};

use crate::PROGRAM;

mod bad_input;
mod break_even;
mod ends;
mod limits;
mod record;
mod starts;

/// The program, without its notes.
fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("--quiet").stdin(Stdio::null());
    command
}

/// What the program prints for `args`.
fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

/// What the program records for `args`; it must succeed, and leave nothing behind.
#[track_caller]
fn record(args: &[&str]) -> SpawnerRecord {
    recorded(program().args(args))
}

/// The same for a command of its own.
#[track_caller]
fn recorded(command: &mut Command) -> SpawnerRecord {
    let output = command.arg("--json").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{command:?}: {output:?}");
    let record: SpawnerRecord = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(record.left, Traces::default());
    assert_eq!(record.run.outcome.failed, 0);
    record
}

/// The program in a shell that has first done `limit`.
fn under(limit: &str) -> Command {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("{limit} && exec \"$0\" --quiet \"$@\""),
        PROGRAM,
    ]);
    command.stdin(Stdio::null());
    command
}

fn is(name: &str) -> bool {
    Path::new(PROGRAM)
        .file_stem()
        .is_some_and(|stem| stem == name)
}

fn model() -> Model {
    match () {
        () if is("spawner-threads") => Model::Threads,
        () if is("spawner-processes") => Model::Processes,
        () => Model::Sequential,
    }
}

/// The names of the program's ways.
fn ways() -> Vec<&'static str> {
    Way::of(model()).into_iter().map(Way::name).collect()
}

/// Whether the program starts no worker.
fn is_sequential() -> bool {
    model() == Model::Sequential
}

fn contains(text: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(text).contains(part)
}
