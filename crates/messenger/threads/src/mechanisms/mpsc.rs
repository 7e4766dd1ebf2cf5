//! std's channel: a message is a copy, made for the one who gets it.
//!
//! Take it first: it is there, and the compiler sees to it that nobody keeps what was sent. A bounded one
//! (`sync_channel`): without a bound, memory would grow by what the receiver is behind.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use messenger::{Content, End, Next, Talk, TalkError, copied, room};

/// A message: its number and its payload.
type Message = (u64, Vec<u8>);

/// One end.
pub struct Mpsc {
    to: SyncSender<Message>,
    from: Receiver<Message>,
    payload: Vec<u8>,
}

/// Both ends, for `talk`.
///
/// # Errors
/// If there is no memory.
pub fn ends(talk: &Talk) -> Result<[Mpsc; 2], TalkError> {
    let (to_there, from_here) = sync_channel(talk.window());
    let (to_here, from_there) = sync_channel(talk.window());
    let end = |to, from| {
        let payload = room(talk.bytes)?;
        Ok::<_, TalkError>(Mpsc { to, from, payload })
    };
    Ok([end(to_there, from_there)?, end(to_here, from_here)?])
}

impl End for Mpsc {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let payload = &mut self.payload[..next.bytes];
        content.write(payload, next.number);
        let message = (next.number, copied(payload)?);
        self.to.send(message).map_err(|_| TalkError::Gone)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let (number, payload) = self.from.recv().map_err(|_| TalkError::Gone)?;
        content.take(next, number, &payload)
    }
}
