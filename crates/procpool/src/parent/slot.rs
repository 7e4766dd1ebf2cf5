//! Where one result waits for whoever handed the task in.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::done::Done;

#[derive(Default)]
pub(crate) struct Slot {
    state: Mutex<State>,
    filled: Condvar,
}

#[derive(Default)]
struct State {
    done: Option<Done>,
    /// Somebody sleeps until it is filled.
    awaited: bool,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fill(&self, done: Done) {
        let mut state = self.lock();
        state.done = Some(done);
        if state.awaited {
            drop(state);
            self.filled.notify_all();
        }
    }

    pub(crate) fn is_filled(&self) -> bool {
        self.lock().done.is_some()
    }

    /// Blocks until it is filled.
    pub(crate) fn take(&self) -> Done {
        let mut state = self.lock();
        loop {
            if let Some(done) = state.done.take() {
                return done;
            }
            state.awaited = true;
            state = self
                .filled
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Blocks until it is filled, but no longer than this. False if it is not.
    pub(crate) fn wait(&self, limit: Duration) -> bool {
        let mut state = self.lock();
        state.awaited = true;
        let (state, _) = self
            .filled
            .wait_timeout_while(state, limit, |state| state.done.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        state.done.is_some()
    }
}
