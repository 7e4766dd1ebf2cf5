//! Whether there is room for the stack of another thread.
//!
//! The system says no to a thread whose stack has no room. But std gives each thread a second, small stack, for what is
//! said when the first one overflows, and the allocator gives it a heap, and both do so in the new thread: where there
//! is no room for these, the whole program ends. So where room is scarce, it is looked for before each thread, and none
//! is started before the last one has found its own.

use std::io;

use memmap2::MmapMut;

use crate::meeting::Meeting;

/// The stack of a thread, the second one, and what they have around them.
const EACH: usize = (2 << 20) + (64 << 10);
/// So much must be left beside it, for whatever else the program does.
const SPARE: usize = 2 << 20;

/// Room for some threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    is_scarce: bool,
}

impl Room {
    /// Looks for room for all of `workers` at once, before they are timed.
    pub(crate) fn look(workers: u32) -> Self {
        let all = EACH.saturating_mul(workers as usize);
        let is_scarce = !is_there(all.saturating_add(SPARE));
        Self { is_scarce }
    }

    /// Before each thread: costs nothing where there was room for all.
    ///
    /// # Errors
    /// If there is none for another one.
    pub(crate) fn check(self) -> io::Result<()> {
        if self.is_scarce && !is_there(EACH + SPARE) {
            let cause = "too few addresses are left for the stack of another thread";
            return Err(io::Error::new(io::ErrorKind::OutOfMemory, cause));
        }
        Ok(())
    }

    /// After each thread: waits until all that were `started` so far are at the `meeting`, where room is scarce.
    pub(crate) fn settle(self, meeting: &Meeting, started: u32) {
        if self.is_scarce {
            meeting.all_here(started);
        }
    }
}

/// Addresses alone: nothing is touched. Not from an allocator, which keeps what was given back to it.
fn is_there(bytes: usize) -> bool {
    MmapMut::map_anon(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_room_for_all_nobody_looks_again_and_elsewhere_for_each() {
        assert!(!Room::look(1).is_scarce);
        let scarce = Room::look(u32::MAX);
        assert!(
            scarce.is_scarce,
            "4 Gi stacks of 2 MiB are more than any machine has"
        );
        scarce.check().unwrap();
    }
}
