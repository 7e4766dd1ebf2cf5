//! ipc-channel, of bytes: a message is copied into the system and out of it.
//!
//! Take it for data that is bytes anyway, or that one encodes oneself. A large message goes in pieces, through a socket
//! that is made for it.

use ipc_channel::ipc::{self, IpcBytesReceiver, IpcBytesSender};
use messenger::{Content, End, HEADER, Next, Talk, TalkError, read_header, room, write_header};

use super::meeting::{Ends, refused};

/// One end.
pub struct IpcBytes {
    to: IpcBytesSender,
    from: IpcBytesReceiver,
    message: Vec<u8>,
}

impl Ends for IpcBytes {
    type To = IpcBytesSender;
    type From = IpcBytesReceiver;

    fn channel() -> std::io::Result<(Self::To, Self::From)> {
        ipc::bytes_channel()
    }

    fn new(to: Self::To, from: Self::From, talk: &Talk) -> Result<Self, TalkError> {
        let message = room(HEADER + talk.bytes)?;
        Ok(Self { to, from, message })
    }
}

impl End for IpcBytes {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let message = &mut self.message[..HEADER + next.bytes];
        write_header(message, next);
        content.write(&mut message[HEADER..], next.number);
        Ok(self.to.send(message)?)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let message = self.from.recv().map_err(refused)?;
        if message.len() < HEADER {
            return Err(TalkError::Length {
                number: next.number,
                expected: next.bytes,
                found: 0,
            });
        }
        let (number, _) = read_header(&message);
        content.take(next, number, &message[HEADER..])
    }
}
