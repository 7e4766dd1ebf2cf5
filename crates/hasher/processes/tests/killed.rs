//! What only processes can suffer: a worker, or their parent, is killed.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hasher-processes");
const FILES: usize = 40;

/// Large enough to be killed in the middle of: holes, which take no room on the disk, but time to hash.
fn large_files() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..FILES {
        let file = File::create(dir.path().join(format!("{number:02}"))).unwrap();
        file.set_len((64 << 20) + number as u64).unwrap();
    }
    dir
}

fn start(dir: &Path) -> Child {
    start_as(Command::new(PROGRAM), dir)
}

fn start_as(mut command: Command, dir: &Path) -> Child {
    command
        .current_dir(dir)
        .args(["--quiet", "--workers", "2", "-r", "."]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The children of `process`, by their numbers.
fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .map(|pid| pid.parse().unwrap())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "waited in vain until {what}"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Two workers that have begun to hash: each has one of the large files open.
fn busy_workers(parent: u32) -> Vec<u32> {
    let hashes = |worker: &u32| {
        let open = fs::read_dir(format!("/proc/{worker}/fd"))
            .into_iter()
            .flatten()
            .flatten();
        let mut targets = open.filter_map(|file| fs::read_link(file.path()).ok());
        targets.any(|target| {
            fs::metadata(target).is_ok_and(|data| data.is_file() && data.len() >= 64 << 20)
        })
    };
    let mut workers = Vec::new();
    wait_until("two workers are busy", || {
        workers = children(parent);
        workers.len() == 2 && workers.iter().all(hashes)
    });
    workers
}

fn kill(process: u32) {
    signal("-KILL", process);
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

#[test]
fn killed_worker_costs_nothing_but_time() {
    let dir = large_files();
    let undisturbed = start(dir.path()).wait_with_output().unwrap();
    assert_eq!(
        undisturbed.stdout.split(|byte| *byte == b'\n').count(),
        FILES + 1
    );

    let child = start(dir.path());
    let workers = busy_workers(child.id());
    kill(workers[0]);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(output.stdout, undisturbed.stdout);
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
}

#[test]
fn killed_parent_leaves_no_worker() {
    let dir = large_files();
    let mut child = start(dir.path());
    let workers = busy_workers(child.id());
    kill(child.id());
    child.wait().unwrap();
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
}

/// Ctrl-C in the milliseconds in which workers are started: they meet their parent at sockets in the
/// temporary folder, which nobody else removes. Whether it came in time.
fn interrupted_while_workers_start() -> bool {
    let tmp = tempfile::tempdir().unwrap();
    let is_empty = || fs::read_dir(tmp.path()).unwrap().next().is_none();
    let mut command = Command::new(PROGRAM);
    command
        .env("TMPDIR", tmp.path())
        .args(["--quiet", "--workers", "50", "nosuch"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    wait_until("a socket is there", || {
        !is_empty() || child.try_wait().unwrap().is_some()
    });
    signal("-INT", child.id());
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(1 | 130)), "{status}");
    assert!(
        is_empty(),
        "{:?}",
        fs::read_dir(tmp.path()).unwrap().collect::<Vec<_>>()
    );
    status.code() == Some(130)
}

#[test]
fn ctrl_c_while_workers_start_leaves_no_socket() {
    assert!((0..20).any(|_| interrupted_while_workers_start()));
}

#[test]
fn hang_up_is_ignored_under_nohup() {
    let dir = large_files();
    let mut nohup = Command::new("nohup");
    nohup.arg(PROGRAM);
    let child = start_as(nohup, dir.path());
    let workers = busy_workers(child.id());
    signal("-HUP", child.id());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(
        output.stdout.split(|byte| *byte == b'\n').count(),
        FILES + 1
    );
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
}
