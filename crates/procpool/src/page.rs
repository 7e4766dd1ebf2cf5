//! The page that parent and worker share, so that a crash finds its task.
//!
//! A worker notes in it where it stands before and after every task. Unlike a message, the note
//! costs a nanosecond and is there whatever ends the process. The parent reads it once the worker is
//! dead, and asks through it that a living worker stop at the next task.
#![allow(
    unsafe_code,
    reason = "atomics in memory shared between processes have no safe face"
)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use ipc_channel::ipc::IpcSharedMemory;

#[repr(C)]
struct Cells {
    /// Twice the number of finished tasks, plus one while a task is running.
    progress: AtomicU64,
    stop: AtomicU32,
}

/// A mapping of the shared page; the memory goes when both sides are gone.
pub(crate) struct Page {
    cells: NonNull<Cells>,
    memory: IpcSharedMemory,
}

// SAFETY: the pointer is to memory that lives as long as `memory` does, and nothing but atomics is
// reached through it.
unsafe impl Send for Page {}
// SAFETY: as above.
unsafe impl Sync for Page {}

impl Page {
    pub(crate) fn new() -> Page {
        // One page: a mapping is never smaller.
        Page::map(IpcSharedMemory::from_byte(0, 4096)).expect("4096 bytes hold the cells")
    }

    /// Takes a page that the other side has made.
    pub(crate) fn map(mut memory: IpcSharedMemory) -> Option<Page> {
        // SAFETY: the slice is not read or written through; only its address is kept. Both sides
        // reach the memory through atomics alone.
        let bytes = unsafe { memory.deref_mut() };
        let fits = bytes.len() >= size_of::<Cells>();
        let cells = NonNull::new(bytes.as_mut_ptr())?.cast::<Cells>();
        (fits && cells.is_aligned()).then_some(Page { cells, memory })
    }

    /// What to send so that the other side can map the same page.
    pub(crate) fn memory(&self) -> IpcSharedMemory {
        self.memory.clone()
    }

    fn cells(&self) -> &Cells {
        // SAFETY: `map` has checked size and alignment, the mapping moves with `memory` and never
        // changes its address, and every bit pattern is a valid atomic integer.
        unsafe { self.cells.as_ref() }
    }

    /// The worker: the next task starts.
    pub(crate) fn begin(&self) {
        // Not a plain store: the task must not be moved up before it.
        self.cells().progress.fetch_add(1, Ordering::SeqCst);
    }

    /// The worker: the task is done, its output encoded.
    pub(crate) fn finish(&self) {
        self.cells().progress.fetch_add(1, Ordering::SeqCst);
    }

    /// The parent: how many tasks were finished, and whether one more was running.
    pub(crate) fn progress(&self) -> (u64, bool) {
        let progress = self.cells().progress.load(Ordering::SeqCst);
        (progress / 2, progress % 2 == 1)
    }

    /// The parent: stop before the next task.
    pub(crate) fn stop(&self) {
        self.cells().stop.store(1, Ordering::Release);
    }

    /// The worker: has the parent asked to stop?
    pub(crate) fn stopping(&self) -> bool {
        self.cells().stop.load(Ordering::Acquire) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_see_the_same_page() {
        let worker = Page::new();
        let parent = Page::map(worker.memory()).unwrap();
        worker.begin();
        assert_eq!(parent.progress(), (0, true));
        worker.finish();
        assert_eq!(parent.progress(), (1, false));
        parent.stop();
        assert!(worker.stopping());
    }

    #[test]
    fn a_page_too_small_is_refused() {
        assert!(Page::map(IpcSharedMemory::from_byte(0, 4)).is_none());
    }
}
