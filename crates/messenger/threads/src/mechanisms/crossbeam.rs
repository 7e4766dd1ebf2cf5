//! crossbeam's channel: a message is a copy, made for the one who gets it.
//!
//! Take it where several receive from one channel, or one selects from several; std's has grown from the same code.

use crossbeam_channel::{Receiver, Sender, bounded};
use messenger::{Content, End, Next, Talk, TalkError, copied, room};

/// A message: its number and its payload.
type Message = (u64, Vec<u8>);

/// One end.
pub struct Crossbeam {
    to: Sender<Message>,
    from: Receiver<Message>,
    payload: Vec<u8>,
}

/// Both ends, for `talk`.
///
/// # Errors
/// If there is no memory.
pub fn ends(talk: &Talk) -> Result<[Crossbeam; 2], TalkError> {
    let (to_there, from_here) = bounded(talk.window());
    let (to_here, from_there) = bounded(talk.window());
    let end = |to, from| {
        let payload = room(talk.bytes)?;
        Ok::<_, TalkError>(Crossbeam { to, from, payload })
    };
    Ok([end(to_there, from_there)?, end(to_here, from_here)?])
}

impl End for Crossbeam {
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
