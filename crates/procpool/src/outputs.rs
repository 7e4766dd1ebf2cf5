//! The message that carries outputs: written by a worker, read by the consumer of a map.

use std::time::Duration;

use serde::Serialize;

use crate::sizer::Seen;
use crate::wire::{self, HEAD};

/// After the head: number of outputs, whether the rest of the batch comes back undone, busy time,
/// longest task. Then for each output a status, a length and its bytes.
const BODY: usize = HEAD + 4 + 1 + 8 + 8;

/// What an output's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    /// The task's output.
    Done = 0,
    /// The job's own error.
    Failed = 1,
    /// Message and location of a panic.
    Panicked = 2,
    /// Why the task could not be decoded in the worker.
    TaskNotDecoded = 3,
    /// Why the output, or the job's error, could not be encoded.
    OutputNotEncoded = 4,
}

impl Status {
    fn from_byte(byte: u8) -> Option<Status> {
        use Status::{Done, Failed, OutputNotEncoded, Panicked, TaskNotDecoded};
        [Done, Failed, Panicked, TaskNotDecoded, OutputNotEncoded]
            .into_iter()
            .find(|s| *s as u8 == byte)
    }
}

/// The worker's side.
pub(crate) struct Writer {
    message: Vec<u8>,
    count: u32,
    busy: Duration,
    longest: Duration,
}

impl Writer {
    pub(crate) fn new() -> Writer {
        let mut message = wire::message(wire::OUTPUTS);
        message.resize(BODY, 0);
        Writer {
            message,
            count: 0,
            busy: Duration::ZERO,
            longest: Duration::ZERO,
        }
    }

    /// Adds an output; what cannot be encoded becomes a text that says so.
    pub(crate) fn push<T: Serialize + ?Sized>(&mut self, status: Status, value: &T) {
        let start = self.message.len();
        self.message.push(status as u8);
        if let Err(cause) = wire::append(&mut self.message, value) {
            self.message[start] = Status::OutputNotEncoded as u8;
            wire::append(&mut self.message, &cause).expect("a text can be encoded");
        }
        self.count += 1;
    }

    /// Where a half-written output begins, in case that encoding it panics.
    pub(crate) fn mark(&self) -> (usize, u32) {
        (self.message.len(), self.count)
    }

    pub(crate) fn undo(&mut self, (length, count): (usize, u32)) {
        self.message.truncate(length);
        self.count = count;
    }

    pub(crate) fn took(&mut self, time: Duration) {
        self.busy += time;
        self.longest = self.longest.max(time);
    }

    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn bytes(&self) -> usize {
        self.message.len()
    }

    /// The finished message; the writer is empty again, its buffer kept.
    pub(crate) fn finish(&mut self, rest_comes_back: bool) -> &mut [u8] {
        let head = &mut self.message[HEAD..BODY];
        head[..4].copy_from_slice(&self.count.to_le_bytes());
        head[4] = u8::from(rest_comes_back);
        head[5..13].copy_from_slice(&(self.busy.as_nanos() as u64).to_le_bytes());
        head[13..].copy_from_slice(&(self.longest.as_nanos() as u64).to_le_bytes());
        &mut self.message
    }

    pub(crate) fn clear(&mut self) {
        self.message.truncate(BODY);
        self.count = 0;
        self.busy = Duration::ZERO;
        self.longest = Duration::ZERO;
    }
}

/// An output should be there and cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cut;

/// The parent's side: outputs one after the other.
pub(crate) struct Outputs {
    message: Vec<u8>,
    at: usize,
    left: usize,
    pub(crate) seen: Seen,
    /// The worker has not begun the tasks behind these, because the batch took too long.
    pub(crate) rest_comes_back: bool,
}

impl Outputs {
    /// `None` if it is no message of outputs, which only a worker gone mad sends.
    pub(crate) fn read(message: Vec<u8>) -> Option<Outputs> {
        if wire::kind(&message) != Some(wire::OUTPUTS) {
            return None;
        }
        let head = message.get(HEAD..BODY)?;
        let nanos = |at: usize| {
            head[at..]
                .first_chunk()
                .map(|b| Duration::from_nanos(u64::from_le_bytes(*b)))
        };
        let tasks = u32::from_le_bytes(*head.first_chunk()?) as usize;
        let seen = Seen {
            tasks,
            busy: nanos(5)?,
            longest: nanos(13)?,
            output_bytes: message.len() - BODY,
        };
        let rest_comes_back = head[4] != 0;
        Some(Outputs {
            message,
            at: BODY,
            left: tasks,
            seen,
            rest_comes_back,
        })
    }

    /// The next output, if there is one more.
    pub(crate) fn next(&mut self) -> Option<Result<(Status, &[u8]), Cut>> {
        self.left = self.left.checked_sub(1)?;
        let status = self
            .message
            .get(self.at)
            .copied()
            .and_then(Status::from_byte);
        self.at += 1;
        let bytes = wire::piece(&self.message, &mut self.at);
        Some(status.zip(bytes).ok_or(Cut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_come_back_with_status_and_times() {
        let mut writer = Writer::new();
        writer.push(Status::Done, &7_u32);
        writer.took(Duration::from_nanos(30));
        writer.push(Status::Failed, "no such file");
        writer.took(Duration::from_nanos(12));
        let mut outputs = Outputs::read(writer.finish(true).to_vec()).unwrap();
        assert_eq!(outputs.seen.tasks, 2);
        assert_eq!(outputs.seen.busy, Duration::from_nanos(42));
        assert_eq!(outputs.seen.longest, Duration::from_nanos(30));
        assert!(outputs.rest_comes_back);
        assert_eq!(outputs.next(), Some(Ok((Status::Done, &[7][..]))));
        let (status, bytes) = outputs.next().unwrap().unwrap();
        assert_eq!(
            (status, wire::decode(bytes)),
            (Status::Failed, Ok("no such file".to_owned()))
        );
        assert_eq!(outputs.next(), None);
    }

    #[test]
    fn cut_messages_are_refused_or_give_unreadable_outputs() {
        let mut writer = Writer::new();
        writer.push(Status::Done, "some text");
        let whole = writer.finish(false).to_vec();
        for length in 0..whole.len() {
            if let Some(mut outputs) = Outputs::read(whole[..length].to_vec()) {
                assert_eq!(outputs.next(), Some(Err(Cut)));
            }
        }
    }
}
