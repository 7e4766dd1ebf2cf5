//! The memory that two processes map: a file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::contestant::remove_on_interrupt;
use tempfile::TempDir;

/// A file full of zeros, which is gone when this is dropped.
///
/// Where the system can, it is memory without a name, which goes with the last process that has it: however a run
/// ends, nothing is left.
#[derive(Debug)]
pub(crate) struct SharedFile {
    file: File,
    path: PathBuf,
    /// Where it stands if it has a name.
    _folder: Option<TempDir>,
}

impl SharedFile {
    /// Makes one of so many bytes, all of which are there.
    ///
    /// # Errors
    /// If there is no room for it.
    pub(crate) fn make(bytes: usize) -> Result<Self> {
        // Without: an old kernel, another system, or no /proc.
        let made = Self::nameless().or_else(|_| Self::in_folder(&std::env::temp_dir()));
        let made = made.context("cannot make a file for shared memory")?;
        let given = give_room(&made.file, bytes as u64);
        given.with_context(|| format!("cannot have {bytes} bytes of shared memory"))?;
        Ok(made)
    }

    /// The file, open for reading and writing.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Where the other process finds it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    #[cfg(target_os = "linux")]
    fn nameless() -> io::Result<Self> {
        use std::os::fd::AsRawFd;

        use rustix::fs::{MemfdFlags, memfd_create};

        let file = File::from(memfd_create("messenger", MemfdFlags::CLOEXEC)?);
        let path = PathBuf::from(format!(
            "/proc/{}/fd/{}",
            std::process::id(),
            file.as_raw_fd()
        ));
        // Whether the other one will find it.
        File::open(&path)?;
        Ok(Self {
            file,
            path,
            _folder: None,
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn nameless() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn in_folder(dir: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("messenger-memory-")
            .tempdir_in(dir)?;
        remove_on_interrupt(folder.path().to_owned());
        let path = folder.path().join("memory");
        let mut options = File::options();
        let file = options
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(Self {
            file,
            path,
            _folder: Some(folder),
        })
    }
}

/// Makes the file so long, with room for all of it. Where there is none, this says so; a hole in the file would end
/// whoever touches it first, with a signal.
#[cfg(target_os = "linux")]
fn give_room(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};

    Ok(fallocate(file, FallocateFlags::empty(), 0, bytes)?)
}

#[cfg(not(target_os = "linux"))]
fn give_room(mut file: &File, bytes: u64) -> io::Result<()> {
    use std::io::{Read, copy, repeat};

    copy(&mut repeat(0).take(bytes), &mut file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_find_it_by_its_path_as_long_as_it_is_there() {
        let dir = tempfile::tempdir().unwrap();
        for made in [SharedFile::nameless(), SharedFile::in_folder(dir.path())] {
            let Ok(made) = made else { continue };
            give_room(&made.file, 5000).unwrap();
            assert_eq!(std::fs::read(made.path()).unwrap(), [0; 5000]);
            let path = made.path().to_owned();
            drop(made);
            assert!(!path.exists());
        }
        assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none());
    }
}
