//! What a run does.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::payload::Payload;
use crate::talk::Talk;
use crate::way::Way;

/// What is measured of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A message there, and one of the same size back: how long it takes
    RoundTrip,
    /// Messages in one direction, as many under way as the window allows: how many come through
    Stream,
}

/// What a run does: two workers talk by each way, with each payload, in each mode, and all that in each block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// By which ways.
    pub ways: Vec<Way>,
    /// With which payloads.
    pub payloads: Vec<Payload>,
    /// What is measured.
    pub modes: Vec<Mode>,
    /// How often everything is done, each time in another order.
    pub blocks: u32,
    /// What the orders are made from.
    pub seed: u64,
    /// How many round trips, and how many messages of a stream; none for as many as suit the payload.
    pub messages: Option<u64>,
    /// Whether every byte of every message is checked.
    pub verify: bool,
    /// The cores that the two workers stay on; none where the system sends them.
    pub cores: [Option<u32>; 2],
}

impl Plan {
    /// All that is to be done, block by block, each in an order of its own. A block has every combination once.
    pub fn talks(&self) -> Vec<Talk> {
        let mut random = self.seed;
        let mut talks = Vec::new();
        for _ in 0..self.blocks {
            let mut block = self.block();
            for last in (1..block.len()).rev() {
                block.swap(last, (next(&mut random) % (last as u64 + 1)) as usize);
            }
            talks.append(&mut block);
        }
        talks
    }

    /// One block, in the order of the tables.
    pub fn block(&self) -> Vec<Talk> {
        let mut block = Vec::new();
        for &payload in &self.payloads {
            for &way in &self.ways {
                for &mode in &self.modes {
                    let count = self.messages.unwrap_or_else(|| messages(mode, payload));
                    block.push(Talk {
                        way,
                        mode,
                        bytes: payload.0,
                        count,
                        verify: self.verify,
                        cores: self.cores,
                    });
                }
            }
        }
        block
    }
}

/// As many as take about 5 to 50 ms by the slower ways. The same for all ways: what comes of them is compared.
fn messages(mode: Mode, payload: Payload) -> u64 {
    let bytes = payload.0.max(1) as u64;
    match mode {
        Mode::RoundTrip => ((32 << 20) / bytes).clamp(2, 500),
        Mode::Stream => ((128 << 20) / bytes).clamp(4, 5_000),
    }
}

/// Sebastiano Vigna's `SplitMix64`.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::way::Alike;

    fn plan() -> Plan {
        Plan {
            ways: vec![Way::Alike(Alike::Pipe), Way::Mpsc, Way::IpcBytes],
            payloads: vec![Payload(0), Payload(1 << 20)],
            modes: vec![Mode::RoundTrip, Mode::Stream],
            blocks: 3,
            seed: 1,
            messages: None,
            verify: false,
            cores: [None; 2],
        }
    }

    #[test]
    fn every_block_has_everything_once_in_an_order_of_its_own() {
        let plan = plan();
        let talks = plan.talks();
        let blocks: Vec<_> = talks.chunks(12).collect();
        assert_eq!(blocks.len(), 3);
        for block in &blocks {
            for talk in plan.block() {
                assert_eq!(block.iter().filter(|one| **one == talk).count(), 1);
            }
        }
        assert!(blocks[0] != blocks[1] && blocks[1] != blocks[2]);
        assert_eq!(plan.talks(), talks, "the same seed gives the same orders");
    }

    #[test]
    fn large_messages_are_few_and_never_none() {
        assert_eq!(messages(Mode::RoundTrip, Payload(0)), 500);
        assert_eq!(messages(Mode::RoundTrip, Payload(64 << 20)), 2);
        assert_eq!(messages(Mode::Stream, Payload(1 << 20)), 128);
        assert_eq!(messages(Mode::Stream, Payload(1 << 30)), 4);
    }
}
