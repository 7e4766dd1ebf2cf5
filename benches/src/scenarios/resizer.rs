//! Resizing small photos.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context, Result};
use criterion::Throughput;
use harness::record::Model;
use resizer::{Spread, record, sequential};
use resizer_pixels::Photo;
use resizer_processes::ResizePictures;
use tempfile::TempDir;

use super::{TWO, runs};
use crate::Side;
use crate::group::Group;

const PHOTOS: u64 = 16;

pub(super) fn serve() {
    procpool::serve::<ResizePictures>();
}

pub(super) fn group() -> Group {
    Group {
        name: "resizer",
        throughput: Throughput::Elements(PHOTOS),
        long: true,
        sides: vec![
            (
                "sequential",
                Box::new(|| side(Model::Sequential, sequential::run, &[])),
            ),
            (
                "threads",
                Box::new(|| side(Model::Threads, resizer_threads::run, &[TWO])),
            ),
            (
                "processes",
                Box::new(|| side(Model::Processes, resizer_processes::run, &[TWO])),
            ),
        ],
    }
}

fn side(model: Model, spread: Spread, workers: &'static [&'static str]) -> Result<Side> {
    let folder = photos()?;
    Ok(runs(PHOTOS, move || {
        let [out, photos] = ["out", "photos"].map(|name| folder.path().join(name));
        let asked = ["--size=160", "--overwrite", "--recursive", "--out"].map(OsString::from);
        let paths = [out, photos].map(OsString::from);
        let workers = workers.iter().map(OsString::from);
        record(model, spread, workers.chain(asked).chain(paths))
    }))
}

fn photos() -> Result<TempDir> {
    let folder = TempDir::new().context("no folder for photos")?;
    let photos = folder.path().join("photos");
    fs::create_dir(&photos)?;
    for seed in 0..PHOTOS {
        let photo = Photo {
            width: 800,
            height: 600,
            seed,
            orientation: 1,
            quality: 90,
        };
        fs::write(photos.join(format!("{seed}.jpg")), photo.to_jpeg())?;
    }
    Ok(folder)
}
