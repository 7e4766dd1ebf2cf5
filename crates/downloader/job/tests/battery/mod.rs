//! What every variant of the downloader must do: one battery, run for each of them.
//!
//! A variant's test includes this file and names its program as `PROGRAM`. The site is that program too, started
//! as its own: every test has one to itself, so that its counts are the test's.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use downloader_site::Site;
use serde_json::Value;

use crate::PROGRAM;

mod bad_answers;
mod bad_input;
mod compared;
mod ends;
mod files;
mod limits;
mod nginx;
mod progress;
mod record;
mod retries;

fn site() -> Site {
    Site::start(PROGRAM, ["--tls"]).unwrap()
}

/// Whether the program has one worker only.
fn is_sequential() -> bool {
    Path::new(PROGRAM).ends_with("downloader")
}

/// The program, in the folder `dir`, without its summary, and impatient.
fn program(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(dir)
        .args(["--quiet", "--no-proxy", "--retry-wait", "10ms"])
        .stdin(Stdio::null());
    command
}

/// What the program prints for `args`, in the folder `dir`.
fn run<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Output {
    program(dir).args(args).output().unwrap()
}

/// With so many workers, where there can be more than one.
fn workers(count: u32) -> Vec<String> {
    if is_sequential() {
        Vec::new()
    } else {
        vec!["--workers".to_owned(), count.to_string()]
    }
}

/// The JSON objects that the program has printed, one a page.
fn objects(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{output:?}"));
    text.lines().map(parse).collect()
}

fn contains(text: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(text).contains(part)
}

fn lines(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').count() - 1
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

/// What the site answers to a simple request, by no client that could be wrong in the way of ours.
fn ask(site: &Site, method: &str, path: &str) -> Vec<u8> {
    let place = site.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(place).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    answer.split_off(head.unwrap() + 4)
}

/// The bytes of a page.
fn page(site: &Site, path: &str) -> Vec<u8> {
    ask(site, "GET", path)
}

fn stats(site: &Site) -> Value {
    serde_json::from_slice(&ask(site, "GET", "/stats")).unwrap()
}

/// All files below `dir`, hidden ones too, by their paths in it.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.insert(format!("{name}/"), Vec::new());
            let inner = files(&path).into_iter();
            found.extend(inner.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// Whether a file collects a page that is not whole.
fn is_part(name: &str) -> bool {
    Path::new(name).extension() == Some(OsStr::new("part"))
}

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        // Ample for a machine that is busy with other tests.
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "waited in vain until {what}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
