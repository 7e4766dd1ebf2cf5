//! A file that workers have in common: memory that processes map, or what `file-lock` locks.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::contestant::remove_on_interrupt;
use tempfile::TempDir;

use crate::mechanism::{Alike, Mechanism};
use crate::plan::Plan;
use crate::sys;

/// A file for workers, full of zeros, which is gone when this is dropped.
///
/// Where the system can, it is memory without a name, which goes with the last process that has it: however a run
/// ends, nothing is left, and there is no folder that could be missing or full.
#[derive(Debug)]
pub struct SharedFile {
    file: File,
    path: PathBuf,
    /// Where it stands if it has a name.
    folder: Option<TempDir>,
}

impl SharedFile {
    /// Makes one of so many bytes: without a name, or in the folder `dir` if one is given.
    ///
    /// # Errors
    /// If the folder is missing, cannot be written, or has no room.
    pub fn make(bytes: usize, dir: Option<&Path>) -> Result<Self> {
        let mut made = match dir {
            Some(dir) => Self::in_folder(dir)?,
            None => match Self::nameless() {
                Ok(made) => made,
                // An old kernel, another system, or no /proc.
                Err(_) => Self::in_folder(&std::env::temp_dir())?,
            },
        };
        // Written, and not only made longer: where there is no room, this says so. A hole in the file would end
        // whoever touches it first, with a signal.
        made.file.write_all(&vec![0; bytes]).with_context(|| {
            format!(
                "cannot make {bytes} bytes of shared memory {}",
                made.place()
            )
        })?;
        Ok(made)
    }

    /// What `file-lock` locks; none for other mechanisms.
    ///
    /// # Errors
    /// As for [`SharedFile::make`].
    pub fn to_lock(mechanism: Mechanism, plan: &Plan) -> Result<Option<Self>> {
        let locks = mechanism == Mechanism::Alike(Alike::FileLock);
        locks
            .then(|| Self::make(0, plan.memory_in.as_deref()))
            .transpose()
    }

    /// The file, open for reading and writing.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where the other workers find it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes its name away: everyone who needs it has opened it.
    pub fn unlink(&mut self) {
        self.folder = None;
    }

    fn nameless() -> io::Result<Self> {
        let (file, path) = sys::nameless()?;
        // Whether others will find it.
        File::open(&path)?;
        Ok(Self {
            file,
            path,
            folder: None,
        })
    }

    fn in_folder(dir: &Path) -> Result<Self> {
        let cannot = || {
            let dir = dir.display();
            format!(
                "cannot make a folder for shared memory in {dir} (name another one with --memory-in)"
            )
        };
        let folder = tempfile::Builder::new()
            .prefix("counter-memory-")
            .tempdir_in(dir)
            .with_context(cannot)?;
        remove_on_interrupt(folder.path().to_owned());
        let path = folder.path().join("memory");
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).open(&path);
        Ok(Self {
            file: file.with_context(cannot)?,
            path,
            folder: Some(folder),
        })
    }

    fn place(&self) -> String {
        match &self.folder {
            Some(folder) => format!(
                "in {}",
                folder.path().parent().unwrap_or(folder.path()).display()
            ),
            None => "without a name".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_find_it_by_its_path_as_long_as_it_is_there() {
        let dir = tempfile::tempdir().unwrap();
        for place in [None, Some(dir.path())] {
            let shared = SharedFile::make(5, place).unwrap();
            assert_eq!(std::fs::read(shared.path()).unwrap(), [0; 5]);
            let path = shared.path().to_owned();
            drop(shared);
            assert!(!path.exists());
        }
        assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none());
    }

    #[test]
    fn without_its_name_it_stays_for_those_who_have_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut shared = SharedFile::make(5, Some(dir.path())).unwrap();
        shared.unlink();
        assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none());
        assert_eq!(shared.file().metadata().unwrap().len(), 5);
    }

    #[test]
    fn a_folder_that_is_missing_is_named_with_a_way_out() {
        let error = SharedFile::make(5, Some(Path::new("/no/such/folder"))).unwrap_err();
        let text = format!("{error:#}");
        assert!(
            text.contains("/no/such/folder") && text.contains("--memory-in"),
            "{text}"
        );
    }
}
