//! Where everybody writes what has happened, and the watch reads it.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use procpool::{Ended, Event, WorkerEnd};

use super::job::KINDS;

/// No result for so long is a hang; no task takes a hundredth of it.
const HANG: Duration = Duration::from_mins(1);
/// More faults than this are not worth reading.
const MOST_FAULTS: usize = 20;
const KILLED: i32 = 9;

#[derive(Default)]
pub(crate) struct Board {
    /// Right results by kind.
    pub(crate) right: [AtomicU64; KINDS.len()],
    pub(crate) cancelled: AtomicU64,
    /// Handles and maps that were dropped before their end.
    pub(crate) abandoned: AtomicU64,
    pub(crate) cancels: AtomicU64,
    pub(crate) kills: AtomicU64,
    pub(crate) stops: AtomicU64,
    pub(crate) resizes: AtomicU64,
    pub(crate) started: AtomicU64,
    pub(crate) died: AtomicU64,
    pub(crate) recycled: AtomicU64,
    /// Everything that gets on, for the watch.
    steps: AtomicU64,
    /// The clients are done, or something is wrong.
    over: AtomicBool,
    /// Nothing is left to be watched.
    finished: AtomicBool,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    faults: Vec<String>,
    /// Who is doing what, for the report of a hang.
    doing: Vec<(&'static str, String)>,
}

pub(crate) fn add_one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Board {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something got on.
    pub(crate) fn step(&self) {
        add_one(&self.steps);
    }

    pub(crate) fn steps(&self) -> u64 {
        read(&self.steps)
    }

    pub(crate) fn fault(&self, fault: String) {
        let mut notes = self.notes();
        if notes.faults.len() < MOST_FAULTS {
            notes.faults.push(fault);
        }
        drop(notes);
        self.call_it_over();
    }

    /// Notes a fault unless this holds.
    pub(crate) fn demand(&self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.fault(fault());
        }
    }

    pub(crate) fn faults(&self) -> Vec<String> {
        self.notes().faults.clone()
    }

    pub(crate) fn doing(&self, who: &'static str, what: String) {
        let mut notes = self.notes();
        match notes.doing.iter_mut().find(|(name, _)| *name == who) {
            Some((_, before)) => *before = what,
            None => notes.doing.push((who, what)),
        }
    }

    pub(crate) fn call_it_over(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    pub(crate) fn finish(&self) {
        self.finished.store(true, Ordering::SeqCst);
    }

    /// For the pool's hook.
    pub(crate) fn hear(&self, event: &Event) {
        match event {
            Event::WorkerStarted { .. } => add_one(&self.started),
            Event::TasksDone {
                tasks,
                began,
                ended,
                ..
            } => self.demand(*tasks == 0 || began <= ended, || format!("odd: {event:?}")),
            Event::WorkerEnded {
                end: Ended::Died(death),
                ..
            } => {
                add_one(&self.died);
                // We kill workers, and so does the pool. None has a reason to end otherwise.
                self.demand(death.end == WorkerEnd::Killed(KILLED), || {
                    format!("a worker died of itself: {death}, {:?}", death.stderr)
                });
            }
            Event::WorkerEnded {
                end: Ended::Recycled,
                ..
            } => add_one(&self.recycled),
            _ => {}
        }
    }

    /// Returns when all is finished. After a hang there is no way on for threads that wait for each
    /// other, so it ends the program.
    pub(crate) fn watch(&self, seed: u64) {
        let (mut steps, mut since) = (self.steps(), Instant::now());
        while !self.finished.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
            if self.steps() != steps {
                (steps, since) = (self.steps(), Instant::now());
            } else if since.elapsed() > HANG {
                let notes = self.notes();
                eprintln!("seed {seed}: it hangs: nothing has got on for {HANG:?}; {self}");
                eprintln!("faults: {:?}", notes.faults);
                notes
                    .doing
                    .iter()
                    .for_each(|(who, what)| eprintln!("{who}: {what}"));
                std::process::exit(1);
            }
        }
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: u64 = self.right.iter().map(read).sum();
        write!(f, "{total} tasks right (")?;
        for (at, (kind, count)) in KINDS.iter().zip(&self.right).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{} {kind}", read(count))?;
        }
        let [cancelled, abandoned] = [&self.cancelled, &self.abandoned].map(read);
        write!(f, "), {cancelled} cancelled, {abandoned} abandoned; ")?;
        let [kills, stops, resizes] = [&self.kills, &self.stops, &self.resizes].map(read);
        write!(
            f,
            "{kills} kills ({stops} of stopped workers), {resizes} resizes; "
        )?;
        let [started, died, recycled] = [&self.started, &self.died, &self.recycled].map(read);
        write!(
            f,
            "{started} workers started, {died} died, {recycled} recycled"
        )
    }
}
