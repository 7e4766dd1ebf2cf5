//! The message that carries outputs: written by a worker, read by whoever wanted them.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::body::{Body, Room};
use super::regions::Region;
use super::{codec, fields, head, kind, put_head};

const FIELDS: usize = 8;
const HEAD: usize = head(FIELDS);

/// What an output's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    /// The task's output.
    Done = 0,
    /// The job's own error.
    Failed = 1,
    /// Message, location and backtrace of a panic.
    Panicked = 2,
    /// Why the task could not be decoded in the worker.
    TaskNotDecoded = 3,
    /// Why the output, or the job's error, could not be encoded.
    OutputNotEncoded = 4,
}

impl Status {
    #[inline]
    fn from_byte(byte: u8) -> Option<Status> {
        use Status::{Done, Failed, OutputNotEncoded, Panicked, TaskNotDecoded};
        [Done, Failed, Panicked, TaskNotDecoded, OutputNotEncoded]
            .into_iter()
            .find(|s| *s as u8 == byte)
    }
}

/// What a message of outputs says beside them. Tasks are numbered as on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The task of the first output.
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// So many tasks behind these were not begun and will not be.
    pub(crate) back: u64,
    /// When the first of these tasks began and the last ended, in nanoseconds of the monotonic clock.
    pub(crate) began_ns: u64,
    pub(crate) ended_ns: u64,
    /// The longest of these tasks, or of a group of them that was timed together.
    pub(crate) longest_ns: u64,
    /// The job has kept something in the region that the tasks came in: it must never change again.
    pub(crate) kept: bool,
}

impl Summary {
    pub(crate) fn busy(&self) -> Duration {
        Duration::from_nanos(self.ended_ns.saturating_sub(self.began_ns))
    }
}

/// The worker's side.
pub(crate) struct Writer {
    body: Body,
    lent: Option<Region>,
    pub(crate) summary: Summary,
}

impl Writer {
    pub(crate) fn new() -> Writer {
        Writer {
            body: Body::new(HEAD),
            lent: None,
            summary: Summary::default(),
        }
    }

    /// Large outputs go there.
    pub(crate) fn lend(&mut self, region: Option<Region>) {
        self.lent = region;
    }

    /// What comes from here on belongs to tasks from this one on.
    pub(crate) fn start(&mut self, first: u64, now_ns: u64) {
        self.summary = Summary {
            first,
            began_ns: now_ns,
            ended_ns: now_ns,
            ..Summary::default()
        };
    }

    /// Adds an output; what cannot be encoded becomes a text that says so.
    pub(crate) fn push<T: Serialize + ?Sized>(&mut self, status: Status, value: &T) {
        let lent = &mut self.lent;
        let room: Room = &mut |size| lent.take_if(|region| region.bytes().len() >= size);
        let start = self.body.len();
        self.body.push(status as u8, room);
        if let Err(cause) = codec::append(&mut self.body, value, room) {
            self.body.bytes_mut()[start] = Status::OutputNotEncoded as u8;
            codec::append(&mut self.body, &cause, room).expect("a text can be encoded");
        }
        self.summary.count += 1;
    }

    /// Where a half-written output begins, in case that encoding it panics.
    #[inline]
    pub(crate) fn mark(&self) -> (usize, u64) {
        (self.body.len(), self.summary.count)
    }

    pub(crate) fn undo(&mut self, (length, count): (usize, u64)) {
        self.body.truncate(length);
        self.summary.count = count;
    }

    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.body.len()
    }

    /// The batch is done: the region goes back, used or not.
    pub(crate) fn end(&mut self) {
        self.lent = None;
    }

    /// Hands the finished message to `send` and starts the next one.
    pub(crate) fn finish(&mut self, back: u64, send: impl FnOnce(&mut [u8])) {
        let Summary {
            first,
            count,
            began_ns,
            ended_ns,
            longest_ns,
            kept,
            ..
        } = self.summary;
        let in_region = self.body.region().map_or(0, |_| self.body.len() as u64 + 1);
        let fields = [
            first,
            count,
            back,
            began_ns,
            ended_ns,
            longest_ns,
            in_region,
            kept.into(),
        ];
        let message = self.body.message();
        put_head(message, kind::OUTPUTS, &fields);
        send(message);
        self.body.clear();
        self.start(first + count + back, ended_ns);
    }
}

/// An output should be there and cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cut;

/// The parent's side: outputs one after the other.
pub(crate) struct Outputs {
    message: Vec<u8>,
    /// Where the outputs are if not in the message, and their length there.
    region: Option<Arc<Region>>,
    length: usize,
    at: usize,
    left: u64,
    pub(crate) summary: Summary,
}

impl Outputs {
    /// `None` if it is no message of outputs, which only a worker gone mad sends.
    pub(crate) fn read(message: Vec<u8>) -> Option<Outputs> {
        if kind::of(&message) != Some(kind::OUTPUTS) {
            return None;
        }
        let [
            first,
            count,
            back,
            began_ns,
            ended_ns,
            longest_ns,
            in_region,
            kept,
        ] = fields::<FIELDS>(&message)?;
        Some(Outputs {
            message,
            region: None,
            length: in_region as usize,
            at: 0,
            left: count,
            summary: Summary {
                first,
                count,
                back,
                began_ns,
                ended_ns,
                longest_ns,
                kept: kept != 0,
            },
        })
    }

    /// Are the outputs in the region that was lent with the batch?
    pub(crate) fn wants_region(&self) -> bool {
        self.length != 0
    }

    /// Can they be in that region? Only a worker gone mad says so of one that is too small.
    pub(crate) fn fit_into(&self, region: &Region) -> bool {
        self.length <= region.bytes().len() + 1
    }

    pub(crate) fn set_region(&mut self, region: Arc<Region>) {
        self.length -= 1;
        self.region = Some(region);
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        match &self.region {
            Some(region) => &region.bytes()[..self.length],
            None => &self.message[HEAD..],
        }
    }

    pub(crate) fn size(&self) -> usize {
        self.bytes().len()
    }

    pub(crate) fn left(&self) -> u64 {
        self.left
    }

    /// The next output, if there is one more.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Result<(Status, &[u8]), Cut>> {
        self.left = self.left.checked_sub(1)?;
        let mut at = self.at;
        let status = self.bytes().get(at).copied().and_then(Status::from_byte);
        at += 1;
        let end = codec::piece(self.bytes(), &mut at).map(<[u8]>::len);
        self.at = at;
        let piece = end.map(|length| &self.bytes()[at - length..at]);
        Some(status.zip(piece).ok_or(Cut))
    }

    /// The next output as a message of its own.
    pub(crate) fn split_first(&mut self) -> Option<Outputs> {
        let mut message = vec![0; HEAD];
        let taken = self.next()?;
        if let Ok((status, bytes)) = taken {
            message.push(status as u8);
            message.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            message.extend_from_slice(bytes);
        }
        Some(Outputs {
            message,
            region: None,
            length: 0,
            at: 0,
            left: 1,
            summary: self.summary,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::regions::Regions;
    use super::*;

    fn finished(writer: &mut Writer, back: u64) -> Vec<u8> {
        let mut sent = Vec::new();
        writer.finish(back, |message| sent = message.to_vec());
        sent
    }

    fn text(output: Option<Result<(Status, &[u8]), Cut>>) -> (Status, String) {
        let (status, bytes) = output.unwrap().unwrap();
        (status, codec::decode(bytes).unwrap())
    }

    #[test]
    fn outputs_come_back_with_status_and_times() {
        let mut writer = Writer::new();
        writer.start(5, 100);
        writer.push(Status::Done, "seven");
        writer.push(Status::Failed, "no such file");
        writer.summary.ended_ns = 142;
        let mut outputs = Outputs::read(finished(&mut writer, 3)).unwrap();
        let Summary {
            first, count, back, ..
        } = outputs.summary;
        assert_eq!((first, count, back), (5, 2, 3));
        assert_eq!(outputs.summary.busy(), Duration::from_nanos(42));
        assert_eq!(text(outputs.next()), (Status::Done, "seven".to_owned()));
        let (status, failed) = text(outputs.next());
        assert_eq!((status, &*failed), (Status::Failed, "no such file"));
        assert_eq!(outputs.next(), None);
        assert_eq!(writer.summary.first, 10, "the next ones follow");
    }

    #[test]
    fn large_outputs_are_in_the_region_that_was_lent() {
        let regions = Arc::new(Regions::default());
        let mut writer = Writer::new();
        let lent = regions.with_room(400_000).unwrap();
        let (id, memory) = (lent.id, lent.memory().unwrap());
        writer.start(0, 0);
        writer.lend(Some(lent));
        let large = "x".repeat(300_000);
        writer.push(Status::Done, &large);
        let message = finished(&mut writer, 0);
        assert!(message.len() < 1000);
        let theirs = Arc::new(Regions::default());
        theirs.add(id, super::super::mapping::Mapping::of(memory));
        let mut outputs = Outputs::read(message).unwrap();
        assert!(outputs.wants_region());
        let region = Arc::new(theirs.take(id).unwrap());
        assert!(outputs.fit_into(&region));
        outputs.set_region(region);
        assert_eq!(text(outputs.next()).1, large);
    }

    #[test]
    fn an_output_can_be_split_off() {
        let mut writer = Writer::new();
        writer.push(Status::Done, "first");
        writer.push(Status::Failed, "second");
        let mut outputs = Outputs::read(finished(&mut writer, 0)).unwrap();
        let mut first = outputs.split_first().unwrap();
        assert_eq!(text(first.next()), (Status::Done, "first".to_owned()));
        assert!(first.next().is_none());
        let (status, second) = text(outputs.split_first().unwrap().next());
        assert_eq!((status, &*second), (Status::Failed, "second"));
        assert!(outputs.split_first().is_none());
    }

    #[test]
    fn cut_messages_are_refused_or_give_unreadable_outputs() {
        let mut writer = Writer::new();
        writer.push(Status::Done, "some text");
        let whole = finished(&mut writer, 0);
        for length in 0..whole.len() {
            if let Some(mut outputs) = Outputs::read(whole[..length].to_vec()) {
                assert_eq!(outputs.next(), Some(Err(Cut)));
            }
        }
    }
}
