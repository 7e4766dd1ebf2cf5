//! What only processes can suffer: a worker, or their parent, is killed.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use downloader_site::Site;

const PROGRAM: &str = env!("CARGO_BIN_EXE_downloader-processes");
const PAGES: usize = 40;

/// Slow pages, so that there is time to kill somebody.
fn start(site: &Site, dir: &Path) -> Child {
    let urls = (0..PAGES).map(|number| format!("{}/page/1?latency=100ms&n={number}", site.url()));
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(dir)
        .args(["--quiet", "--no-proxy", "--workers", "4", "--out", "out"])
        .args(urls)
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
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Four workers; the site has been asked for a page by each of them, or by those who were quicker.
fn busy_workers(site: &Site, parent: u32) -> Vec<u32> {
    let mut workers = Vec::new();
    wait_until("four workers are there", || {
        workers = children(parent);
        workers.len() == 4
    });
    wait_until("four pages are under way", || in_flight(site) == 4);
    workers
}

fn in_flight(site: &Site) -> u64 {
    let place = site.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(place).unwrap();
    write!(
        stream,
        "GET /stats HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let answer = std::io::read_to_string(stream).unwrap();
    let stats = &answer[answer.find("\r\n\r\n").unwrap()..];
    serde_json::from_str::<serde_json::Value>(stats).unwrap()["in_flight"]
        .as_u64()
        .unwrap()
}

fn kill(process: u32) {
    let status = Command::new("kill")
        .args(["-KILL", &process.to_string()])
        .status();
    assert!(status.unwrap().success());
}

fn is_alive(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // A zombie that its new parent has not yet waited for is as dead as one can be.
    !status.is_empty() && !status.contains(") Z ")
}

/// The columns that do not depend on the time.
fn columns(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    let without_time = |line: &str| {
        let columns: Vec<_> = line.split('\t').collect();
        [&columns[..2], &columns[3..]].concat().join(" ")
    };
    text.lines().map(without_time).collect()
}

#[test]
fn killed_worker_costs_nothing_but_time() {
    let site = Site::start(PROGRAM, [] as [&str; 0]).unwrap();
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let undisturbed = start(&site, dirs[0].path()).wait_with_output().unwrap();
    assert_eq!(undisturbed.status.code(), Some(0), "{undisturbed:?}");
    assert_eq!(columns(&undisturbed).len(), PAGES);

    let child = start(&site, dirs[1].path());
    let workers = busy_workers(&site, child.id());
    // In the middle of its bundle: some of its pages are whole, and come once more.
    std::thread::sleep(Duration::from_millis(250));
    kill(workers[0]);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(columns(&output), columns(&undisturbed));
    let files = |dir: &Path| -> Vec<_> {
        let mut files: Vec<_> = fs::read_dir(dir.join("out"))
            .unwrap()
            .map(|file| file.unwrap())
            .map(|file| (file.file_name(), fs::read(file.path()).unwrap()))
            .collect();
        files.sort();
        files
    };
    assert_eq!(files(dirs[1].path()), files(dirs[0].path()));
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
}

#[test]
fn killed_parent_leaves_no_worker() {
    let site = Site::start(PROGRAM, [] as [&str; 0]).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut child = start(&site, dir.path());
    let workers = busy_workers(&site, child.id());
    kill(child.id());
    child.wait().unwrap();
    wait_until("no worker is left", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
}
