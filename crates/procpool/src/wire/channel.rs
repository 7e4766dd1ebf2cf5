//! How bytes become messages.
//!
//! A message travels as one packet, or, when it is large, as several packets whose first byte says
//! that more follows. ipc-channel would cut large messages up itself, but its way hangs for ever when
//! the receiver dies in the middle (the rest goes through a second socket that the sender itself
//! keeps open); ours wakes with an error. No channel has a second sender at the same time, so packets
//! of two messages never mix.

use std::io;

use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcBytesReceiver, IpcBytesSender};

/// No packet is longer: below the usual socket buffer (208 KiB), from where on ipc-channel fragments.
const PACKET: usize = 128 * 1024;

const LAST: u8 = 0;
const MORE: u8 = 1;

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
        // ipc-channel receives into a buffer of the largest packet. Copied out, not shrunk: glibc would
        // shrink it in place and never learn to keep such buffers, so each message would cost a fresh
        // mapping and its page faults.
        if message.len() < message.capacity() / 2 {
            message = message.as_slice().to_vec();
        }
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
    use super::*;

    #[test]
    fn messages_of_every_size_around_the_packet_arrive_whole() {
        for length in [
            2,
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
