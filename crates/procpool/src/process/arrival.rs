//! How the parent learns that a worker has connected.
//!
//! A worker writes one byte into what it has as its standard input, when its first message is sent, and has
//! nothing there from then on. So the parent accepts the connection when it is there, and not before:
//! ipc-channel's `accept` knows no time limit, and would wait for ever for a worker that has died.

use std::io::{PipeReader, Read};
use std::time::{Duration, Instant};

use super::child::Process;
use crate::sys;

/// How often a worker that has said nothing is looked after: what it has started may hold its pipe.
const LOOK: Duration = Duration::from_millis(20);

/// The parent's end of what a worker has as its standard input.
pub(crate) struct Arrival(PipeReader);

/// What became of a worker that was to connect.
pub(crate) enum Arrived {
    Connected,
    /// It has ended, or can never tell.
    Ended,
    /// Its time is over.
    Late,
}

impl Arrival {
    pub(super) fn by(pipe: PipeReader) -> Arrival {
        Arrival(pipe)
    }

    /// Waits until the worker has connected, has ended, or has used up its time.
    pub(super) fn wait(mut self, process: &Process, limit: Duration) -> Arrived {
        let began = Instant::now();
        let mut ended = false;
        loop {
            if sys::wait_for_input(&self.0, LOOK) {
                let told = self.0.read_exact(&mut [0]);
                return told.map_or(Arrived::Ended, |()| Arrived::Connected);
            }
            // Once more after the end: it may have told just before.
            if ended {
                return Arrived::Ended;
            }
            if began.elapsed() > limit {
                return Arrived::Late;
            }
            ended = process.has_ended();
        }
    }
}
