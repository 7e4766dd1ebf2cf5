//! Ways to count together, a file each. They take what they count in by reference, and cannot tell whether it lies
//! on a heap or in memory that several processes have mapped: so they are the same code for threads and for
//! processes. The others (`own-copy`, `mutex`, `rwlock`, `channel`) stand in the variants.

pub mod atomic;
pub mod compare_exchange;
pub mod false_sharing;
pub mod file_lock;
pub mod local_then_merge;
pub mod lost_update;
pub mod padded;
pub mod spin;

use std::fs::File;
use std::io;
use std::sync::atomic::Ordering::Relaxed;

use crate::mechanism::Alike;
use crate::memory::Memory;
use crate::task::Task;

/// Does the `task` of one worker by the mechanism `alike`. `lock` is the file for `file-lock`, opened by this worker.
///
/// # Errors
/// If a file cannot be locked.
pub fn count(
    alike: Alike,
    memory: &Memory,
    task: &Task,
    lock: Option<&File>,
    critical: impl Fn(),
) -> io::Result<()> {
    let (shared, times, own) = (&memory.count.0, task.times, task.worker as usize);
    match alike {
        Alike::LostUpdate => lost_update::count(shared, times, critical),
        Alike::Atomic => atomic::count(shared, times, critical),
        Alike::CompareExchange => compare_exchange::count(shared, times, critical),
        Alike::Spin => spin::count(&memory.spin.0, times, critical),
        Alike::FalseSharing => false_sharing::count(&memory.near[own], times, critical),
        Alike::Padded => padded::count(&memory.apart[own], times, critical),
        Alike::LocalThenMerge => local_then_merge::count(shared, times, critical),
        Alike::FileLock => {
            let file = lock.ok_or_else(|| io::Error::other("no file was opened to be locked"))?;
            file_lock::count(file, shared, times, critical)?;
        }
    }
    Ok(())
}

/// What was counted by the mechanism `alike`.
pub fn total(alike: Alike, memory: &Memory) -> u64 {
    match alike {
        Alike::Spin => memory.spin.0.count().load(Relaxed),
        Alike::FalseSharing => false_sharing::total(&memory.near),
        Alike::Padded => padded::total(&memory.apart),
        _ => memory.count.0.load(Relaxed),
    }
}
