//! That no run lasts for ever, and that nothing outlives it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::process::harmless;
use super::{Fault, Limit};
use crate::sys::processes::Process;
use crate::sys::{self, processes};

/// The variable of the environment by which everything that a run started is known, wherever it goes.
pub(super) const VARIABLE: &str = "VERSUS_RUN";

/// The run that is under way, for [`kill_current`].
static CURRENT: Mutex<Option<(u32, String)>> = Mutex::new(None);

/// A mark that no other run has.
pub(super) fn mark() -> String {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    format!(
        "{}-{}",
        std::process::id(),
        RUNS.fetch_add(1, Ordering::Relaxed)
    )
}

/// Kills the run that is under way and everything that it started, if there is one. For those who cannot
/// wait for its end. As long as they keep what is returned, nobody goes on as if the run had ended by
/// itself.
pub fn kill_current() -> impl Sized {
    let current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((pid, mark)) = current.as_ref() {
        processes::kill_all(*pid, &assignment(mark));
    }
    current
}

/// What is left of a run that has been waited for. It is killed: the next run shall have the machine for
/// itself, and its time is not that of its work anyway.
pub(super) fn left_behind(pid: u32, mark: &str) -> Option<Fault> {
    // What its program's end takes down by a signal or a closed pipe may need a moment.
    const PATIENCE: Duration = Duration::from_millis(300);
    const PAUSE: Duration = Duration::from_millis(2);
    let mark = assignment(mark);
    let began = Instant::now();
    loop {
        let left = processes::marked(&mark);
        if left.is_empty() && !sys::group_lives(pid) {
            return None;
        }
        if began.elapsed() > PATIENCE {
            let shown = left
                .first()
                .map_or_else(|| "a process".to_owned(), |one| shown(*one));
            processes::kill_all(pid, &mark);
            return Some(Fault::Background { left: shown });
        }
        thread::sleep(PAUSE);
    }
}

fn shown(process: Process) -> String {
    let name = processes::name(process).unwrap_or_default();
    format!("`{}` (process {})", harmless(&name), process.pid)
}

fn assignment(mark: &str) -> String {
    format!("{VARIABLE}={mark}")
}

/// Kills a run that takes too long. Its thread sleeps until then, so it takes no time from the run.
pub(super) struct Guard {
    shared: Arc<Shared>,
    limit: Limit,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    run: Option<(u32, String)>,
    over: bool,
    killed: Option<usize>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_and_kill(&self, limit: Duration) {
        let end = Instant::now() + limit;
        let mut state = self.lock();
        while !state.over {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                // With the lock held: the run cannot be waited for meanwhile, so its number is its own.
                if let Some((pid, mark)) = &state.run {
                    state.killed = Some(processes::kill_all(*pid, &assignment(mark)));
                }
                return;
            }
            let waited = self.changed.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Guard {
    /// Before the run is started: making a thread takes time, so it is there when this returns.
    pub(super) fn new(limit: Limit) -> Self {
        let shared = Arc::<Shared>::default();
        let its = Arc::clone(&shared);
        let (say, is_there) = mpsc::channel();
        thread::spawn(move || {
            // Nobody listens any more if this one was given up on, and that is no loss.
            let _ = say.send(());
            its.wait_and_kill(limit.0);
        });
        let _ = is_there.recv();
        Self { shared, limit }
    }

    /// The run has begun.
    pub(super) fn watch(&self, pid: u32, mark: &str) {
        let run = (pid, mark.to_owned());
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(run.clone());
        self.shared.lock().run = Some(run);
    }

    /// The run has ended; it shall not be killed any more. Says if it was.
    pub(super) fn release(&self) -> Option<Fault> {
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut state = self.shared.lock();
        state.over = true;
        state.killed.map(|killed| Fault::Hung {
            limit: self.limit.0,
            killed,
        })
    }
}

/// Ends the thread, however the run went.
impl Drop for Guard {
    fn drop(&mut self) {
        self.shared.lock().over = true;
        self.shared.changed.notify_all();
    }
}
