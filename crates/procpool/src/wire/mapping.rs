//! Memory that parent and worker both have mapped. The only module of this crate with `unsafe`.
#![allow(
    unsafe_code,
    reason = "memory shared between processes has no safe face: ipc-channel gives `&mut` to it, or an \
              address, only so"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;

use ipc_channel::ipc::IpcSharedMemory;

/// Bytes that one side writes while the other leaves them alone. Whose turn it is passes with a
/// message, which also orders the writes before the reads.
pub(crate) struct Mapping(IpcSharedMemory);

impl Mapping {
    /// `None` if the system has no memory or no file left, for which ipc-channel panics.
    pub(crate) fn new(length: usize) -> Option<Mapping> {
        let memory = catch_unwind(|| IpcSharedMemory::from_byte(0, length));
        memory.ok().map(Mapping)
    }

    pub(crate) fn of(memory: IpcSharedMemory) -> Mapping {
        Mapping(memory)
    }

    /// What to send so that the other side can map it too; `None` as above.
    pub(crate) fn memory(&self) -> Option<IpcSharedMemory> {
        catch_unwind(AssertUnwindSafe(|| self.0.clone())).ok()
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[inline]
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: this process reaches the memory through this value alone, which is borrowed
        // exclusively; the other process leaves it alone until a message tells it of our writes
        // (`regions` lends each region to one side at a time).
        unsafe { self.0.deref_mut() }
    }
}

/// Atomic integers that both sides reach at any time.
pub(crate) struct Words {
    first: NonNull<AtomicU64>,
    count: usize,
    memory: IpcSharedMemory,
}

// SAFETY: the pointer is to memory that lives as long as `memory` does, and nothing but atomics is
// reached through it.
unsafe impl Send for Words {}
// SAFETY: as above.
unsafe impl Sync for Words {}

impl Words {
    /// All zero.
    pub(crate) fn new(count: usize) -> Words {
        let memory = IpcSharedMemory::from_byte(0, count * size_of::<AtomicU64>());
        Words::map(memory, count).expect("it was made for them, and mappings are aligned to pages")
    }

    /// Those that the other side has made; `None` if there are fewer.
    pub(crate) fn map(mut memory: IpcSharedMemory, count: usize) -> Option<Words> {
        // SAFETY: the slice is not read or written through; only its address is kept. Both sides
        // reach the memory through atomics alone.
        let bytes = unsafe { memory.deref_mut() };
        let fits = bytes.len() >= count * size_of::<AtomicU64>();
        let first = NonNull::new(bytes.as_mut_ptr())?.cast::<AtomicU64>();
        (fits && first.is_aligned()).then_some(Words {
            first,
            count,
            memory,
        })
    }

    pub(crate) fn memory(&self) -> IpcSharedMemory {
        self.memory.clone()
    }

    #[inline]
    pub(crate) fn all(&self) -> &[AtomicU64] {
        // SAFETY: `map` has checked size and alignment, the mapping moves with `memory` and never
        // changes its address, and every bit pattern is a valid atomic integer.
        unsafe { std::slice::from_raw_parts(self.first.as_ptr(), self.count) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::SeqCst;

    use super::*;

    #[test]
    fn both_sides_see_the_same_words() {
        let ours = Words::new(3);
        let theirs = Words::map(ours.memory(), 3).unwrap();
        ours.all()[2].store(7, SeqCst);
        assert_eq!(theirs.all()[2].load(SeqCst), 7);
    }

    #[test]
    fn memory_too_small_for_the_words_is_refused() {
        assert!(Words::map(IpcSharedMemory::from_byte(0, 20), 3).is_none());
    }

    #[test]
    fn both_sides_see_the_same_bytes() {
        let mut ours = Mapping::new(5000).unwrap();
        let theirs = Mapping::of(ours.memory().unwrap());
        ours.bytes_mut()[4999] = 9;
        assert_eq!(theirs.bytes()[4999], 9);
    }
}
