//! That no run lasts for ever, and that nothing outlives it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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
        let mut found = self.astray();
        if sys::group_lives(self.root) {
            // What has ended and was not waited for counts there.
            found.extend(processes::in_group(self.root).unwrap_or_default());
        }
        found
    }

    /// What has left its parent and its group.
    fn astray(&self) -> Vec<Process> {
        match &self.before {
            Some(before) => processes::new_children(before),
            None => processes::marked(&self.mark),
        }
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

/// Kills a run that takes too long.
pub(super) struct Guard {
    shared: Arc<Shared>,
    limit: Limit,
    before: Option<BTreeSet<u32>>,
}

impl Guard {
    /// Right before the run is started, whose time begins to be counted here. It is asleep again when this
    /// returns.
    pub(super) fn new(limit: Limit) -> Self {
        let shared = GUARD.with(|guard| Arc::clone(&guard.0));
        let mut state = shared.lock();
        state.end = Some(Instant::now() + limit.0);
        state.killed = None;
        state.seen = false;
        shared.changed.notify_all();
        while !state.seen {
            state = shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
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
            let unlisted = sys::group_lives(pid) && processes::in_group(pid).is_none();
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
        state.end = None;
        state.run = None;
        state.killed.map(|killed| Fault::Hung {
            limit: self.limit.0,
            killed,
        })
    }
}

/// However the run went.
impl Drop for Guard {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.end = None;
        state.run = None;
    }
}

/// What a thread that makes runs and the one that guards them know of each other.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// When the run has had its time; nothing between runs.
    end: Option<Instant>,
    /// Whether the guard has seen that.
    seen: bool,
    run: Option<Watched>,
    killed: Option<usize>,
    over: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the guard does until it is over: sleeps, so it takes no time from runs, and is not even woken
    /// when they end.
    fn guard(&self) {
        let mut state = self.lock();
        while !state.over {
            state.seen = true;
            self.changed.notify_all();
            let left = state
                .end
                .map(|end| end.saturating_duration_since(Instant::now()));
            // A run that has not even begun is waited for: it takes its start only.
            let left = left.map(|left| match state.run {
                Some(_) => left,
                None => left.max(Duration::from_millis(1)),
            });
            state = match left {
                Some(left) if left.is_zero() => {
                    // With the lock held: the run cannot be waited for meanwhile, so its number is its own.
                    state.killed = state.run.as_ref().map(Watched::kill);
                    state.end = None;
                    state
                }
                Some(left) => self
                    .changed
                    .wait_timeout(state, left)
                    .map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state),
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

/// The guard of all runs that a thread makes: one for all of them, since to make a thread and to end it takes
/// time, and the machine would not be at rest when a run begins.
struct OfThread(Arc<Shared>);

impl OfThread {
    fn new() -> Self {
        let shared = Arc::<Shared>::default();
        let its = Arc::clone(&shared);
        thread::spawn(move || its.guard());
        Self(shared)
    }
}

impl Drop for OfThread {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.changed.notify_all();
    }
}

thread_local! {
    static GUARD: OfThread = OfThread::new();
}
