//! Where the mechanisms take their atomics from. A test compiles their files once more with a module of this name
//! that gives loom's, and so tries every interleaving of the very lines that are measured.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Lets some time go by: `tries` pauses were in vain so far.
#[inline]
pub(crate) fn pause(tries: u32) {
    // As long as a holder takes that is running on another core; one that is not running may need this core.
    if tries < 64 {
        std::hint::spin_loop();
    } else {
        std::thread::yield_now();
    }
}
