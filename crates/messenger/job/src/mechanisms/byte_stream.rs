//! Pipes, and a pair of sockets: the system takes bytes on one side and gives them out on the other.
//!
//! Take them where a program has to talk to one that somebody else has written, or that may die. A message has no
//! bounds of its own there, hence the length before it; and it goes in pieces as large as the system has room for.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use crate::end::{End, Next};
use crate::error::TalkError;
use crate::message::{Content, HEADER, read_header, room, write_header};
use crate::talk::Talk;

/// Where one side reads and writes.
#[derive(Debug)]
pub struct Files {
    /// What the other side writes comes out here.
    pub reader: OwnedFd,
    /// What goes in here, the other side reads.
    pub writer: OwnedFd,
}

/// Two pipes, one for each direction.
///
/// # Errors
/// If the system has no more files.
pub fn pipes() -> io::Result<[Files; 2]> {
    let ((read_there, write_here), (read_here, write_there)) = (io::pipe()?, io::pipe()?);
    let files = |reader: io::PipeReader, writer: io::PipeWriter| Files {
        reader: reader.into(),
        writer: writer.into(),
    };
    Ok([files(read_here, write_here), files(read_there, write_there)])
}

/// A pair of sockets, each for both directions.
///
/// # Errors
/// If the system has no more files.
pub fn sockets() -> io::Result<[Files; 2]> {
    let (here, there) = UnixStream::pair()?;
    let files = |socket: UnixStream| {
        Ok::<_, io::Error>(Files {
            reader: socket.try_clone()?.into(),
            writer: socket.into(),
        })
    };
    Ok([files(here)?, files(there)?])
}

/// An end from which bytes are read and to which they are written.
#[derive(Debug)]
pub struct ByteStream {
    reader: File,
    writer: File,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl ByteStream {
    /// The end at `files`, with memory for a message of `talk` in each direction.
    ///
    /// # Errors
    /// If there is none.
    pub fn new(files: Files, talk: &Talk) -> Result<Self, TalkError> {
        Ok(Self {
            reader: files.reader.into(),
            writer: files.writer.into(),
            sent: room(HEADER + talk.bytes)?,
            received: room(HEADER + talk.bytes)?,
        })
    }
}

impl End for ByteStream {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let message = &mut self.sent[..HEADER + next.bytes];
        write_header(message, next);
        content.write(&mut message[HEADER..], next.number);
        // As one: a call of the system for a small message, as many as it takes for a large one.
        Ok(self.writer.write_all(message)?)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let message = &mut self.received[..HEADER + next.bytes];
        self.reader.read_exact(message)?;
        let (number, bytes) = read_header(message);
        if bytes != next.bytes {
            return Err(TalkError::Length {
                number,
                expected: next.bytes,
                found: bytes,
            });
        }
        content.take(next, number, &message[HEADER..])
    }
}
