//! What came of talking: rows for people, and the run record.

use harness::contestant::Run;
use harness::record::{Outcome, RunRecord};
use serde::{Deserialize, Serialize};

use crate::interval::median;
use crate::payload::Payload;
use crate::plan::{Mode, Plan};
use crate::talk::{Asked, Talk, Told};

/// Takes what was found, talk by talk.
#[derive(Debug)]
pub struct Report {
    run: Run,
    ready: bool,
    order: Vec<Talk>,
    seen: Vec<Seen>,
    cells: Vec<Cell>,
}

/// What came of one talk.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// Its place in a block.
    place: usize,
    messages: u64,
    bytes: u64,
    digest: u64,
}

/// What one way costs with one payload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The way, by its name.
    pub way: String,
    /// Bytes of a payload.
    pub payload: u64,
    /// Nanoseconds of a round trip: the median of each block. Empty if none was measured.
    pub round_trip_ns: Vec<f64>,
    /// Nanoseconds that a stream takes for a message: in each block. Empty if none was measured.
    pub message_ns: Vec<f64>,
}

/// The run record, with what each way costs beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessengerRecord {
    /// The record that every program of this project prints.
    #[serde(flatten)]
    pub run: RunRecord,
    /// What each way costs with each payload, in the order of the table.
    pub cells: Vec<Cell>,
}

impl Report {
    pub(crate) fn new(run: Run, plan: &Plan) -> Self {
        let order = plan.block();
        let mut cells: Vec<Cell> = Vec::new();
        for talk in &order {
            if !cells.iter().any(|cell| cell.is_of(talk)) {
                cells.push(Cell {
                    way: talk.way.name().to_owned(),
                    payload: talk.bytes as u64,
                    round_trip_ns: Vec::new(),
                    message_ns: Vec::new(),
                });
            }
        }
        Self {
            run,
            ready: false,
            order,
            seen: Vec::new(),
            cells,
        }
    }

    /// The workers are about to begin. The first time, that ends the start-up of the run.
    pub fn workers_ready(&mut self) {
        if !self.ready {
            self.run.workers_ready();
            self.ready = true;
        }
    }

    /// Takes what both workers say of a `talk`.
    pub fn take(&mut self, talk: &Talk, asked: &Asked, answered: &Told) {
        self.run.task(Some(asked.told.stamp));
        // One that has talked to itself has one stamp.
        if answered.stamp != asked.told.stamp {
            self.run.task(Some(answered.stamp));
        }
        let messages = asked.told.messages + answered.messages;
        // A stream has come back as a word without a payload.
        let with_payload = match talk.mode {
            Mode::RoundTrip => messages,
            Mode::Stream => answered.messages,
        };
        self.seen.push(Seen {
            place: self.order.iter().position(|one| one == talk).unwrap_or(0),
            messages,
            bytes: with_payload * talk.bytes as u64,
            digest: asked.told.digest.rotate_left(1) ^ answered.digest,
        });
        let Some(cell) = self.cells.iter_mut().find(|cell| cell.is_of(talk)) else {
            return;
        };
        let times = match talk.mode {
            Mode::RoundTrip => &mut cell.round_trip_ns,
            Mode::Stream => &mut cell.message_ns,
        };
        times.extend(median(&asked.times).map(|(median, _)| median));
    }

    /// What was found so far.
    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// All was said: what comes now is shutdown.
    pub fn work_done(&mut self) {
        self.run.work_done();
    }

    /// Ends the run, when the workers are gone.
    pub(crate) fn finish(self) -> MessengerRecord {
        MessengerRecord {
            run: self.run.finish(outcome(self.seen)),
            cells: self.cells,
        }
    }
}

impl Cell {
    fn is_of(&self, talk: &Talk) -> bool {
        self.way == talk.way.name() && self.payload == talk.bytes as u64
    }

    /// Its payload.
    pub fn payload(&self) -> Payload {
        Payload(self.payload as usize)
    }
}

/// Items are messages, of both workers. Talks take turns in another order in each run, so the checksum is over them in
/// that of the tables.
fn outcome(mut seen: Vec<Seen>) -> Outcome {
    seen.sort_by_key(|one| one.place);
    let mix = |sum: u64, one: &Seen| {
        sum.wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(one.digest)
    };
    Outcome {
        items: seen.iter().map(|one| one.messages).sum(),
        failed: 0,
        bytes: seen.iter().map(|one| one.bytes).sum(),
        checksum: format!("{:016x}", seen.iter().fold(0, mix)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(place: usize, digest: u64) -> Seen {
        Seen {
            place,
            messages: 2,
            bytes: 20,
            digest,
        }
    }

    #[test]
    fn the_checksum_is_of_what_came_and_not_of_the_order_of_the_run() {
        let one = outcome(vec![seen(0, 5), seen(1, 6)]);
        assert_eq!(one, outcome(vec![seen(1, 6), seen(0, 5)]));
        assert_ne!(one.checksum, outcome(vec![seen(0, 6), seen(1, 5)]).checksum);
        assert_eq!((one.items, one.bytes), (4, 40));
    }
}
