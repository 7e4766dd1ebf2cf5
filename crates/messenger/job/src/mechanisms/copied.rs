//! Memory that both workers have, and a message that is copied into it and out of it.
//!
//! Take it where each side needs the data in memory of its own: to keep it, to change it, or because it does not trust
//! the other one to leave it alone. It copies twice, as a pipe does, but without asking the system.

use crate::end::{End, Next};
use crate::error::TalkError;
use crate::message::{Content, room};
use crate::ring::RingEnd;
use crate::talk::Talk;

/// An end at which messages are copied into the ring and out of it.
#[derive(Debug)]
pub struct Copied {
    ring: RingEnd,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Copied {
    /// The end of `ring`, with memory of its own for a message of `talk` in each direction.
    ///
    /// # Errors
    /// If there is none.
    pub fn new(ring: RingEnd, talk: &Talk) -> Result<Self, TalkError> {
        Ok(Self {
            ring,
            sent: room(talk.bytes)?,
            received: room(talk.bytes)?,
        })
    }
}

impl End for Copied {
    #[inline]
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let message = &mut self.sent[..next.bytes];
        content.write(message, next.number);
        self.ring
            .send(next, |payload| payload.copy_from_slice(message))
    }

    #[inline]
    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let own = &mut self.received;
        self.ring.receive(next.bytes, |number, payload| {
            let own = &mut own[..payload.len().min(next.bytes)];
            own.copy_from_slice(&payload[..own.len()]);
            // One that is too long is told by the length that came.
            let came = if payload.len() == own.len() {
                own
            } else {
                payload
            };
            content.take(next, number, came)
        })
    }
}
