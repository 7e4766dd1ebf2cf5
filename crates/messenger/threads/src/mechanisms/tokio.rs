//! tokio's channel, at which two threads wait: a message is a copy, made for the one who gets it.
//!
//! Take it between tasks, or between a task and a thread, which is what `blocking_send` and `blocking_recv` are for.
//! Between two threads, as here, it is one more channel: what waits at it is a thread that is parked.

use messenger::{Content, End, Next, Talk, TalkError, copied, room};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// A message: its number and its payload.
type Message = (u64, Vec<u8>);

/// One end.
pub struct Tokio {
    to: Sender<Message>,
    from: Receiver<Message>,
    payload: Vec<u8>,
}

/// Both ends, for `talk`.
///
/// # Errors
/// If there is no memory.
pub fn ends(talk: &Talk) -> Result<[Tokio; 2], TalkError> {
    let (to_there, from_here) = channel(talk.window());
    let (to_here, from_there) = channel(talk.window());
    let end = |to, from| {
        let payload = room(talk.bytes)?;
        Ok::<_, TalkError>(Tokio { to, from, payload })
    };
    Ok([end(to_there, from_there)?, end(to_here, from_here)?])
}

impl End for Tokio {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let payload = &mut self.payload[..next.bytes];
        content.write(payload, next.number);
        let message = (next.number, copied(payload)?);
        self.to.blocking_send(message).map_err(|_| TalkError::Gone)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let (number, payload) = self.from.blocking_recv().ok_or(TalkError::Gone)?;
        content.take(next, number, &payload)
    }
}
