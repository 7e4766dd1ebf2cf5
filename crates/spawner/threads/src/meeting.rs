//! Where threads say that they are ready, and wait until they are let go. They have all memory in common, so this is a
//! value in it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use harness::contestant::now_ns;

/// A meeting of some threads with the one who has started them.
#[derive(Debug, Default)]
pub struct Meeting {
    state: Mutex<State>,
    all_here: Condvar,
    may_go: Condvar,
}

#[derive(Debug, Default)]
struct State {
    here: u32,
    /// When the last of them was ready.
    last: u64,
    /// How many are waited for; nobody is woken before.
    expected: Option<u32>,
    over: bool,
}

impl Meeting {
    /// A worker is ready, and goes on.
    pub fn arrive(&self) {
        // Before anything that may have to wait.
        let now = now_ns();
        let mut state = self.lock();
        state.here += 1;
        state.last = state.last.max(now);
        if state.expected == Some(state.here) {
            self.all_here.notify_one();
        }
    }

    /// A worker is ready, and waits until it is let go.
    pub fn attend(&self) {
        self.arrive();
        let state = self.lock();
        let waited = self.may_go.wait_while(state, |state| !state.over);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until so many are ready, and says when the last of them was, on the clock of
    /// [`now_ns`](harness::contestant::now_ns).
    pub fn all_here(&self, workers: u32) -> u64 {
        let mut state = self.lock();
        state.expected = Some(workers);
        let waited = self
            .all_here
            .wait_while(state, |state| state.here < workers);
        waited.unwrap_or_else(PoisonError::into_inner).last
    }

    /// Lets all go who wait.
    pub fn let_go(&self) {
        self.lock().over = true;
        self.may_go.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn nobody_goes_before_all_are_let_go_and_the_last_one_counts() {
        let meeting = Arc::new(Meeting::default());
        let attend = |meeting: &Arc<Meeting>| {
            let meeting = Arc::clone(meeting);
            thread::spawn(move || meeting.attend())
        };
        let early = attend(&meeting);
        let first = meeting.all_here(1);
        let late = attend(&meeting);
        assert!(meeting.all_here(2) > first);
        thread::sleep(Duration::from_millis(20));
        assert!(!early.is_finished() && !late.is_finished());
        meeting.let_go();
        early.join().unwrap();
        late.join().unwrap();
    }
}
