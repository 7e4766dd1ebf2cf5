//! Systems that are no Unix.

pub(crate) use super::elsewhere::*;

/// CPU time of the calling thread, in nanoseconds.
pub(crate) fn cpu_time_of_this_thread() -> Option<u64> {
    None
}
