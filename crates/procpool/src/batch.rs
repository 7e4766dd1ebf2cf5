//! Consecutive tasks of one map, encoded as the message that a worker gets.

use std::sync::Arc;

use serde::Serialize;

use crate::sink::Sink;
use crate::wire::{self, HEAD};

/// The bytes are kept until the outputs are there, so that the tasks can be run again.
pub(crate) struct Batch {
    /// Where the results go.
    pub(crate) sink: Arc<Sink>,
    /// Position of the first task in its map.
    pub(crate) first: u64,
    pub(crate) count: usize,
    /// How many workers died while doing the task; a batch with a past has only one.
    pub(crate) deaths: u32,
    message: Vec<u8>,
}

impl Batch {
    pub(crate) fn new(sink: Arc<Sink>, first: u64) -> Batch {
        Batch {
            sink,
            first,
            count: 0,
            deaths: 0,
            message: wire::message(wire::BATCH),
        }
    }

    pub(crate) fn push<T: Serialize>(&mut self, task: &T) -> Result<(), String> {
        wire::append(&mut self.message, task)?;
        self.count += 1;
        Ok(())
    }

    pub(crate) fn bytes(&self) -> usize {
        self.message.len()
    }

    pub(crate) fn message(&mut self) -> &mut [u8] {
        &mut self.message
    }

    /// Keeps the first `count` tasks and returns the others, if any.
    pub(crate) fn split_off(&mut self, count: usize) -> Option<Batch> {
        if count >= self.count {
            return None;
        }
        let mut at = HEAD;
        for _ in 0..count {
            wire::piece(&self.message, &mut at).expect("we have encoded it ourselves");
        }
        let mut rest = Batch::new(Arc::clone(&self.sink), self.first + count as u64);
        rest.message.extend_from_slice(&self.message[at..]);
        rest.count = self.count - count;
        rest.deaths = self.deaths;
        self.message.truncate(at);
        self.count = count;
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(first: u64, tasks: &[u32]) -> Batch {
        let mut batch = Batch::new(Arc::default(), first);
        for task in tasks {
            batch.push(task).unwrap();
        }
        batch
    }

    fn tasks(batch: &Batch) -> Vec<u32> {
        let mut at = HEAD;
        std::iter::from_fn(|| wire::piece(&batch.message, &mut at))
            .map(|piece| wire::decode(piece).unwrap())
            .collect()
    }

    #[test]
    fn a_split_batch_has_the_same_tasks_at_the_same_positions() {
        for at in 0..3 {
            let mut front = batch(10, &[1, 200, 70_000]);
            let back = front.split_off(at).unwrap();
            assert_eq!((front.first, front.count), (10, at));
            assert_eq!((back.first, back.count), (10 + at as u64, 3 - at));
            assert_eq!([tasks(&front), tasks(&back)].concat(), [1, 200, 70_000]);
        }
    }

    #[test]
    fn nothing_is_split_off_behind_the_end() {
        assert!(batch(0, &[1, 2]).split_off(2).is_none());
    }
}
