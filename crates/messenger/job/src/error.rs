//! Why two workers have not understood each other.

use std::io;

use crate::payload::Payload;

/// Why a message was not sent or not received.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// Nobody is at the other end any more.
    #[error("the other worker is gone")]
    Gone,
    /// A message is missing, came twice, or came too early.
    #[error("message {found} came where {expected} was due")]
    Order {
        /// Which one was due.
        expected: u64,
        /// Which one came.
        found: u64,
    },
    /// A message is shorter or longer than it was sent.
    #[error("message {number} has {found} bytes instead of {expected}")]
    Length {
        /// Which one.
        number: u64,
        /// Bytes that were sent.
        expected: usize,
        /// Bytes that came.
        found: usize,
    },
    /// A message says something else than was sent.
    #[error("message {number} differs from what was sent at byte {at}")]
    Content {
        /// Which one.
        number: u64,
        /// Where it differs first, from 0, in steps of 8.
        at: usize,
    },
    /// There is no memory for it.
    #[error("no memory for messages of {}, which take {}: give less (--payload)", Payload(*.bytes), harness::contestant::bytes(*.needed))]
    Memory {
        /// Bytes of a payload.
        bytes: usize,
        /// Bytes that were needed.
        needed: u64,
    },
    /// A worker cannot be kept on its core.
    #[error("cannot keep a worker on core {core}: {cause}")]
    Pin {
        /// Which core.
        core: u32,
        /// What the system says.
        cause: io::Error,
    },
    /// The system refuses.
    #[error("{0}")]
    System(io::Error),
    /// A message cannot be encoded or decoded.
    #[error("{0}")]
    Encoding(postcard::Error),
}

impl From<io::Error> for TalkError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // A pipe says so when it is read, and when it is written; a socket also if something was left in it.
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset => Self::Gone,
            _ => Self::System(error),
        }
    }
}
