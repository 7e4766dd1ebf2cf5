//! What only processes can suffer: a worker, or their parent, is killed.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use resizer_pixels::Photo;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_resizer-processes");
const PICTURES: usize = 40;

/// Large enough to be killed in the middle of.
fn photos() -> TempDir {
    let photo = Photo {
        width: 2_400,
        height: 1_800,
        seed: 1,
        orientation: 1,
        quality: 90,
    };
    let (dir, photo) = (tempfile::tempdir().unwrap(), photo.to_jpeg());
    fs::create_dir(dir.path().join("in")).unwrap();
    for number in 0..PICTURES {
        fs::write(dir.path().join(format!("in/{number:02}.jpg")), &photo).unwrap();
    }
    dir
}

fn start(dir: &Path, out: &str) -> Child {
    start_as(Command::new(PROGRAM), dir, out)
}

fn start_as(mut command: Command, dir: &Path, out: &str) -> Child {
    command
        .current_dir(dir)
        .args(["--quiet", "--workers", "2", "--size", "1200"])
        .args(["--out", out, "-r", "in"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// The children of `process`, by their numbers.
fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let numbers = |list: String| -> Vec<u32> {
        let words = list.split_whitespace();
        words.map(|pid| pid.parse().unwrap()).collect()
    };
    lists.flat_map(numbers).collect()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "waited in vain until {what}"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Two workers that are at work: some picture is there.
fn busy_workers(parent: u32, out: &Path) -> Vec<u32> {
    let mut workers = Vec::new();
    wait_until("two workers are busy", || {
        workers = children(parent);
        workers.len() == 2 && out.join("00.jpg").exists()
    });
    workers
}

fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .args([name, &process.to_string()])
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok());
}

fn is_alive(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // A zombie that its new parent has not yet waited for is as dead as one can be.
    !status.is_empty() && !status.contains(") Z ")
}

/// What is in a folder, hidden things too.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn lines(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').count() - 1
}

#[track_caller]
fn assert_all_done(dir: &Path, out: &str, output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(lines(&output.stdout), PICTURES);
    let out = dir.join(out);
    assert_eq!(names(&out), names(&dir.join("in")));
    let first = fs::read(out.join("00.jpg")).unwrap();
    for name in names(&out) {
        assert!(fs::read(out.join(&name)).unwrap() == first, "{name}");
    }
}

#[test]
fn killed_worker_costs_nothing_but_time() {
    let dir = photos();
    let child = start(dir.path(), "out");
    let workers = busy_workers(child.id(), &dir.path().join("out"));
    signal("-KILL", workers[0]);
    let output = child.wait_with_output().unwrap();
    // The picture that it was at was tried again, and a part that it left was removed.
    assert_all_done(dir.path(), "out", &output);
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
}

#[test]
fn workers_that_are_killed_again_cost_no_more_than_their_pictures() {
    let dir = photos();
    let child = start(dir.path(), "out");
    let out = dir.path().join("out");
    let first = busy_workers(child.id(), &out);
    for worker in &first {
        signal("-KILL", *worker);
    }
    let mut second = Vec::new();
    wait_until("there are new workers", || {
        second = children(child.id());
        second.len() == 2 && !second.iter().any(|worker| first.contains(worker))
    });
    for worker in &second {
        signal("-KILL", *worker);
    }
    let output = child.wait_with_output().unwrap();
    let (done, failed) = (lines(&output.stdout), lines(&output.stderr));
    assert_eq!(done + failed, PICTURES, "{output:?}");
    assert!(failed <= 2, "{output:?}");
    let status = Some(i32::from(failed > 0));
    assert_eq!(output.status.code(), status, "{output:?}");
    assert_eq!(names(&out).len(), done, "{:?}", names(&out));
}

#[test]
fn killed_parent_leaves_no_worker_and_no_half_of_a_picture() {
    let dir = photos();
    let mut child = start(dir.path(), "out");
    let out = dir.path().join("out");
    let workers = busy_workers(child.id(), &out);
    signal("-KILL", child.id());
    child.wait().unwrap();
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
    // Only the folder for what is not whole stays: nobody is left to remove it.
    let left = names(&out).into_iter();
    let (hidden, whole): (Vec<_>, Vec<_>) = left.partition(|name| name.starts_with('.'));
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    assert!(!whole.is_empty());
    for name in whole {
        let content = fs::read(out.join(&name)).unwrap();
        assert!(content.ends_with(b"\xff\xd9"), "{name}");
    }
    let again = start(dir.path(), "again").wait_with_output().unwrap();
    assert_all_done(dir.path(), "again", &again);
}

#[test]
fn hang_up_is_ignored_under_nohup() {
    let dir = photos();
    let mut nohup = Command::new("nohup");
    nohup.arg(PROGRAM);
    let child = start_as(nohup, dir.path(), "out");
    busy_workers(child.id(), &dir.path().join("out"));
    signal("-HUP", child.id());
    let output = child.wait_with_output().unwrap();
    assert_all_done(dir.path(), "out", &output);
}
