//! What every variant of the resizer must do: one battery, run for each of them.
//!
//! A variant's test includes this file and names its program as `PROGRAM`.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use harness::record::RunRecord;
use resizer_pixels::{Fit, Format, Photo, Resizer, Settings};
use tempfile::TempDir;

use crate::PROGRAM;

mod bad_input;
mod disk;
mod ends;
mod files;
mod folders;
mod misbehaving;
mod options;
mod progress;
mod record;
mod sheet;

/// How many photos the sample `mixed` has.
const MIXED: usize = 44;

/// The program, in the folder `dir`, without its summary.
fn program(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(dir).arg("--quiet").stdin(Stdio::null());
    command
}

/// Whether the program has one worker, and no option for more.
fn is_sequential() -> bool {
    Path::new(PROGRAM).ends_with("resizer")
}

/// More workers than one, where there can be.
fn more_workers() -> &'static [&'static str] {
    if is_sequential() {
        &[]
    } else {
        &["--workers", "3"]
    }
}

/// What the program prints for `args`, in the folder `dir`, with the output folder `out` and a size of 80.
fn run<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Output {
    let mut command = program(dir);
    command
        .args(["--out", "out", "--size", "80"])
        .args(more_workers());
    command.args(args).output().unwrap()
}

/// A photo of so many pixels that stands upright.
fn photo_of(width: u32, height: u32, seed: u64) -> Vec<u8> {
    Photo {
        width,
        height,
        seed,
        orientation: 1,
        quality: 90,
    }
    .to_jpeg()
}

/// A photo of 320x240 pixels, made once.
fn some_photo() -> &'static [u8] {
    static PHOTO: OnceLock<Vec<u8>> = OnceLock::new();
    PHOTO.get_or_init(|| photo_of(320, 240, 7))
}

/// A folder with these files, each `some_photo`.
fn photos<N: AsRef<OsStr>>(names: impl IntoIterator<Item = N>) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        put(dir.path(), name, some_photo());
    }
    dir
}

fn put(dir: &Path, name: impl AsRef<OsStr>, content: &[u8]) {
    let path = dir.join(name.as_ref());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// What the program is asked for by [`run`], without anything else.
fn settings() -> Settings {
    Settings {
        width: 80,
        height: 80,
        fit: Fit::Inside,
        enlarge: false,
        format: None,
        quality: 85,
        linear: false,
        fast: false,
        memory: 512_000_000,
    }
}

/// What `resizer-pixels` makes of `content`, asked directly.
fn expected(content: &[u8], settings: Settings) -> Vec<u8> {
    Resizer::new(settings).resize(content).unwrap().bytes
}

/// `content` as a picture of another format, of the same size.
fn as_format(content: &[u8], format: Format) -> Vec<u8> {
    let format = Some(format);
    let (width, height) = (4_000, 4_000);
    expected(
        content,
        Settings {
            format,
            width,
            height,
            ..settings()
        },
    )
}

/// All files below `dir` with their contents, by their names there.
fn files(dir: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().as_os_str().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

fn names(dir: &Path) -> Vec<String> {
    let names = files(dir).into_keys();
    names
        .map(|name| name.as_bytes().escape_ascii().to_string())
        .collect()
}

/// Everything in `dir` and below, folders too: for what must not be there.
fn everything(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(everything(&path));
        }
        all.push(path.display().to_string());
    }
    all
}

fn contains(text: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(text).contains(part)
}

fn lines(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.lines().map(ToOwned::to_owned).collect()
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

#[track_caller]
fn record(output: &Output) -> RunRecord {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}
