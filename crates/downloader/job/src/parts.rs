//! The folder for pages that have not come whole.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use harness::contestant::remove_on_interrupt;
use tempfile::TempDir;

/// Where pages wait for the next run with `--resume`.
const KEPT: &str = ".downloader-parts";

/// The folder for pages that have not come whole, in the folder where they will be: so they get there by a
/// mere change of their names, at once or not at all.
#[derive(Debug)]
pub(crate) enum Parts {
    /// Gone at the end, also if that is Ctrl-C.
    Dropped(TempDir),
    /// There for the next run.
    Kept { folder: PathBuf, lock: File },
}

impl Parts {
    /// In the folder `out`, which is made if it is not there.
    pub(crate) fn open(out: &Path, keep: bool) -> Result<Self> {
        let cannot = || format!("cannot make a folder in {}", out.display());
        fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
        if keep {
            return Self::kept(out.join(KEPT)).with_context(cannot);
        }
        let folder = tempfile::Builder::new()
            .prefix(".downloader-")
            .tempdir_in(out)
            .with_context(cannot)?;
        remove_on_interrupt(folder.path().to_owned());
        Ok(Self::Dropped(folder))
    }

    fn kept(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self::Kept { folder, lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("another download with --resume is at work there")
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        match self {
            Self::Dropped(folder) => folder.path(),
            Self::Kept { folder, .. } => folder,
        }
    }

    /// Removes what nobody will need.
    pub(crate) fn close(self) -> io::Result<()> {
        match self {
            Self::Dropped(folder) => match folder.close() {
                // Somebody has removed the whole output folder, and was told about each page already.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                closed => closed,
            },
            Self::Kept { folder, lock } => {
                // While it is still locked, so that nobody begins in a folder that is going away.
                let _ = fs::remove_file(folder.join("lock"));
                drop(lock);
                // Not empty: something waits there.
                let _ = fs::remove_dir(&folder);
                Ok(())
            }
        }
    }
}
