//! The output folder, and a place in it for what is not whole yet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::contestant::remove_on_interrupt;
use tempfile::TempDir;

/// The output folder during a run.
#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) folder: PathBuf,
    /// In the output folder: so files get to their places by a mere change of their names, at once or not at all.
    /// Gone at the end, also if that is Ctrl-C, with whatever a worker that crashed has left in it.
    parts: TempDir,
}

impl Out {
    /// In `folder`, which is made if it is not there.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            parts: parts_in(folder)?,
        })
    }

    pub(crate) fn parts(&self) -> &Path {
        self.parts.path()
    }
}

/// A new folder in `folder`, which is gone when it is dropped and when the program is interrupted.
pub(crate) fn parts_in(folder: &Path) -> Result<TempDir> {
    let parts = tempfile::Builder::new()
        .prefix(".resizer-")
        .tempdir_in(folder)
        .with_context(|| format!("cannot write in the folder {}", folder.display()))?;
    remove_on_interrupt(parts.path().to_owned());
    Ok(parts)
}
