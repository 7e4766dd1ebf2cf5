//! ipc-channel, of a type: a message is encoded, copied into the system and out of it, and decoded.
//!
//! Take it for small messages that have a structure. A vector of bytes in a type is encoded one by one: see `postcard`
//! of the program with one worker for what of this is the encoding's.

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use messenger::{Content, End, Next, Talk, TalkError, Typed, copied, room};

use super::meeting::{Ends, refused};

/// One end.
pub struct IpcTyped {
    to: IpcSender<Typed>,
    from: IpcReceiver<Typed>,
    payload: Vec<u8>,
}

impl Ends for IpcTyped {
    type To = IpcSender<Typed>;
    type From = IpcReceiver<Typed>;

    fn channel() -> std::io::Result<(Self::To, Self::From)> {
        ipc::channel()
    }

    fn new(to: Self::To, from: Self::From, talk: &Talk) -> Result<Self, TalkError> {
        let payload = room(talk.bytes)?;
        Ok(Self { to, from, payload })
    }
}

impl End for IpcTyped {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let payload = &mut self.payload[..next.bytes];
        content.write(payload, next.number);
        // A message is moved into the channel, so this one is a copy, as between threads.
        let message = Typed {
            number: next.number,
            payload: copied(payload)?,
        };
        self.to.send(message).map_err(refused)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let Typed { number, payload } = self.from.recv().map_err(refused)?;
        content.take(next, number, &payload)
    }
}
