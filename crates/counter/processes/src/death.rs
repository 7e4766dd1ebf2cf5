//! A process that is killed while it holds the lock.
//!
//! Compare with `counter-threads`: same order, other primitives.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use counter::death::{Death, Found, PATIENCE, Pair, TIMES};
use counter::{Plan, SharedFile};
use procpool::{Cause, Job, Pool};
use serde::{Deserialize, Serialize};

use crate::shared::{Region, Shared};
use crate::worker::NoMemory;

/// Lets a process be killed while it holds each of the locks, and the others count on.
///
/// # Errors
/// If the processes cannot be started, or a lock not be used.
pub fn die(plan: &Plan) -> Result<Vec<Death>> {
    let survivors = plan.workers.get() - 1;
    let (region, file) = Region::make(plan)?;
    let lock = SharedFile::make(0, plan.memory_in.as_deref())?;
    // A process can be ended from outside, so one that waits in vain is.
    let pool = Pool::<DieTogether>::builder()
        .workers(plan.workers.get() as usize)
        .retries(0)
        .task_timeout(PATIENCE)
        .start((file.path().to_owned(), lock.path().to_owned()))?;
    let shared = region.shared();
    let deaths: Result<Vec<_>> = Lock::ALL
        .into_iter()
        .map(|lock| {
            shared.memory.clear();
            kill_holder(lock, &pool)?;
            let found = survive(lock, survivors, &pool)?;
            let (name, called) = lock.words(found);
            let pair = shared.memory.pair.0.get();
            Ok(Death {
                lock: name,
                found,
                called,
                pair,
            })
        })
        .collect();
    pool.shutdown()?;
    deaths
}

/// The locks that are died with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// The system tells the next one (EOWNERDEAD), which decides.
    Robust,
    /// Without that attribute: nobody gives it back.
    Plain,
    /// Nobody gives back a lock that only whoever holds it knows of.
    Spin,
    /// What a process has opened is closed when it ends, and with it goes the lock. Nobody is told.
    File,
}

impl Lock {
    const ALL: [Self; 4] = [Self::Robust, Self::Plain, Self::Spin, Self::File];

    /// Its name, and what that is called that survivors found.
    fn words(self, found: Found) -> (&'static str, &'static str) {
        let name = match self {
            Self::Robust => "mutex (robust)",
            Self::Plain => "mutex (plain)",
            Self::Spin => "spin",
            Self::File => "file-lock",
        };
        let called = match found {
            Found::Told => "EOWNERDEAD",
            Found::Untold => "free",
            Found::Hung => "held for ever",
        };
        (name, called)
    }
}

/// What a worker does.
#[derive(Serialize, Deserialize)]
pub enum Part {
    /// It is killed in the middle of an addition.
    Die(Lock),
    /// It goes on.
    Survive(Lock),
}

fn kill_holder(lock: Lock, pool: &Pool<DieTogether>) -> Result<()> {
    let ended = pool
        .submit(Part::Die(lock))
        .wait()
        .map_err(|lost| lost.cause);
    let died = matches!(ended, Err(Cause::WorkerDied { .. }));
    ensure!(
        died,
        "the holder of {lock:?} was to be killed, but: {ended:?}"
    );
    Ok(())
}

/// What the one of the survivors found that found most.
fn survive(lock: Lock, survivors: u32, pool: &Pool<DieTogether>) -> Result<Found> {
    let parts: Vec<_> = (0..survivors)
        .map(|_| pool.submit(Part::Survive(lock)))
        .collect();
    let mut most = Found::Untold;
    for part in parts {
        let found = match part.wait().map_err(|lost| lost.cause) {
            Ok(found) => found,
            Err(Cause::TimedOut { .. }) => Found::Hung,
            Err(cause) => return Err(cause.into()),
        };
        if found != Found::Untold {
            most = found;
        }
    }
    Ok(most)
}

/// Dies and survives in the memory that all have mapped.
pub struct DieTogether {
    region: Region,
    file: PathBuf,
}

impl Job for DieTogether {
    const NAME: &'static str = "die together";
    type Setup = (PathBuf, PathBuf);
    type Task = Part;
    type Output = Found;
    type Error = NoMemory;

    fn new((region, file): (PathBuf, PathBuf)) -> Result<Self, NoMemory> {
        let region = Region::open(&region).map_err(|error| NoMemory(format!("{error:#}")))?;
        Ok(Self { region, file })
    }

    fn run(&mut self, part: Part) -> Result<Found, NoMemory> {
        let shared = self.region.shared();
        let opened = OpenOptions::new().read(true).write(true).open(&self.file);
        let done = opened.and_then(|file| match part {
            Part::Die(lock) => die_with(lock, shared, &file),
            Part::Survive(lock) => count_on(lock, shared, &file),
        });
        done.map_err(|error| NoMemory(error.to_string()))
    }
}

/// Takes the lock, and is killed in the middle of an addition.
fn die_with(lock: Lock, shared: &Shared, file: &File) -> io::Result<Found> {
    let _held = match lock {
        Lock::Robust => Some(shared.robust.lock()?),
        Lock::Plain => Some(shared.plain.lock()?),
        Lock::Spin => {
            shared.memory.spin.0.lock();
            None
        }
        Lock::File => {
            file.lock()?;
            None
        }
    };
    shared.memory.pair.0.add_to_first();
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)?;
    Err(io::Error::other("it has survived SIGKILL"))
}

/// Adds to the pair as if nothing had happened, unless the lock says otherwise.
fn count_on(lock: Lock, shared: &Shared, file: &File) -> io::Result<Found> {
    let pair: &Pair = &shared.memory.pair.0;
    let mut found = Found::Untold;
    for _ in 0..TIMES {
        match lock {
            Lock::Robust | Lock::Plain => {
                let mutex = if lock == Lock::Robust {
                    &shared.robust
                } else {
                    &shared.plain
                };
                let _locked = mutex.lock()?.or_recovered(|| {
                    found = Found::Told;
                    pair.repair();
                })?;
                pair.add();
            }
            Lock::Spin => {
                shared.memory.spin.0.lock();
                pair.add();
                shared.memory.spin.0.unlock();
            }
            Lock::File => {
                file.lock()?;
                pair.add();
                file.unlock()?;
            }
        }
    }
    Ok(found)
}
