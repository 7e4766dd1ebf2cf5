//! Consecutive tasks of one consumer, encoded as the message that a worker gets.

use std::sync::Arc;

use serde::Serialize;

use super::sink::Sink;
use crate::wire::body::Body;
use crate::wire::codec;
use crate::wire::orders::{self, HEAD};
use crate::wire::regions::{Region, Regions};

/// The bytes are kept until the outputs are there, so that the tasks can be run again.
pub(crate) struct Batch {
    /// Where the results go.
    pub(crate) sink: Arc<Sink>,
    /// Position of the first task with its consumer.
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// How many workers have died of the task; a batch with a past has only one.
    pub(crate) deaths: u32,
    /// Nothing else is with a worker that has it: should it die, one knows of what.
    pub(crate) alone: bool,
    /// While it is with a worker: the number of the first task among those sent to it.
    pub(crate) number: u64,
    /// While it is with a worker: the region lent for the outputs. All parts of a batch have it, for
    /// the worker may use it as long as it has one of them.
    pub(crate) lent: Option<Arc<Region>>,
    body: Body,
}

impl Batch {
    pub(crate) fn new(sink: Arc<Sink>, first: u64) -> Batch {
        Batch {
            sink,
            first,
            count: 0,
            deaths: 0,
            alone: false,
            number: 0,
            lent: None,
            body: Body::new(HEAD),
        }
    }

    pub(crate) fn push<T: Serialize>(
        &mut self,
        task: &T,
        regions: &Arc<Regions>,
    ) -> Result<(), String> {
        codec::append(&mut self.body, task, &mut |size| regions.with_room(size))?;
        self.count += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.body.len()
    }

    /// Bytes that travel through the channel.
    pub(crate) fn message_bytes(&self) -> usize {
        self.body.region().map_or(self.body.len(), |_| 0) + HEAD
    }

    pub(crate) fn region(&self) -> Option<&Region> {
        self.body.region()
    }

    /// What is sent to a worker for which the first task has this number.
    pub(crate) fn message(&mut self, number: u64) -> &mut [u8] {
        self.number = number;
        let lent = self.lent.as_ref().map_or(0, |region| region.id);
        let (numbers, place) = (number..number + self.count, self.body.place());
        let message = self.body.message();
        orders::address(message, numbers, place, lent);
        message
    }

    /// Keeps the first `count` tasks and returns the others, if any.
    pub(crate) fn split_off(&mut self, count: u64) -> Option<Batch> {
        if count >= self.count {
            return None;
        }
        let mut at = 0;
        for _ in 0..count {
            codec::piece(self.body.bytes(), &mut at).expect("we have encoded it ourselves");
        }
        let mut rest = Batch::new(Arc::clone(&self.sink), self.first + count);
        rest.body = self.body.split_off(at);
        rest.count = self.count - count;
        rest.number = self.number + count;
        rest.deaths = self.deaths;
        rest.alone = self.alone;
        rest.lent.clone_from(&self.lent);
        self.count = count;
        Some(rest)
    }

    /// One batch for each task, each of which is to be alone with its worker.
    pub(crate) fn apart(mut self) -> Vec<Batch> {
        self.alone = true;
        let mut apart = Vec::new();
        while let Some(rest) = self.split_off(1) {
            apart.push(std::mem::replace(&mut self, rest));
        }
        apart.push(self);
        apart
    }

    /// Can `next` be joined to this one: does it follow at once, and is neither to be alone, nor
    /// large?
    pub(crate) fn is_followed_by(&self, next: &Batch) -> bool {
        Arc::ptr_eq(&self.sink, &next.sink)
            && self.region().or(next.region()).is_none()
            && self.first + self.count == next.first
            && !self.alone
            && !next.alone
    }

    pub(crate) fn join(&mut self, next: &Batch) {
        self.body.extend(next.body.bytes(), &mut |_| None);
        self.count += next.count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(sink: &Arc<Sink>, first: u64, tasks: &[u32]) -> Batch {
        let mut batch = Batch::new(Arc::clone(sink), first);
        for task in tasks {
            batch.push(task, &Arc::default()).unwrap();
        }
        batch
    }

    fn tasks(batch: &Batch) -> Vec<u32> {
        let mut at = 0;
        std::iter::from_fn(|| codec::piece(batch.body.bytes(), &mut at))
            .map(|piece| codec::decode(piece).unwrap())
            .collect()
    }

    #[test]
    fn a_split_batch_has_the_same_tasks_at_the_same_positions() {
        for at in 0..3 {
            let mut front = batch(&Sink::stream(), 10, &[1, 200, 70_000]);
            let back = front.split_off(at).unwrap();
            assert_eq!((front.first, front.count), (10, at));
            assert_eq!((back.first, back.count), (10 + at, 3 - at));
            assert_eq!([tasks(&front), tasks(&back)].concat(), [1, 200, 70_000]);
        }
    }

    #[test]
    fn nothing_is_split_off_behind_the_end() {
        assert!(batch(&Sink::stream(), 0, &[1, 2]).split_off(2).is_none());
    }

    #[test]
    fn batches_that_follow_each_other_can_be_joined() {
        let sink = Sink::stream();
        let mut front = batch(&sink, 3, &[1, 200]);
        let mut next = batch(&sink, 5, &[70_000]);
        assert!(front.is_followed_by(&next));
        assert!(!next.is_followed_by(&front));
        assert!(!front.is_followed_by(&batch(&Sink::stream(), 5, &[1])));
        front.join(&next);
        assert_eq!((front.count, tasks(&front)), (3, vec![1, 200, 70_000]));
        next.alone = true;
        assert!(!batch(&sink, 3, &[1, 200]).is_followed_by(&next));
    }

    #[test]
    fn tasks_are_set_apart_in_order_at_their_positions() {
        let apart = batch(&Sink::stream(), 3, &[1, 200, 70_000]).apart();
        let places: Vec<_> = apart.iter().map(|b| (b.first, b.count, b.alone)).collect();
        assert_eq!(places, [(3, 1, true), (4, 1, true), (5, 1, true)]);
        assert_eq!(
            apart.iter().flat_map(tasks).collect::<Vec<_>>(),
            [1, 200, 70_000]
        );
    }
}
