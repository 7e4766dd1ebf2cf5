//! Two rings of slots in memory that both workers have, one for each direction. The only module of the messenger with
//! `unsafe`.
//!
//! ```text
//! written ─ how many messages the sender has put into the ring      a slot belongs to the sender while
//! read ──── how many the receiver has taken out of it               written - read < slots, else to the receiver
//! ```
//!
//! What holds it together:
//!
//! - Memory is anonymous, or a file that nobody makes shorter; all its pages are there (see [`Region::make`] and whoever
//!   makes the file). It is zero at first, which is an empty ring.
//! - The layout follows from a [`Talk`] alone, which both workers have; both are the same program.
//! - Counters are atomic. The bytes of a slot are not: they are only touched by the one whom the counters give the slot.
//!   Each counter is changed by one end alone, and there is one end for each side: [`ends`] gives out two of one memory,
//!   and takes it; [`one_end`] gives out one of a mapping, for a process that has the side that the other one has not.
//! - In round trips there is one slot a direction, and nobody needs to say that it was read: side 1 answers only what it
//!   has read, and side 0 sends only when it has the answer. Each end sees to that for itself, and saves both a counter
//!   that cores would have to hand to each other.
//! - Whoever ends says so in the memory itself, so the other one never waits in vain.
#![allow(
    unsafe_code,
    reason = "whose a slot is says a counter that another process changes, which the compiler cannot see"
)]

mod region;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::end::Next;
use crate::error::TalkError;
use crate::message::{HEADER, read_header, write_header};
use crate::plan::Mode;
use crate::talk::Talk;
use crate::way::{Alike, Way};

pub use region::Region;
pub use waiting::{Waiting, Wakes};

/// One side's end of both rings: it sends into one and receives from the other.
#[derive(Debug)]
pub struct RingEnd {
    region: Arc<Region>,
    side: usize,
    waiting: Waiting,
    /// Whether both send in turns.
    in_turns: bool,
    sent: u32,
    received: u32,
}

/// Both ends of memory that only this process has.
pub fn ends(region: Region, talk: &Talk) -> [RingEnd; 2] {
    let region = Arc::new(region);
    [0, 1].map(|side| RingEnd::new(Arc::clone(&region), side, talk, Wakes::Threads))
}

/// The end of side 0 or 1 of memory that another process has mapped too, which has the other end.
pub fn one_end(region: Region, side: usize, talk: &Talk) -> RingEnd {
    RingEnd::new(Arc::new(region), side, talk, Wakes::Processes)
}

impl RingEnd {
    fn new(region: Arc<Region>, side: usize, talk: &Talk, wakes: Wakes) -> Self {
        let waiting = match talk.way {
            Way::Alike(Alike::InPlaceFutex | Alike::CopiedFutex) => Waiting::Sleeping(wakes),
            _ => Waiting::Spinning,
        };
        Self {
            region,
            side,
            waiting,
            in_turns: talk.mode == Mode::RoundTrip,
            sent: 0,
            received: 0,
        }
    }

    /// Waits for a free slot, has the payload of a message written into it by `write`, and sends it.
    ///
    /// # Errors
    /// If the other worker is gone.
    ///
    /// # Panics
    /// If the message is larger than those of the talk that the ring was made for, or in a round trip it is the other
    /// one's turn.
    pub fn send(&mut self, next: Next, write: impl FnOnce(&mut [u8])) -> Result<(), TalkError> {
        let (region, lane) = (&*self.region, self.side);
        let head = region.head();
        let (sent, slots) = (self.sent, region.slots(lane));
        if self.in_turns {
            let answered = self.received.wrapping_sub(sent);
            assert!(answered as usize == self.side, "not its turn to send");
        } else {
            let free = |read: u32| sent.wrapping_sub(read) < slots;
            self.waiting
                .until(&head.lanes[lane].read, &head.gone, free)?;
        }
        let bytes = HEADER + next.bytes;
        let (slot, room) = region.slot(lane, sent);
        assert!(bytes <= room, "a message larger than its slot");
        // SAFETY: a slot of at least so many bytes lies there. It is this end's: its message was read (`free`, with
        // acquire; or the answer to it came, with acquire), and the receiver touches it again only after `written`
        // says so. Zeros are bytes.
        let slot = unsafe { std::slice::from_raw_parts_mut(slot, bytes) };
        write_header(slot, next);
        write(&mut slot[HEADER..]);
        self.sent = sent.wrapping_add(1);
        self.waiting.set(&head.lanes[lane].written, self.sent);
        Ok(())
    }

    /// Waits for a message, has `take` look at its number and payload where they are, and frees its slot.
    ///
    /// The payload is as long as it came. `expected` is only a guess, with which a core need not wait for the length
    /// before it asks for the end of the payload: a third of a round trip by spinning.
    ///
    /// # Errors
    /// If the other worker is gone, or `take` says so.
    pub fn receive(
        &mut self,
        expected: usize,
        take: impl FnOnce(u64, &[u8]) -> Result<(), TalkError>,
    ) -> Result<(), TalkError> {
        let (region, lane) = (&*self.region, 1 - self.side);
        let head = region.head();
        let received = self.received;
        let came = |written: u32| written != received;
        self.waiting
            .until(&head.lanes[lane].written, &head.gone, came)?;
        let (slot, room) = region.slot(lane, received);
        // SAFETY: a slot of so many bytes lies there. It is this end's: `written` says that there is a message in it
        // (`came`, with acquire), and the sender touches it again only after `read`, or the answer, says so.
        let slot = unsafe { std::slice::from_raw_parts(slot, room) };
        let (number, bytes) = read_header(slot);
        let bytes = if bytes == expected {
            // Else the compiler takes the one that came, for they are equal.
            std::hint::black_box(expected)
        } else {
            bytes.min(room - HEADER)
        };
        take(number, &slot[HEADER..HEADER + bytes])?;
        self.received = received.wrapping_add(1);
        if !self.in_turns {
            self.waiting.set(&head.lanes[lane].read, self.received);
        }
        Ok(())
    }

    /// What tells the other worker, from outside, that this one is gone.
    pub fn hangup(&self) -> Hangup {
        Hangup {
            region: Arc::clone(&self.region),
            waiting: self.waiting,
        }
    }
}

/// A worker that has ended with its talk, or in the middle of it: whoever waits for it is told.
impl Drop for RingEnd {
    fn drop(&mut self) {
        self.hangup().hang_up();
    }
}

/// Tells whoever waits at an end that nobody is at the other one.
#[derive(Clone, Debug)]
pub struct Hangup {
    region: Arc<Region>,
    waiting: Waiting,
}

impl Hangup {
    /// Tells it.
    pub fn hang_up(&self) {
        let head = self.region.head();
        self.waiting.set(&head.gone, 1);
        for lane in &head.lanes {
            self.waiting.wake(&lane.written);
            self.waiting.wake(&lane.read);
        }
    }
}

/// What a word says, and all that was written before it said so.
fn load(word: &AtomicU32) -> u32 {
    word.load(Ordering::Acquire)
}

#[cfg(test)]
mod tests;
