//! Waiting until a word in memory says that it goes on: looking again and again, or sleeping.

use std::sync::atomic::{AtomicU32, Ordering};

use super::load;
use crate::error::TalkError;
use crate::sys;

/// How to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Looking again and again. It is the quickest as long as the other worker has a core of its own.
    Spinning,
    /// Asleep until woken: a futex (`man 2 futex`), which is what Rust's and C's own locks wait with.
    Sleeping(Wakes),
}

/// Who may sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakes {
    /// Threads of this process: the system finds them by the address.
    Threads,
    /// Other processes too: the system has to look up which memory it is.
    Processes,
}

/// A counter on a line of its own, with the note whether somebody sleeps until it changes.
#[repr(C, align(128))]
pub(super) struct Word {
    value: AtomicU32,
    sleeps: AtomicU32,
}

/// So often somebody looks before they let others have the core. About 20 microseconds: longer than the other side
/// takes for a small message, shorter than what it costs to be without a core.
const LOOKS: u32 = 1_000;

impl Waiting {
    /// Waits until the `word` is `ready`.
    ///
    /// # Errors
    /// If `gone` is set before.
    pub(super) fn until(
        self,
        word: &Word,
        gone: &Word,
        ready: impl Fn(u32) -> bool,
    ) -> Result<(), TalkError> {
        let mut looks = 0;
        loop {
            let seen = load(&word.value);
            if ready(seen) {
                return Ok(());
            }
            match self {
                Self::Spinning if looks % LOOKS != LOOKS - 1 => std::hint::spin_loop(),
                // The last word of one who is gone counts.
                _ if load(&gone.value) != 0 => {
                    let ready = ready(load(&word.value));
                    return ready.then_some(()).ok_or(TalkError::Gone);
                }
                // With one core for both, the other worker would never be done otherwise.
                Self::Spinning => std::thread::yield_now(),
                Self::Sleeping(who) => word.sleep(seen, gone, who)?,
            }
            looks = looks.wrapping_add(1);
        }
    }

    /// Changes the `word`, and wakes whoever sleeps until it does.
    #[inline]
    pub(super) fn set(self, word: &Word, value: u32) {
        match self {
            Self::Spinning => word.value.store(value, Ordering::Release),
            Self::Sleeping(_) => {
                // Sequentially consistent, as in `sleep`: either the sleeper sees the value, or this sees the sleeper.
                word.value.store(value, Ordering::SeqCst);
                self.wake(word);
            }
        }
    }

    /// Wakes whoever sleeps until the `word` changes.
    #[inline]
    pub(super) fn wake(self, word: &Word) {
        if let Self::Sleeping(who) = self
            && word.sleeps.load(Ordering::SeqCst) != 0
        {
            word.sleeps.store(0, Ordering::SeqCst);
            sys::wake(&word.sleeps, who == Wakes::Threads);
        }
    }
}

impl Word {
    /// Sleeps while it is `seen` and nobody is `gone`. Wakes up at times without a reason.
    ///
    /// It sleeps until the note that it does is taken away, and not until the value changes: who is gone changes none,
    /// and would be missed by one that is about to fall asleep.
    pub(super) fn sleep(&self, seen: u32, gone: &Self, who: Wakes) -> Result<(), TalkError> {
        self.sleeps.store(1, Ordering::SeqCst);
        let goes_on = self.value.load(Ordering::SeqCst) != seen;
        if goes_on || gone.value.load(Ordering::SeqCst) != 0 {
            return Ok(());
        }
        sys::sleep(&self.sleeps, 1, who == Wakes::Threads).map_err(TalkError::System)
    }
}
