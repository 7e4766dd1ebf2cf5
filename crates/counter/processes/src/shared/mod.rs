//! Memory that several processes have mapped, and locks in it. The only module of the counter with `unsafe`.
//!
//! What holds it together:
//!
//! - A region is a file of exactly the size of [`Shared`], full of zeros when it is made. Nobody changes its length:
//!   it has no name, or one that nobody knows, which is taken away when all workers have opened it.
//! - [`Shared`] is `repr(C)`, and every process that maps it is the same program: it means the same to all of them.
//! - There is nothing in it but atomic integers and locks of the system, so a shared reference to it is sound whatever
//!   the other processes do. No pointer, no Rust lock: std's may be moved and is told of one process alone.
//! - Locks are set up once, by the process that makes the region, before any other has it; and never destroyed,
//!   because another may be in it. They hold nothing but these bytes.
#![allow(
    unsafe_code,
    reason = "what the bytes of a mapping are, and that a lock of the system is used as its manual says, the \
              compiler cannot see"
)]

mod mutex;
mod rwlock;

use std::fs::OpenOptions;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use counter::{Memory, Plan, SharedFile};
use memmap2::{MmapOptions, MmapRaw};

pub use mutex::{Guard, Locked, Mutex};
pub use rwlock::{RwLock, Written};

/// What all processes of a run have in common.
#[repr(C)]
pub struct Shared {
    /// What is counted in, and the gate.
    pub memory: Memory,
    /// A mutex that tells when its holder has died.
    pub robust: Mutex,
    /// One that does not, for `--die`.
    pub plain: Mutex,
    /// A readers-writer lock.
    pub rwlock: RwLock,
}

/// A mapping of [`Shared`].
pub struct Region(MmapRaw);

impl Region {
    /// Makes one, in which nothing was counted and nothing is locked, and the file in which others find it.
    ///
    /// # Errors
    /// If there is no memory, or no room in the folder that `plan` names.
    pub fn make(plan: &Plan) -> Result<(Self, SharedFile)> {
        let file = SharedFile::make(size_of::<Shared>(), plan.memory_in.as_deref())?;
        let region = Self::map(file.file())?;
        let shared = region.shared();
        shared.robust.set_up(true)?;
        shared.plain.set_up(false)?;
        shared.rwlock.set_up()?;
        Ok((region, file))
    }

    /// Maps one that another process has made.
    ///
    /// # Errors
    /// If it is not there, or of another program.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        Self::map(
            &file.with_context(|| format!("cannot open the shared memory {}", path.display()))?,
        )
    }

    fn map(file: &std::fs::File) -> Result<Self> {
        let length = file.metadata()?.len();
        ensure!(
            length == size_of::<Shared>() as u64,
            "shared memory of {length} bytes instead of {}: of another version of this program?",
            size_of::<Shared>()
        );
        let map = MmapOptions::new()
            .map_raw(file)
            .context("cannot map shared memory")?;
        Ok(Self(map))
    }

    /// What is in it.
    pub fn shared(&self) -> &Shared {
        #[expect(
            clippy::cast_ptr_alignment,
            reason = "a mapping begins at a page, and pages are aligned to more than any type of ours"
        )]
        let shared = self.0.as_mut_ptr().cast::<Shared>();
        // SAFETY: the mapping is as long as `Shared` (checked by `map`), begins at a page and so is aligned, and stays
        // as long as `self` is borrowed. Zeros are a value of every part of it, and from then on it is only changed
        // through its atomics and locks, by this and by other processes.
        unsafe { &*shared }
    }
}

/// The result of a call that returns an error number.
fn checked(number: libc::c_int) -> std::io::Result<()> {
    match number {
        0 => Ok(()),
        number => Err(std::io::Error::from_raw_os_error(number)),
    }
}

#[cfg(test)]
mod tests;
