//! The pool: its threads, its shutdown.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, TryLockError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::PoolError;
use crate::shared::{Lane, Shared};
use crate::{Builder, Job, Map, lane};

/// How often shutdown looks for what has changed.
const LOOK: Duration = Duration::from_millis(5);

/// A pool of worker processes for one job.
///
/// It can be used from several threads, and for several maps at once. Dropping it shuts it down.
pub struct Pool<J: Job> {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    grace: Duration,
    job: PhantomData<fn() -> J>,
}

/// What a pool has done, from its start to its shutdown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Tasks whose results have come, errors included.
    pub tasks: u64,
    /// Worker processes that were started.
    pub started: u64,
    /// Workers that died before the shutdown.
    pub died: u64,
}

impl<J: Job> fmt::Debug for Pool<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let workers = self.shared.lanes.len();
        f.debug_struct("Pool")
            .field("job", &J::NAME)
            .field("workers", &workers)
            .finish_non_exhaustive()
    }
}

impl<J: Job> Pool<J> {
    /// Everything that can be chosen.
    pub fn builder() -> Builder<J> {
        Builder::new()
    }

    /// Starts one thread a worker, each of which starts its process, all at the same time.
    pub(crate) fn start(shared: Arc<Shared>, grace: Duration) -> Result<Pool<J>, PoolError> {
        let workers = shared.lanes.len();
        let (report, started) = mpsc::channel();
        let mut pool = Pool {
            shared,
            threads: Vec::with_capacity(workers),
            grace,
            job: PhantomData,
        };
        for index in 0..workers {
            pool.shared.running().threads += 1;
            let (shared, report) = (Arc::clone(&pool.shared), report.clone());
            let thread = thread::Builder::new()
                .name(format!("procpool-{index}"))
                .spawn(move || {
                    let _leave = Leave(&shared);
                    lane::drive(&shared, &shared.lanes[index], &report);
                });
            match thread {
                Ok(thread) => pool.threads.push(thread),
                Err(source) => {
                    pool.shared.running().threads -= 1;
                    return Err(PoolError::System {
                        what: "start a thread",
                        source,
                    });
                }
            }
        }
        drop(report);
        // The first error is enough: dropping the pool then ends the other workers.
        started
            .into_iter()
            .take(workers)
            .collect::<Result<(), _>>()?;
        Ok(pool)
    }

    /// Does the tasks, and gives their results in the order of the tasks.
    ///
    /// The iterator is asked for tasks by [`Map::next`], on the caller's thread, and only as far as
    /// the workers need: it may be endless. Results that the caller does not take up stop it.
    pub fn map<I>(&self, tasks: I) -> Map<'_, J, I::IntoIter>
    where
        I: IntoIterator<Item = J::Task>,
    {
        Map::new(&self.shared, tasks.into_iter())
    }

    /// The process ids of the workers that live now.
    pub fn worker_ids(&self) -> Vec<u32> {
        let live = |lane: &Lane| {
            lane.lock()
                .tasks
                .is_some()
                .then(|| lane.process())
                .flatten()
        };
        self.shared
            .lanes
            .iter()
            .filter_map(live)
            .map(|process| process.pid)
            .collect()
    }

    /// Ends the workers, waits for them, and says what the pool has done.
    ///
    /// # Errors
    /// If the pool had lost all its workers and could not replace them.
    pub fn shutdown(mut self) -> Result<Report, PoolError> {
        self.stop();
        let broken = self.shared.queue.broken();
        let report = self.shared.running().report;
        broken.map_or(Ok(report), |error| Err(PoolError::Lost(error)))
    }

    fn stop(&mut self) {
        {
            let _running = self.shared.running();
            self.shared.stopping.store(true, Ordering::SeqCst);
            self.shared.changed.notify_all();
        }
        let deadline = Instant::now() + self.grace;
        while self.threads_left() && Instant::now() < deadline {
            self.shared.lanes.iter().for_each(hang_up);
            self.wait();
        }
        while self.threads_left() {
            let processes = self.shared.lanes.iter().filter_map(Lane::process);
            processes.for_each(|process| process.kill());
            self.wait();
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }

    fn threads_left(&self) -> bool {
        self.shared.running().threads > 0
    }

    fn wait(&self) {
        let running = self.shared.running();
        let ended = self
            .shared
            .changed
            .wait_timeout_while(running, LOOK, |running| running.threads > 0);
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }
}

impl<J: Job> Drop for Pool<J> {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Asks the worker of a lane to end: it sees the flag after its task, or the closed channel.
fn hang_up(lane: &Lane) {
    let mut state = match lane.state.try_lock() {
        Ok(state) => state,
        Err(TryLockError::Poisoned(state)) => state.into_inner(),
        // In use for a moment, or in a send that blocks; the latter ends when the worker is killed.
        Err(TryLockError::WouldBlock) => return,
    };
    if let Some(page) = state.page.take() {
        page.stop();
    }
    state.tasks = None;
    lane.note_load(&state);
}

/// Says that a thread has ended, even by a panic.
struct Leave<'a>(&'a Shared);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.running().threads -= 1;
        self.0.changed.notify_all();
    }
}
