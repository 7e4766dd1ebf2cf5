//! That no run lasts for ever, and that nothing outlives it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::process::harmless;
use super::{Fault, Limit};
use crate::sys::processes::Process;
use crate::sys::{self, Usage, processes};

/// The variable of the environment by which everything that a run started is known, wherever it goes.
pub(super) const VARIABLE: &str = "VERSUS_RUN";

/// The run that is under way, for [`kill_current`].
static CURRENT: Mutex<Option<Watched>> = Mutex::new(None);

/// Whether orphans become children of this process.
static ADOPTS: AtomicBool = AtomicBool::new(false);

/// Makes this process the one that orphans of its runs are handed to, where the system has such a thing: so
/// nothing that a run started can get away, whatever it changes of itself, and what it used is known. For
/// programs that make one run at a time.
pub fn adopt_orphans() {
    ADOPTS.store(sys::adopt_orphans(), Ordering::Relaxed);
}

/// What a harness left running that was killed itself: name and number of each process. It would disturb
/// whatever is measured.
pub fn left_by_others() -> Vec<String> {
    let left = processes::of_dead_owners(VARIABLE);
    left.into_iter().map(shown).collect()
}

/// A mark that no other run has.
pub(super) fn mark() -> String {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    format!(
        "{}-{}",
        std::process::id(),
        RUNS.fetch_add(1, Ordering::Relaxed)
    )
}

/// A run, by all that its processes can be found by.
#[derive(Clone, Debug)]
struct Watched {
    root: u32,
    /// The assignment in its environment.
    mark: String,
    /// Children that this process had before it; nothing if it adopts none.
    before: Option<BTreeSet<u32>>,
}

impl Watched {
    /// All of it, while its program has not been waited for.
    fn tree(&self) -> Vec<Process> {
        let mut found = processes::tree(self.root);
        found.extend(self.astray());
        found
    }

    /// What lives of it when its program has been waited for. The number of the program may be somebody
    /// else's by then; that of its group is not while anything is in the group.
    fn rest(&self) -> Vec<Process> {
        let mut found = processes::in_group(self.root).unwrap_or_default();
        found.extend(self.astray());
        found
    }

    /// What has left its parent and its group.
    fn astray(&self) -> Vec<Process> {
        let mut found = processes::marked(&self.mark);
        if let Some(before) = &self.before {
            found.extend(processes::new_children(before));
        }
        found
    }

    fn kill(&self) -> usize {
        let killed = processes::kill_all(|| self.tree());
        // Where there is no such list at all.
        sys::kill_group(self.root);
        killed
    }

    /// What orphans used that have ended.
    fn reap(&self) -> Option<Usage> {
        let before = self.before.as_ref()?;
        let ended = processes::children().into_iter();
        let ended = ended.filter(|pid| !before.contains(pid));
        ended.filter_map(sys::reap).reduce(Usage::and)
    }
}

/// Kills the run that is under way and everything that it started, if there is one. For those who cannot
/// wait for its end. As long as they keep what is returned, nobody goes on as if the run had ended by
/// itself.
pub fn kill_current() -> impl Sized {
    let current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(run) = current.as_ref() {
        run.kill();
    }
    current
}

/// How a run ended whose program has been waited for.
#[derive(Debug)]
pub(super) struct Rest {
    /// Whether something of it ended after its program.
    pub(super) lasted: bool,
    /// What those of its processes used that nobody else waited for.
    pub(super) usage: Option<Usage>,
}

fn shown(process: Process) -> String {
    let name = processes::name(process).unwrap_or_default();
    format!("`{}` (process {})", harmless(&name), process.pid)
}

/// Kills a run that takes too long. Its thread sleeps until then, so it takes no time from the run.
pub(super) struct Guard {
    shared: Arc<Shared>,
    limit: Limit,
    before: Option<BTreeSet<u32>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    run: Option<Watched>,
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
                state.killed = state.run.as_ref().map(Watched::kill);
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
        let adopts = ADOPTS.load(Ordering::Relaxed);
        Self {
            shared,
            limit,
            before: adopts.then(processes::children),
        }
    }

    /// The run has begun.
    pub(super) fn watch(&self, pid: u32, mark: &str) {
        let run = self.watched(pid, mark);
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(run.clone());
        self.shared.lock().run = Some(run);
    }

    fn watched(&self, pid: u32, mark: &str) -> Watched {
        Watched {
            root: pid,
            mark: format!("{VARIABLE}={mark}"),
            before: self.before.clone(),
        }
    }

    /// Waits until nothing is left of a run whose program has been waited for. What does not end soon is
    /// killed: the next run shall have the machine for itself, and the time until its program ended is not
    /// that of its work.
    pub(super) fn rest(&self, pid: u32, mark: &str) -> Result<Rest, Fault> {
        // What its program's end takes down by a signal or a closed pipe may need a moment.
        const PATIENCE: Duration = Duration::from_millis(300);
        const PAUSE: Duration = Duration::from_millis(1);
        let run = self.watched(pid, mark);
        let began = Instant::now();
        let (mut lasted, mut usage) = (false, None);
        loop {
            let left = run.rest();
            usage = usage.into_iter().chain(run.reap()).reduce(Usage::and);
            let unlisted = processes::in_group(pid).is_none() && sys::group_lives(pid);
            if left.is_empty() && !unlisted {
                return Ok(Rest { lasted, usage });
            }
            lasted = true;
            if began.elapsed() > PATIENCE {
                let left = left.first();
                let left = left.map_or_else(|| "a process".to_owned(), |one| shown(*one));
                processes::kill_all(|| run.rest());
                if unlisted {
                    sys::kill_group(pid);
                }
                // Nothing counts what they used: the run has no time.
                let _ = run.reap();
                return Err(Fault::Background { left });
            }
            thread::sleep(PAUSE);
        }
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
