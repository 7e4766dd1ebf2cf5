//! One owner counts, all others tell it: nothing is shared.
//!
//! Take it when there is a lot to do for each message, so that the hand-off does not count, and one place where it is
//! done. A bounded one (`sync_channel`): without a bound, memory would grow by what the owner is behind.

use crate::sync::mpsc::{Receiver, SyncSender};

/// Messages that may be under way: enough that nobody waits for each single one.
pub const BOUND: usize = 1024;

/// Tells the owner `times` times that there is one more.
///
/// # Errors
/// If the owner is gone.
pub fn count(owner: &SyncSender<u64>, times: u64, critical: impl Fn()) -> Result<(), &'static str> {
    for _ in 0..times {
        critical();
        owner
            .send(1)
            .map_err(|_| "the owner of the count is gone")?;
    }
    Ok(())
}

/// Counts what it is told, until nobody is left to tell it anything.
pub fn own(told: &Receiver<u64>) -> u64 {
    let mut count = 0;
    while let Ok(more) = told.recv() {
        count += more;
    }
    count
}
