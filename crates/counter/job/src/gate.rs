//! Where workers wait until all are there, and are let go at once. What it takes to start them lies before it, and
//! is not measured.
//!
//! ```text
//! worker:  arrive ── sleep ──────> ready ── spin ──> off it goes
//! parent:  all arrived? ── "set" ──> all ready? ── "go" ──> waits for the ends
//! ```
//!
//! Not [`std::sync::Barrier`]: processes cannot share one, it sends the workers off one after another as the system
//! wakes them, and one that dies before it keeps the others there for ever.

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long workers may take until all are there: far more than a thousand processes need to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long whoever waits for a start that takes milliseconds sleeps at a time.
const NAP: Duration = Duration::from_micros(200);

const SHUT: u32 = 0;
const SET: u32 = 1;
const GO: u32 = 2;
const OFF: u32 = 3;

/// A gate for some workers and the one who has started them. All zero is a gate that is shut.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Gate {
    phase: AtomicU32,
    arrived: AtomicU32,
    ready: AtomicU32,
}

/// Why the gate was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// A worker ended before it was let go.
    #[error("a worker ended before all were ready")]
    Lost,
    /// Not all workers came in time.
    #[error("{missing} of {workers} workers were not ready within {} s: start fewer", PATIENCE.as_secs())]
    Late {
        /// How many did not come.
        missing: u32,
        /// How many there should be.
        workers: u32,
    },
    /// The others were sent home because one of them did not come.
    #[error("the run was called off: not all workers came")]
    CalledOff,
}

impl Gate {
    /// Nobody is here. Only while nobody is.
    pub fn shut(&self) {
        self.arrived.store(0, Ordering::Relaxed);
        self.ready.store(0, Ordering::Relaxed);
        self.phase.store(SHUT, Ordering::Release);
    }

    /// A worker waits until it is let go, with all others.
    ///
    /// # Errors
    /// If the run was called off.
    pub fn wait(&self) -> Result<(), GateError> {
        self.arrived.fetch_add(1, Ordering::Release);
        // Workers that start need the cores more.
        while self.phase.load(Ordering::Acquire) == SHUT {
            thread::sleep(NAP);
        }
        self.ready.fetch_add(1, Ordering::Release);
        // From here on it is a matter of microseconds, so no sleep: waking takes longer, and longer for some than
        // for others.
        let mut tries = 0_u32;
        loop {
            match self.phase.load(Ordering::Acquire) {
                GO => return Ok(()),
                OFF => return Err(GateError::CalledOff),
                _ if tries < 1_000 => hint::spin_loop(),
                _ => thread::yield_now(),
            }
            tries = tries.saturating_add(1);
        }
    }

    /// Lets `workers` go when all of them wait. `lost` tells whether one has ended already.
    ///
    /// # Errors
    /// If one has, or if they take too long; then all are sent home.
    pub fn open(&self, workers: u32, lost: impl Fn() -> bool) -> Result<(), GateError> {
        let deadline = Instant::now() + PATIENCE;
        let all = |at: &AtomicU32, pause: fn()| {
            while at.load(Ordering::Acquire) < workers {
                if lost() {
                    return Err(GateError::Lost);
                }
                if Instant::now() > deadline {
                    let missing = workers - at.load(Ordering::Acquire);
                    return Err(GateError::Late { missing, workers });
                }
                pause();
            }
            Ok(())
        };
        let opened = all(&self.arrived, || thread::sleep(NAP)).and_then(|()| {
            self.phase.store(SET, Ordering::Release);
            all(&self.ready, thread::yield_now)
        });
        let phase = if opened.is_ok() { GO } else { OFF };
        self.phase.store(phase, Ordering::Release);
        opened
    }

    /// Sends home whoever waits, now or later: not all could be started.
    pub fn call_off(&self) {
        self.phase.store(OFF, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_goes_before_all_are_there() {
        let gate = Gate::default();
        thread::scope(|scope| {
            let early = scope.spawn(|| gate.wait());
            while gate.arrived.load(Ordering::Acquire) == 0 {
                thread::yield_now();
            }
            let opened = scope.spawn(|| gate.open(2, || false));
            thread::sleep(Duration::from_millis(20));
            assert!(!early.is_finished() && !opened.is_finished());
            assert_eq!(gate.wait(), Ok(()));
            assert_eq!(early.join().unwrap(), Ok(()));
            assert_eq!(opened.join().unwrap(), Ok(()));
        });
    }

    #[test]
    fn a_worker_that_ends_before_sends_the_others_home() {
        let gate = Gate::default();
        thread::scope(|scope| {
            let others = [scope.spawn(|| gate.wait()), scope.spawn(|| gate.wait())];
            assert_eq!(gate.open(3, || true), Err(GateError::Lost));
            for other in others {
                assert_eq!(other.join().unwrap(), Err(GateError::CalledOff));
            }
        });
    }

    #[test]
    fn a_gate_can_be_used_again() {
        let gate = Gate::default();
        for _ in 0..3 {
            gate.shut();
            thread::scope(|scope| {
                scope.spawn(|| gate.wait());
                assert_eq!(gate.open(1, || false), Ok(()));
            });
        }
    }
}
