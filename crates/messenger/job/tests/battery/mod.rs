//! What every variant of the messenger must do: one battery, run for each of them.
//!
//! A variant's test includes this file and names its program as `PROGRAM`.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use harness::record::Model;
use messenger::{MessengerRecord, Way};

use crate::PROGRAM;

mod bad_input;
mod delivery;
mod ends;
mod record;

/// Ample for a machine that is busy with other tests. What takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// The program, without its summary.
fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("--quiet").stdin(Stdio::null());
    command
}

/// What the program prints for `args`. One that hangs is killed, and fails the test.
#[track_caller]
fn run(args: &[&str]) -> Output {
    ended(program().args(args))
}

#[track_caller]
fn ended(command: &mut Command) -> Output {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    output(child)
}

/// What `child` has printed when it has ended.
#[track_caller]
fn output(child: Child) -> Output {
    let pid = child.id();
    let waits = std::thread::spawn(move || child.wait_with_output().unwrap());
    let began = Instant::now();
    while !waits.is_finished() {
        if began.elapsed() > PATIENCE {
            kill("-KILL", pid);
            panic!("it hangs: {:?}", waits.join().unwrap());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    waits.join().unwrap()
}

fn kill(signal: &str, pid: u32) {
    let status = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(status.unwrap().success());
}

/// What the program records for `args`; it must succeed.
#[track_caller]
fn record(args: &[&str]) -> MessengerRecord {
    let output = ended(program().arg("--json").args(args));
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn model() -> Model {
    match Path::new(PROGRAM).file_stem().unwrap().to_str().unwrap() {
        "messenger" => Model::Sequential,
        "messenger-threads" => Model::Threads,
        "messenger-processes" => Model::Processes,
        other => panic!("{other}"),
    }
}

/// The names of all its ways.
fn ways() -> Vec<&'static str> {
    Way::of(model()).into_iter().map(Way::name).collect()
}

fn contains(text: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(text).contains(part)
}
