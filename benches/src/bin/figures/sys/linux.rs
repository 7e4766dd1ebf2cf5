//! Linux.

use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

/// As long as it lives, this thread stays on one core, and with it the threads and processes that it
/// starts meanwhile.
pub(crate) struct OneCore {
    before: CpuSet,
}

impl OneCore {
    /// The core that this thread is on. `None` if the system refuses.
    pub(crate) fn begin() -> Option<Self> {
        let before = sched_getaffinity(None).ok()?;
        let mut here = CpuSet::new();
        here.set(sched_getcpu());
        sched_setaffinity(None, &here).ok()?;
        Some(Self { before })
    }
}

impl Drop for OneCore {
    fn drop(&mut self) {
        // What was allowed before cannot well be refused.
        let _ = sched_setaffinity(None, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_on_one_core_and_then_on_all_that_it_had() {
        let before = sched_getaffinity(None).unwrap();
        let one = OneCore::begin().unwrap();
        assert_eq!(sched_getaffinity(None).unwrap().count(), 1);
        drop(one);
        assert_eq!(sched_getaffinity(None).unwrap(), before);
    }
}
