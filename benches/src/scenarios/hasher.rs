//! Hashing files that are in the page cache.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context, Result};
use criterion::Throughput;
use harness::record::Model;
use hasher::{Spread, record, sequential};
use hasher_processes::HashFiles;
use tempfile::TempDir;

use super::{TWO, runs};
use crate::Side;
use crate::group::Group;

const FILES: u64 = 64;
const BYTES: usize = 256 << 10;

pub(super) fn serve() {
    procpool::serve::<HashFiles>();
}

pub(super) fn group() -> Group {
    Group {
        name: "hasher",
        throughput: Throughput::Bytes(FILES * BYTES as u64),
        long: true,
        sides: vec![
            (
                "sequential",
                Box::new(|| side(Model::Sequential, sequential::run, &[])),
            ),
            (
                "threads",
                Box::new(|| side(Model::Threads, hasher_threads::run, &[TWO])),
            ),
            (
                "processes",
                Box::new(|| side(Model::Processes, hasher_processes::run, &[TWO])),
            ),
        ],
    }
}

fn side(model: Model, spread: Spread, workers: &'static [&'static str]) -> Result<Side> {
    let folder = files()?;
    Ok(runs(FILES, move || {
        let files = ["--recursive".into(), folder.path().as_os_str().to_owned()];
        record(
            model,
            spread,
            workers.iter().map(OsString::from).chain(files),
        )
    }))
}

fn files() -> Result<TempDir> {
    let folder = TempDir::new().context("no folder for files to hash")?;
    for number in 0..FILES {
        let content = vec![number as u8; BYTES];
        fs::write(folder.path().join(number.to_string()), content)?;
    }
    Ok(folder)
}
