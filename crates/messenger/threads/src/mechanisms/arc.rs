//! One payload that both workers have, by reference: what goes over is that there is one more reference.
//!
//! Take it for what many read and nobody changes. It costs the same whatever the size; who is last frees it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use messenger::{Content, End, Next, Talk, TalkError, room};

/// A message: its number, and its payload, but for a word that has none.
type Message = (u64, Option<Arc<[u8]>>);

/// Nobody can change what is shared, so it is always what was written first.
const WRITTEN_AS: u64 = 0;

/// One end.
pub struct Shared {
    to: SyncSender<Message>,
    from: Receiver<Message>,
    payload: Arc<[u8]>,
}

/// Both ends, for `talk`.
///
/// # Errors
/// If there is no memory.
pub fn ends(talk: &Talk) -> Result<[Shared; 2], TalkError> {
    let (to_there, from_here) = sync_channel(talk.window());
    let (to_here, from_there) = sync_channel(talk.window());
    let mut payload = room(talk.bytes)?;
    Content::new(talk.verify).write(&mut payload, WRITTEN_AS);
    let payload: Arc<[u8]> = payload.into();
    let end = |to, from| Shared {
        to,
        from,
        payload: Arc::clone(&payload),
    };
    Ok([end(to_there, from_there), end(to_here, from_here)])
}

impl End for Shared {
    fn send(&mut self, next: Next, _content: &Content) -> Result<(), TalkError> {
        let payload = (next.bytes > 0).then(|| Arc::clone(&self.payload));
        let message = (next.number, payload);
        self.to.send(message).map_err(|_| TalkError::Gone)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let (number, payload) = self.from.recv().map_err(|_| TalkError::Gone)?;
        let payload = payload.as_deref().unwrap_or_default();
        content.take_written_as(WRITTEN_AS, next, number, payload)
    }
}
