//! The pool: its threads, its size, its shutdown.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::consumer::{Handle, Map, MapUnordered};
use crate::error::PoolError;
use crate::parent::done::Loss;
use crate::parent::lane::Lane;
use crate::parent::shared::{Options, Shared};
use crate::parent::{life, watch};
use crate::statistics::{Report, WorkerStatistics};
use crate::{Builder, Job, sys};

/// How often shutdown looks for what has changed.
const LOOK: Duration = Duration::from_millis(5);
/// Files that are open for a worker while it starts; afterwards they are half as many.
const FILES_PER_WORKER: u64 = 12;
/// Files that the pool needs beside those.
const SPARE_FILES: u64 = 8;

/// A pool of worker processes for one job.
///
/// It can be used from several threads, and for several maps at once. Dropping it shuts it down.
pub struct Pool<J: Job> {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held by whoever is resizing.
    resizing: Mutex<()>,
    job: PhantomData<fn() -> J>,
}

impl<J: Job> fmt::Debug for Pool<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("job", &J::NAME)
            .field("workers", &self.workers())
            .finish_non_exhaustive()
    }
}

impl<J: Job> Pool<J> {
    /// Everything that can be chosen.
    pub fn builder() -> Builder<J> {
        Builder::new()
    }

    pub(crate) fn start(options: Options, workers: usize) -> Result<Pool<J>, PoolError> {
        let pool = Pool {
            shared: Arc::new(Shared::new(options)),
            threads: Mutex::default(),
            resizing: Mutex::default(),
            job: PhantomData,
        };
        let shared = Arc::clone(&pool.shared);
        let watch = start_thread("procpool-watch".into(), move || watch::watch(&shared))?;
        pool.threads().push(watch);
        // On an error, dropping the pool ends what has been started.
        pool.grow(Vec::new(), workers)?;
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

    /// Does the tasks, and gives their results as they come, each with the position of its task.
    ///
    /// As lazy and as bounded as [`Pool::map`]; a task that takes long holds nobody up.
    pub fn map_unordered<I>(&self, tasks: I) -> MapUnordered<'_, J, I::IntoIter>
    where
        I: IntoIterator<Item = J::Task>,
    {
        MapUnordered::new(&self.shared, tasks.into_iter())
    }

    /// Hands in one task. Never blocks: tasks that no worker has time for wait in memory, so a long
    /// stream of tasks is better given to [`Pool::map`].
    pub fn submit(&self, task: J::Task) -> Handle<J> {
        Handle::submit(&self.shared, task)
    }

    /// How many workers the pool has, or is just replacing.
    pub fn workers(&self) -> usize {
        self.shared.lanes().len()
    }

    /// The process ids of the workers that take tasks now.
    pub fn worker_ids(&self) -> Vec<u32> {
        let lanes = self.shared.lanes();
        let open = |lane: &Arc<Lane>| {
            let state = lane.lock();
            let worker = state.worker.as_ref();
            worker.filter(|worker| worker.is_open()).map(|w| w.pid)
        };
        lanes.iter().filter_map(open).collect()
    }

    /// What each worker has done up to now.
    pub fn statistics(&self) -> Vec<WorkerStatistics> {
        let lanes = self.shared.lanes();
        lanes.iter().map(|lane| lane.statistics()).collect()
    }

    /// The sum of what all workers have told by [`advance`](crate::advance), also of tasks that are
    /// not done yet. What a task has told that is run again counts again.
    pub fn progress(&self) -> u64 {
        let (departed, lanes) = {
            let running = self.shared.running();
            (running.departed_units, running.lanes.clone())
        };
        departed + lanes.iter().map(|lane| lane.units()).sum::<u64>()
    }

    /// Changes the number of workers while the pool is being used; 0 means what
    /// [`std::thread::available_parallelism`] says. Waits for new workers to be ready. Those that are
    /// too many end when they have done what they hold; this is not waited for.
    ///
    /// # Errors
    /// If a worker cannot be started, or the pool has lost all its workers; it then has the size that
    /// it had.
    pub fn resize(&self, workers: usize) -> Result<(), PoolError> {
        let workers = size_or_default(workers);
        let _resizing = self.resizing.lock().unwrap_or_else(PoisonError::into_inner);
        self.threads().retain(|thread| !thread.is_finished());
        if let Some(error) = self.shared.queue.broken() {
            return Err(PoolError::Lost(error));
        }
        // Lanes that have lost their workers for good make room for others.
        let mut lanes = self.shared.lanes().to_vec();
        lanes.retain(|lane| !lane.is_closed());
        if workers > lanes.len() {
            return self.grow(lanes, workers);
        }
        let leaving = lanes.split_off(workers);
        self.shared.set_lanes(lanes);
        self.leave(&leaving);
        Ok(())
    }

    /// Adds lanes up to so many, one thread each, which all start their processes at the same time.
    fn grow(&self, mut lanes: Vec<Arc<Lane>>, workers: usize) -> Result<(), PoolError> {
        let before = self.shared.lanes().to_vec();
        let free = (0..).filter(|place| lanes.iter().all(|lane| lane.index != *place));
        let missing = workers - lanes.len();
        let added: Vec<_> = free
            .take(missing)
            .map(|at| Arc::new(Lane::new(at)))
            .collect();
        check_descriptors(missing)?;
        lanes.extend(added.iter().cloned());
        lanes.sort_by_key(|lane| lane.index);
        self.shared.set_lanes(lanes);
        let started = self.start_lanes(&added);
        if started.is_err() {
            self.shared.set_lanes(before);
            self.leave(&added);
        }
        started
    }

    /// The first error is enough.
    fn start_lanes(&self, lanes: &[Arc<Lane>]) -> Result<(), PoolError> {
        let (report, started) = mpsc::channel();
        for lane in lanes {
            let (shared, lane, report) =
                (Arc::clone(&self.shared), Arc::clone(lane), report.clone());
            // Counted before it runs, and until it has ended, even by a panic.
            let present = Present::new(shared, lane);
            let name = format!("procpool-{}", present.lane.index);
            let thread = start_thread(name, move || {
                life::drive(&present.shared, &present.lane, report);
            })?;
            self.threads().push(thread);
        }
        drop(report);
        started.into_iter().take(lanes.len()).collect()
    }

    /// Lets workers go when they have nothing more to do.
    fn leave(&self, lanes: &[Arc<Lane>]) {
        for lane in lanes {
            lane.leaving.store(true, Ordering::SeqCst);
            let mut state = lane.lock();
            if state.worker.is_none() {
                // It is just starting; there is no need to wait for it.
                lane.kill();
            }
            self.shared.end_if_used_up(lane, &mut state);
            lane.note_load(&state);
        }
        self.shared.release_promises();
        let _running = self.shared.running();
        self.shared.changed.notify_all();
    }

    /// Ends the workers, waits for them, and says what the pool has done.
    ///
    /// # Errors
    /// If the pool had lost all its workers and could not replace them.
    pub fn shutdown(self) -> Result<Report, PoolError> {
        self.stop();
        if let Some(error) = self.shared.queue.broken() {
            return Err(PoolError::Lost(error));
        }
        let mut workers = std::mem::take(&mut self.shared.running().departed);
        workers.sort_by_key(|worker| worker.worker);
        Ok(Report::of(workers))
    }

    fn stop(&self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.queue.close(&Loss::Cancelled);
        self.shared.alarm.ring();
        drop(self.shared.running()); // Whoever has just looked at the flag sleeps by now.
        self.shared.changed.notify_all();
        let began = Instant::now();
        while self.threads_left() {
            let late = began.elapsed() >= self.shared.options.grace;
            let running = self.shared.running().lanes.clone();
            for lane in &running {
                hang_up(lane);
                if late {
                    lane.kill();
                }
            }
            self.wait();
        }
        for thread in self.threads().drain(..) {
            let _ = thread.join();
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn threads_left(&self) -> bool {
        !self.shared.running().lanes.is_empty()
    }

    fn wait(&self) {
        let running = self.shared.running();
        let ended = self
            .shared
            .changed
            .wait_timeout_while(running, LOOK, |running| !running.lanes.is_empty());
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }
}

impl<J: Job> Drop for Pool<J> {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn size_or_default(workers: usize) -> usize {
    match workers {
        0 => thread::available_parallelism().map_or(1, usize::from),
        chosen => chosen,
    }
}

fn start_thread(
    name: String,
    run: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, PoolError> {
    let thread = thread::Builder::new().name(name).spawn(run);
    thread.map_err(|source| PoolError::System {
        what: "start a thread",
        source,
    })
}

/// ipc-channel panics here and there when descriptors run out, so better not begin.
fn check_descriptors(workers: usize) -> Result<(), PoolError> {
    let needed = workers as u64 * FILES_PER_WORKER + SPARE_FILES;
    match sys::descriptors_left() {
        Some(left) if left < needed => Err(PoolError::TooFewDescriptors {
            workers,
            needed,
            left,
        }),
        _ => Ok(()),
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
    if let Some(worker) = state.worker.as_mut().filter(|worker| worker.is_open()) {
        worker.hang_up();
        lane.wake.notify_all();
    }
    lane.note_load(&state);
}

/// A lane whose thread has not ended.
struct Present {
    shared: Arc<Shared>,
    lane: Arc<Lane>,
}

impl Present {
    fn new(shared: Arc<Shared>, lane: Arc<Lane>) -> Present {
        shared.running().add(&lane);
        Present { shared, lane }
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.shared.close_lane(&self.lane, None);
        let (statistics, units) = (self.lane.statistics(), self.lane.units());
        let mut running = self.shared.running();
        running.lanes.retain(|lane| !Arc::ptr_eq(lane, &self.lane));
        running.departed.push(statistics);
        running.departed_units += units;
        drop(running);
        self.shared.changed.notify_all();
    }
}
