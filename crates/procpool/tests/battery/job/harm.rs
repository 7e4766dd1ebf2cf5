//! What a task can do to its own process.

use std::hint::black_box;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::time::Duration;
use std::{fs, process, thread};

use rustix::process::{
    PidfdFlags, PidfdGetfdFlags, Resource, Rlimit, Signal, getpid, getrlimit, kill_process,
    pidfd_getfd, pidfd_open, setrlimit,
};
use serde::{Deserialize, Serialize};

pub(super) fn signal_myself(signal: i32) {
    let signal = Signal::from_named_raw(signal).unwrap();
    // Twice: Rust's own handler of SIGSEGV only restores the default, and waits for the next fault.
    kill_process(getpid(), signal).unwrap();
    thread::sleep(Duration::from_millis(1));
    kill_process(getpid(), signal).unwrap();
    thread::sleep(Duration::from_secs(10));
}

pub(super) fn overflow_the_stack() {
    overflow(&[0; 4096]);
}

#[inline(never)]
fn overflow(room: &[u8; 4096]) -> u8 {
    if black_box(false) {
        return 0;
    }
    let more = black_box([room[0]; 4096]);
    overflow(&more).wrapping_add(more[1])
}

/// Panics when it is dropped.
struct Trap;

impl Drop for Trap {
    fn drop(&mut self) {
        panic!("twice");
    }
}

pub(super) fn panic_twice() {
    let _trap = Trap;
    panic!("once");
}

pub(super) fn panic_with_a_trap() {
    std::panic::panic_any(Trap);
}

/// Allocates until there is no more. The machine does not feel it: nothing of it is ever touched.
pub(super) fn exhaust() {
    const ROOM: u64 = 64 << 20;
    confine(ROOM);
    let piece = |_| black_box(Vec::<u8>::with_capacity(1 << 20));
    let pieces: Vec<_> = (0..2 * (ROOM >> 20)).map(piece).collect();
    panic!("{} MiB and no end", pieces.len());
}

/// Leaves room for so many bytes more.
pub(super) fn confine(room: u64) {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = pages.split(' ').next().unwrap().parse().unwrap();
    let limit = Rlimit {
        current: Some(pages * rustix::param::page_size() as u64 + room),
        ..getrlimit(Resource::As)
    };
    setrlimit(Resource::As, limit).unwrap();
}

/// Safe code cannot close descriptors that others own. A program that replaces this process has none
/// of its channels, and lives on as the worker would.
pub(super) fn close_channels() {
    let error = process::Command::new("sleep").arg("1000").exec();
    panic!("{error}");
}

/// A worker's channels, in the order in which it makes them, which is that of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Channel {
    Tasks,
    Outputs,
    Lifeline,
}

/// Copies, which safe code can have. What is shut down with a copy is shut down.
fn sockets() -> Vec<UnixStream> {
    let entries = fs::read_dir("/proc/self/fd").unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let number = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().parse().unwrap();
    let mut numbers: Vec<_> = paths
        .map(number)
        .filter(|&n| is_socket_of_ours(n))
        .collect();
    numbers.sort_unstable();
    let myself = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
    let copy = |number| pidfd_getfd(&myself, number, PidfdGetfdFlags::empty()).unwrap();
    numbers
        .into_iter()
        .map(copy)
        .map(UnixStream::from)
        .collect()
}

/// Not inherited: the connection by which a sibling said hello may be, which ipc-channel accepts
/// without close-on-exec.
fn is_socket_of_ours(number: i32) -> bool {
    const CLOSE_ON_EXEC: u32 = 0o2_000_000;
    let target = fs::read_link(format!("/proc/self/fd/{number}")).unwrap_or_default();
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap_or_default();
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    target.to_string_lossy().starts_with("socket:")
        && flags.is_some_and(|flags| flags & CLOSE_ON_EXEC != 0)
}

pub(super) fn hang_up(channel: Channel) {
    sockets()[channel as usize]
        .shutdown(Shutdown::Both)
        .unwrap();
}

/// Sends the parent what is a message to ipc-channel, which puts two lengths before it, and to nobody
/// else.
pub(super) fn babble() {
    let nonsense = [0, 99, 1, 2, 3];
    let lengths = [nonsense.len() + 16, nonsense.len()].map(usize::to_ne_bytes);
    let packet = [lengths.as_flattened(), &nonsense].concat();
    let mut outputs = &sockets()[Channel::Outputs as usize];
    outputs.write_all(&packet).unwrap();
}

/// Opens files until it may open no more, and never closes them.
pub(super) fn use_up_descriptors() {
    let limit = Rlimit {
        current: Some(64),
        ..getrlimit(Resource::Nofile)
    };
    setrlimit(Resource::Nofile, limit).unwrap();
    std::iter::from_fn(|| fs::File::open("/dev/null").ok()).for_each(std::mem::forget);
}

/// So many bytes, as whole lines on standard output and error in turn.
pub(super) fn make_noise(bytes: usize) {
    let line = format!("{}\n", "x".repeat(99));
    for _ in 0..bytes / (2 * line.len()) {
        io::stdout().write_all(line.as_bytes()).unwrap();
        io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
