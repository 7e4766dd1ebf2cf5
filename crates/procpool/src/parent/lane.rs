//! A lane: the parent's side of one place in the pool, where one worker follows the other.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use ipc_channel::ipc::IpcSender;

use super::batch::Batch;
use crate::process::child::Process;
use crate::process::gate;
use crate::process::link::Link;
use crate::statistics::{Tally, WorkerStatistics};
use crate::wire::Control;
use crate::wire::body::LARGE;
use crate::wire::channel::{Receiver, Sender};
use crate::wire::page::{Doing, Page};
use crate::wire::regions::{Region, Regions};

/// The load of a lane that takes no tasks: no batch is small enough for it.
pub(crate) const CLOSED: usize = usize::MAX;

pub(crate) struct Lane {
    /// Its place in the pool.
    pub(crate) index: usize,
    pub(crate) state: Mutex<State>,
    /// The lane's own thread sleeps here while there is nothing for it to read.
    pub(crate) wake: Condvar,
    /// Batches with the worker, to be read without the lock; a hint, the state decides.
    load: AtomicUsize,
    /// The process that lives now or is starting. Not in the state: it must be possible to kill a
    /// worker while someone blocks in a send to it.
    process: Mutex<Option<Arc<Process>>>,
    /// The pool is made smaller: no worker is to follow this one.
    pub(crate) leaving: AtomicBool,
    /// No worker can follow this one, for whatever reason.
    pub(crate) closed: AtomicBool,
    /// See [`Deadline`](super::watch::Deadline).
    pub(crate) setup_deadline: AtomicU64,
}

pub(crate) struct State {
    /// `None` while there is no worker.
    pub(crate) worker: Option<Worker>,
    pub(crate) tally: Tally,
}

/// A worker that takes tasks.
pub(crate) struct Worker {
    pub(crate) pid: u32,
    /// `None` once it is to end.
    tasks: Option<Sender>,
    control: IpcSender<Control>,
    /// `None` while somebody is reading.
    pub(crate) outputs: Option<Receiver>,
    pub(crate) page: Arc<Page>,
    /// With the worker, in the order sent; tasks whose results have come are cut off.
    pub(crate) in_flight: VecDeque<Batch>,
    /// Tasks sent so far, which is also the number of the next one.
    sent: u64,
    /// Those of them that came back undone.
    returned: u64,
    /// Tasks before this number are done, or were left out.
    pub(crate) settled: u64,
    /// How many tasks it may get in its life.
    most: u64,
    /// Regions that it has mapped.
    known: HashSet<u64>,
    /// The largest message of outputs that has come, if large: the next may be as large.
    large_output: usize,
    /// Set when somebody has said that they will read: how often the watch has seen it since.
    pub(crate) promised: Option<u8>,
    /// The channel is closed, or should be: nothing more is read.
    pub(crate) ended: bool,
    /// It has sent what makes no sense.
    pub(crate) broken: bool,
    /// It was ended because it had reached a limit.
    pub(crate) recycled: bool,
    /// Why it was killed, and for which task.
    pub(crate) verdict: Option<(u64, Verdict)>,
    /// The task for which it was last asked to send what is done.
    pub(crate) flushed: Option<u64>,
    /// A task that takes so long that nothing shall wait behind it.
    pub(crate) slow: Option<u64>,
    /// What it was doing when the watch looked last, and since when.
    pub(crate) watched: Option<(Doing, u64)>,
}

/// Why a worker is killed for a task's sake.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    TimedOut,
    Cancelled,
}

impl Lane {
    pub(crate) fn new(index: usize) -> Lane {
        Lane {
            index,
            state: Mutex::new(State {
                worker: None,
                tally: Tally::new(),
            }),
            wake: Condvar::new(),
            load: AtomicUsize::new(CLOSED),
            process: Mutex::new(None),
            leaving: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            setup_deadline: AtomicU64::new(0),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn load(&self) -> usize {
        self.load.load(Ordering::SeqCst)
    }

    /// To be called whenever the number of batches in flight, or the worker, has changed.
    pub(crate) fn note_load(&self, state: &State) {
        let worker = state.worker.as_ref().filter(|worker| worker.is_open());
        let load = worker.map_or(CLOSED, |worker| worker.in_flight.len());
        self.load.store(load, Ordering::SeqCst);
    }

    pub(crate) fn process(&self) -> Option<Arc<Process>> {
        self.process
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_process(&self, process: Option<Arc<Process>>) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = process;
    }

    pub(crate) fn kill(&self) {
        self.process().inspect(|process| process.kill());
    }

    pub(crate) fn leaving(&self) -> bool {
        self.leaving.load(Ordering::SeqCst)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// The process has ended: whatever is still in its channel is to be read to the end.
    pub(crate) fn note_death(&self, pid: u32) {
        let mut state = self.lock();
        if let Some(worker) = state.worker.as_mut().filter(|worker| worker.pid == pid) {
            worker.tasks = None;
            worker.promised = None;
            self.note_load(&state);
            self.wake.notify_all();
        }
    }

    /// What has been done at this place, up to now.
    pub(crate) fn statistics(&self) -> WorkerStatistics {
        let state = self.lock();
        let mut tally = state.tally.clone();
        let pid = state.worker.as_ref().map(|worker| worker.pid);
        if let Some(worker) = &state.worker {
            worker.add_to(&mut tally);
        }
        drop(state);
        tally.statistics(self.index, pid)
    }

    /// Units of progress, see [`crate::advance`].
    pub(crate) fn units(&self) -> u64 {
        let state = self.lock();
        let now = state
            .worker
            .as_ref()
            .map_or(0, |worker| worker.page.units());
        state.tally.units + now
    }
}

impl Worker {
    pub(crate) fn new(pid: u32, link: Link, most: Option<u64>) -> Worker {
        Worker {
            pid,
            tasks: Some(link.tasks),
            control: link.control,
            outputs: Some(link.outputs),
            page: Arc::new(link.page),
            in_flight: VecDeque::new(),
            sent: 0,
            returned: 0,
            settled: 0,
            most: most.unwrap_or(u64::MAX),
            known: HashSet::new(),
            large_output: 0,
            promised: None,
            ended: false,
            broken: false,
            recycled: false,
            verdict: None,
            flushed: None,
            slow: None,
            watched: None,
        }
    }

    /// Does it take tasks?
    pub(crate) fn is_open(&self) -> bool {
        self.tasks.is_some()
    }

    /// How many tasks it may still get.
    pub(crate) fn room(&self) -> u64 {
        self.most - (self.sent - self.returned)
    }

    /// Shall nothing more wait with it for now?
    pub(crate) fn is_slow(&self) -> bool {
        !self.in_flight.is_empty() && self.slow == Some(self.page.progress().task)
    }

    /// Has it a task that nothing may wait behind, for nobody else is to be under suspicion?
    pub(crate) fn has_one_alone(&self) -> bool {
        self.in_flight.front().is_some_and(|batch| batch.alone)
    }

    /// These were not done after all.
    pub(crate) fn returned(&mut self, batches: &[Batch]) {
        self.returned += batches.iter().map(|batch| batch.count).sum::<u64>();
    }

    /// Has it got all the tasks that it may, or more memory than it may?
    pub(crate) fn is_used_up(&self, max_memory: Option<u64>) -> bool {
        // Not before its first task: one that starts too large would be replaced for ever.
        let too_large = |max| self.settled > 0 && self.page.usage().memory > max;
        self.room() == 0 || max_memory.is_some_and(too_large)
    }

    /// Does the lane's thread have to read?
    pub(crate) fn wants_reader(&self) -> bool {
        self.outputs.is_some()
            && ((!self.in_flight.is_empty() && self.promised.is_none()) || self.tasks.is_none())
    }

    /// Hands a batch over. False if the worker is dying.
    pub(crate) fn send(&mut self, mut batch: Batch, regions: &Arc<Regions>) -> bool {
        if self.large_output > 0 {
            batch.lent = regions.with_room(self.large_output).map(Arc::new);
        }
        // Without its regions it could not do the tasks, and would wait for them for ever.
        let shared =
            self.share(batch.region(), regions) && self.share(batch.lent.as_deref(), regions);
        let message = batch.message(self.sent);
        let tasks = self.tasks.as_ref().filter(|_| shared);
        let sent = tasks.is_some_and(|tasks| tasks.send(message).is_ok());
        self.sent += batch.count;
        self.in_flight.push_back(batch);
        sent
    }

    /// Makes a region known to the worker. False if the worker is dying.
    fn share(&mut self, region: Option<&Region>, regions: &Regions) -> bool {
        let Some(region) = region.filter(|region| self.known.insert(region.id)) else {
            return true;
        };
        let gone = self.known.extract_if(|id| !regions.knows(*id)).collect();
        gate::expose(|| {
            let memory = region.memory();
            memory.is_some_and(|memory| {
                let message = Control::Region(region.id, memory, gone);
                self.control.send(message).is_ok()
            })
        })
    }

    /// Asks the worker to send the outputs that are done.
    pub(crate) fn flush(&self) {
        // If it is dying, what it has not sent is done again.
        let _ = self.control.send(Control::Flush);
    }

    /// From messages of this size on, a region is lent for the next.
    pub(crate) fn saw_outputs(&mut self, bytes: usize) {
        if bytes >= LARGE {
            self.large_output = self.large_output.max(bytes);
        }
    }

    /// Asks the worker to end: it sees the flag after its task, or the closed channel.
    pub(crate) fn hang_up(&mut self) {
        self.page.stop();
        self.tasks = None;
    }

    /// What this process has used so far.
    pub(crate) fn add_to(&self, tally: &mut Tally) {
        let noted = self.page.usage();
        let now = crate::sys::usage(Some(self.pid)).unwrap_or_default();
        tally.cpu_ns += noted.cpu_ns.max(now.cpu_ns);
        tally.peak = tally.peak.max(noted.peak).max(now.peak);
        tally.units += self.page.units();
    }
}
