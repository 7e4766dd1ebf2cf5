//! Two workers talking: who sends when, and what is timed. The same lines for every way and every model.
//!
//! ```text
//! round trip   ask     send 0 ─ receive 0 ─ send 1 ─ receive 1 ...
//!              answer  receive 0 ─ send 0 ─ receive 1 ─ send 1 ...
//! stream       ask     send ─ send ─ send ...            receive "all came"
//!              answer       receive ─ receive ─ receive ... send "all came"
//! ```
//!
//! So it cannot come to a standstill, however small or large a message is: at every moment one of the two only
//! receives, and takes whatever comes until it is there. It never sends before it has all that the other one has to
//! send, so no two of them wait with full hands.

use std::time::Instant;

use harness::contestant::Stamp;
use serde::{Deserialize, Serialize};

use crate::end::{End, Next};
use crate::error::TalkError;
use crate::message::Content;
use crate::payload::Payload;
use crate::plan::Mode;
use crate::sys;
use crate::way::Way;

/// What two workers are to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// By which way.
    pub way: Way,
    /// Whether there and back, or in one direction.
    pub mode: Mode,
    /// Bytes of a payload.
    pub bytes: usize,
    /// How many round trips, or messages of a stream, are timed.
    pub count: u64,
    /// Whether every byte is checked.
    pub verify: bool,
    /// The cores that the two workers stay on.
    pub cores: [Option<u32>; 2],
}

/// What a worker says at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who it was, from when to when.
    pub stamp: Stamp,
    /// How many messages came to it, all right.
    pub messages: u64,
    /// Over those messages, in their order.
    pub digest: u64,
}

/// What the worker that asks has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What it says of itself.
    pub told: Told,
    /// Nanoseconds a round trip, of each of at most 100 batches; or a message, of the whole stream.
    pub times: Vec<f64>,
}

/// Reading the clock costs a few per cent of the quickest round trips, so it is read once for several.
const BATCHES: u64 = 100;
/// Payload that a stream has under way at most, but for payloads of which two are more.
const WINDOW_BYTES: usize = 1 << 20;
/// Messages that a stream has under way at most.
const WINDOW: usize = 64;

impl Talk {
    /// How many messages a stream has under way at most, where the way lets one say so. Pipes and sockets have as many
    /// as the system has room for.
    pub fn window(&self) -> usize {
        match self.mode {
            Mode::RoundTrip => 1,
            Mode::Stream => (WINDOW_BYTES / self.bytes.max(1)).clamp(2, WINDOW),
        }
    }

    /// The first messages are not timed: pages are touched, and whoever has just been started has its core.
    fn warm(&self) -> u64 {
        (self.count / 10).max(1)
    }

    /// What worker 0 does at its `end`.
    ///
    /// # Errors
    /// If a message does not come, or is not what it must be.
    pub fn ask(&self, mut end: impl End) -> Result<Asked, TalkError> {
        self.pin(0)?;
        let mut content = Content::new(self.verify);
        let (times, stamp) = Stamp::of(|| match self.mode {
            Mode::RoundTrip => self.ask_round_trips(&mut end, &mut content),
            Mode::Stream => self.send_stream(&mut end, &mut content),
        });
        Ok(Asked {
            told: told(stamp, &content),
            times: times?,
        })
    }

    /// What worker 1 does at its `end`.
    ///
    /// # Errors
    /// If a message does not come, or is not what it must be.
    pub fn answer(&self, mut end: impl End) -> Result<Told, TalkError> {
        self.pin(1)?;
        let mut content = Content::new(self.verify);
        let (done, stamp) = Stamp::of(|| match self.mode {
            Mode::RoundTrip => self.answer_round_trips(&mut end, &mut content),
            Mode::Stream => self.receive_stream(&mut end, &mut content),
        });
        done?;
        Ok(told(stamp, &content))
    }

    /// What a worker does that has nobody to talk to: it sends to itself what both would have sent, and counts as both.
    ///
    /// # Errors
    /// If a message is not what it must be.
    pub fn alone(&self, mut end: impl End) -> Result<(Asked, Told), TalkError> {
        self.pin(0)?;
        let mut came = [Content::new(self.verify), Content::new(self.verify)];
        let (times, stamp) = Stamp::of(|| {
            self.timed(|number| {
                let next = self.message(number);
                if self.mode == Mode::RoundTrip {
                    end.send(next, &came[0])?;
                    end.receive(next, &mut came[0])?;
                }
                end.send(next, &came[1])?;
                end.receive(next, &mut came[1])
            })
        });
        if self.mode == Mode::Stream {
            for word in ALL_CAME {
                came[0].take(word, word.number, &[])?;
            }
        }
        let asked = Asked {
            told: told(stamp, &came[0]),
            times: times?,
        };
        Ok((asked, told(stamp, &came[1])))
    }

    /// What it is about, for errors.
    pub fn about(&self) -> String {
        let mode = match self.mode {
            Mode::RoundTrip => "round trips",
            Mode::Stream => "a stream",
        };
        format!("{mode} of {} by {}", Payload(self.bytes), self.way.name())
    }

    fn ask_round_trips(
        &self,
        end: &mut impl End,
        content: &mut Content,
    ) -> Result<Vec<f64>, TalkError> {
        self.timed(|number| {
            let next = self.message(number);
            end.send(next, content)?;
            end.receive(next, content)
        })
    }

    fn answer_round_trips(
        &self,
        end: &mut impl End,
        content: &mut Content,
    ) -> Result<(), TalkError> {
        for number in 0..self.warm() + self.count {
            let next = self.message(number);
            end.receive(next, content)?;
            end.send(next, content)?;
        }
        Ok(())
    }

    fn send_stream(
        &self,
        end: &mut impl End,
        content: &mut Content,
    ) -> Result<Vec<f64>, TalkError> {
        let (warm, all) = (self.warm(), self.warm() + self.count);
        for number in 0..warm {
            end.send(self.message(number), content)?;
        }
        end.receive(ALL_CAME[0], content)?;
        let began = Instant::now();
        for number in warm..all {
            end.send(self.message(number), content)?;
        }
        end.receive(ALL_CAME[1], content)?;
        Ok(vec![began.elapsed().as_nanos() as f64 / self.count as f64])
    }

    fn receive_stream(&self, end: &mut impl End, content: &mut Content) -> Result<(), TalkError> {
        let (warm, all) = (self.warm(), self.warm() + self.count);
        for number in 0..warm {
            end.receive(self.message(number), content)?;
        }
        end.send(ALL_CAME[0], content)?;
        for number in warm..all {
            end.receive(self.message(number), content)?;
        }
        end.send(ALL_CAME[1], content)
    }

    /// Does `trip` with every number, and says how many nanoseconds each took, on average over each batch.
    fn timed(
        &self,
        mut trip: impl FnMut(u64) -> Result<(), TalkError>,
    ) -> Result<Vec<f64>, TalkError> {
        let (warm, all) = (self.warm(), self.warm() + self.count);
        for number in 0..warm {
            trip(number)?;
        }
        let batch = self.count.div_ceil(BATCHES);
        let mut times = Vec::with_capacity(BATCHES as usize);
        let mut number = warm;
        while number < all {
            let until = (number + batch).min(all);
            let began = Instant::now();
            for number in number..until {
                trip(number)?;
            }
            times.push(began.elapsed().as_nanos() as f64 / (until - number) as f64);
            number = until;
        }
        Ok(times)
    }

    fn message(&self, number: u64) -> Next {
        Next {
            number,
            bytes: self.bytes,
        }
    }

    fn pin(&self, worker: usize) -> Result<(), TalkError> {
        let Some(core) = self.cores[worker] else {
            return Ok(());
        };
        sys::pin(core).map_err(|cause| TalkError::Pin { core, cause })
    }
}

/// What the receiver of a stream says after the first messages, and at the end.
const ALL_CAME: [Next; 2] = [
    Next {
        number: 0,
        bytes: 0,
    },
    Next {
        number: 1,
        bytes: 0,
    },
];

fn told(stamp: Stamp, content: &Content) -> Told {
    let (messages, digest) = content.seen();
    Told {
        stamp,
        messages,
        digest,
    }
}
