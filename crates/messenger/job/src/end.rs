//! One end of a way: what each of them must be able to do.

use crate::error::TalkError;
use crate::message::Content;

/// The message that is next: both sides know what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its number, which counts what was sent in its direction from 0.
    pub number: u64,
    /// Bytes of its payload.
    pub bytes: usize,
}

/// One end of a way between two workers.
pub trait End {
    /// Sends a message, and waits until there is room for it.
    ///
    /// # Errors
    /// If the other worker is gone, or there is no memory.
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError>;

    /// Waits for a message, and holds it against what it must be.
    ///
    /// # Errors
    /// If it is another one, or the other worker is gone.
    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError>;
}
