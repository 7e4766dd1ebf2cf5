//! What parent and worker say to each other, and how bytes become messages.
//!
//! A message is `[flag][kind][body]`. It travels as one packet, or, when it is large, as several
//! packets whose flag says that more follows. ipc-channel would cut large messages up itself, but its
//! way hangs for ever when the receiver dies in the middle (the rest goes through a second socket
//! that the sender itself keeps open); ours wakes with an error. No channel has a second sender, so
//! packets of two messages never mix.

use std::io;

use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcBytesReceiver, IpcBytesSender, IpcSharedMemory};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Bytes before the body.
pub(crate) const HEAD: usize = 2;
/// No packet is longer: below the usual socket buffer (208 KiB), from where on ipc-channel fragments.
const PACKET: usize = 128 * 1024;

const LAST: u8 = 0;
const MORE: u8 = 1;

/// Parent to worker: the setup, the first message.
pub(crate) const SETUP: u8 = 1;
/// Parent to worker: tasks, each with its length before it.
pub(crate) const BATCH: u8 = 2;
/// Worker to parent: the job stands and waits for tasks.
pub(crate) const READY: u8 = 3;
/// Worker to parent: the job could not be made; the body says why.
pub(crate) const REFUSED: u8 = 4;
/// Worker to parent: outputs, see [`crate::outputs`].
pub(crate) const OUTPUTS: u8 = 5;

/// The first thing a worker sends: the parent's ends of its channels.
#[derive(Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) tasks: IpcBytesSender,
    pub(crate) outputs: IpcBytesReceiver,
    /// Nothing is ever sent here. It closes when the parent is gone, whatever ended it.
    pub(crate) lifeline: IpcBytesSender,
    pub(crate) page: IpcSharedMemory,
}

/// An empty message of a kind; bodies are appended.
pub(crate) fn message(kind: u8) -> Vec<u8> {
    vec![LAST, kind]
}

pub(crate) fn kind(message: &[u8]) -> Option<u8> {
    message.get(1).copied()
}

/// Appends a value with its length before it. On an error `to` is as it was.
pub(crate) fn append<T: Serialize + ?Sized>(to: &mut Vec<u8>, value: &T) -> Result<(), String> {
    let start = to.len();
    to.extend_from_slice(&[0; 4]);
    let encoded = postcard::serialize_with_flavor(value, Append(to)).map_err(|e| e.to_string());
    let length = u32::try_from(to.len() - start - 4).map_err(|_| "longer than 4 GiB".to_owned());
    match encoded.and(length) {
        Ok(length) => {
            to[start..start + 4].copy_from_slice(&length.to_le_bytes());
            Ok(())
        }
        Err(cause) => {
            to.truncate(start);
            Err(cause)
        }
    }
}

/// The value with its length before it that starts at `at`; moves `at` behind it.
pub(crate) fn piece<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(*bytes.get(*at..)?.first_chunk()?) as usize;
    let start = *at + 4;
    let piece = bytes.get(start..start.checked_add(length)?)?;
    *at = start + length;
    Some(piece)
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    postcard::from_bytes(bytes).map_err(|e| e.to_string())
}

/// Appends to a `Vec` that others have begun, which none of postcard's own flavors does.
struct Append<'a>(&'a mut Vec<u8>);

impl postcard::ser_flavors::Flavor for Append<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// The sending end of a channel. An error means that the other side is gone.
pub(crate) struct Sender(pub(crate) IpcBytesSender);

impl Sender {
    /// Sends a message; its flag byte is written here.
    pub(crate) fn send(&self, message: &mut [u8]) -> io::Result<()> {
        let Some((head, rest)) = message.split_at_mut_checked(PACKET) else {
            message[0] = LAST;
            return self.send_packet(message);
        };
        head[0] = if rest.is_empty() { LAST } else { MORE };
        self.send_packet(head)?;
        let mut chunks = rest.chunks(PACKET - 1).peekable();
        let mut packet = Vec::with_capacity(PACKET);
        while let Some(chunk) = chunks.next() {
            packet.clear();
            packet.push(if chunks.peek().is_some() { MORE } else { LAST });
            packet.extend_from_slice(chunk);
            self.send_packet(&packet)?;
        }
        Ok(())
    }

    fn send_packet(&self, packet: &[u8]) -> io::Result<()> {
        loop {
            match self.0.send(packet) {
                // A packet goes whole or not at all, so a signal in between loses nothing.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

/// The receiving end of a channel. An error means that the other side is gone.
pub(crate) struct Receiver(pub(crate) IpcBytesReceiver);

impl Receiver {
    pub(crate) fn recv(&self) -> io::Result<Vec<u8>> {
        let mut message = self.recv_packet()?;
        let mut flag = message[0];
        while flag == MORE {
            let packet = self.recv_packet()?;
            flag = packet[0];
            message.extend_from_slice(&packet[1..]);
        }
        // ipc-channel receives into a buffer of the largest packet.
        message.shrink_to_fit();
        Ok(message)
    }

    fn recv_packet(&self) -> io::Result<Vec<u8>> {
        loop {
            match self.0.recv() {
                Ok(packet) if packet.is_empty() => {
                    return Err(io::Error::other("received an empty packet"));
                }
                Ok(packet) => return Ok(packet),
                Err(IpcError::Io(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(IpcError::Io(error)) => return Err(error),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::ser::SerializeTuple;

    use super::*;

    /// Fails after a part of it has been written.
    struct HalfWritten;

    impl Serialize for HalfWritten {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut tuple = serializer.serialize_tuple(2)?;
            tuple.serialize_element(&7_u64)?;
            Err(serde::ser::Error::custom("no"))
        }
    }

    #[test]
    fn a_value_that_cannot_be_encoded_leaves_no_trace() {
        let mut bytes = message(BATCH);
        append(&mut bytes, "first").unwrap();
        let before = bytes.clone();
        assert!(append(&mut bytes, &HalfWritten).is_err());
        assert_eq!(bytes, before);
    }

    #[test]
    fn pieces_come_back_in_order_and_a_cut_one_does_not() {
        let mut bytes = message(BATCH);
        append(&mut bytes, "first").unwrap();
        append(&mut bytes, "second").unwrap();
        let mut at = HEAD;
        assert_eq!(
            decode(piece(&bytes, &mut at).unwrap()),
            Ok("first".to_owned())
        );
        assert_eq!(piece(&bytes[..bytes.len() - 1], &mut at), None);
        assert_eq!(
            decode(piece(&bytes, &mut at).unwrap()),
            Ok("second".to_owned())
        );
        assert_eq!(piece(&bytes, &mut at), None);
    }

    #[test]
    fn messages_of_every_size_around_the_packet_arrive_whole() {
        for length in [
            HEAD,
            PACKET - 1,
            PACKET,
            PACKET + 1,
            2 * PACKET - 1,
            2 * PACKET,
            5 << 20,
        ] {
            let (sender, receiver) = ipc_channel::ipc::bytes_channel().unwrap();
            let mut sent: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let mut copy = sent.clone();
            let thread = std::thread::spawn(move || Sender(sender).send(&mut copy).unwrap());
            let received = Receiver(receiver).recv().unwrap();
            thread.join().unwrap();
            sent[0] = received[0];
            assert_eq!(received, sent);
        }
    }
}
