//! What runs when: blocks of all contestants, each in an order of its own.
//!
//! Running all of A and then all of B finds a "difference" in about one comparison in three when the
//! machine drifts meanwhile, and more runs do not cure that. So everything runs once per block, in an
//! order that a seed decides and anyone can repeat.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

/// One run in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which contestant, by its place in the list.
    pub contestant: usize,
    /// Whether this is the baseline's second run, made only to show the noise floor.
    pub control: bool,
}

/// Who takes part in the blocks of one case.
#[derive(Clone, Copy, Debug)]
pub struct Lineup<'a> {
    /// The scenario's name. With the case's it makes orders differ between cases.
    pub scenario: &'a str,
    /// The case's name.
    pub case: &'a str,
    /// How many contestants there are.
    pub contestants: usize,
    /// Which of them are the baseline: one for each number of workers that it is given.
    pub baselines: &'a [usize],
}

/// The blocks 0 (warm-up) to `counted` of one case: every contestant once and the baseline twice, in
/// an order that depends on the seed and the names of scenario and case alone.
pub fn blocks(lineup: Lineup<'_>, counted: u32, seed: u64) -> Vec<Vec<Slot>> {
    // Seeds are told apart by the state: generators that differ in their stream only are correlated.
    let state = fnv1a(&[
        &seed.to_le_bytes(),
        lineup.scenario.as_bytes(),
        lineup.case.as_bytes(),
    ]);
    let mut generator = Pcg32::new(state, 0);
    (0..=counted)
        .map(|_| {
            let mut block = slots(lineup);
            shuffle(&mut block, &mut generator);
            block
        })
        .collect()
}

/// How many runs a case with so many counted blocks takes, the warm-up's included.
pub fn runs(contestants: usize, baselines: usize, counted: u32) -> u64 {
    (contestants as u64 + baselines as u64) * (u64::from(counted) + 1)
}

fn slots(lineup: Lineup<'_>) -> Vec<Slot> {
    let mut slots: Vec<_> = (0..lineup.contestants)
        .map(|contestant| Slot {
            contestant,
            control: false,
        })
        .collect();
    // Shuffled with all others, so that neither of the baseline's two runs tends to come first.
    slots.extend(lineup.baselines.iter().map(|&contestant| Slot {
        contestant,
        control: true,
    }));
    slots
}

/// Fisher-Yates. Our own six lines, because a library's may draw differently in its next version.
fn shuffle<T>(items: &mut [T], generator: &mut Pcg32) {
    for last in (1..items.len()).rev() {
        let other = below(last as u32 + 1, generator);
        items.swap(last, other as usize);
    }
}

/// A number below `bound`, all equally likely: draws that would favour small ones are thrown away.
fn below(bound: u32, generator: &mut Pcg32) -> u32 {
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let drawn = generator.next_u32();
        if drawn < fair {
            return drawn % bound;
        }
    }
}

/// FNV-1a over the parts, each ended by a byte that no name contains.
fn fnv1a(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter().chain(&[0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LINEUP: Lineup<'_> = Lineup {
        scenario: "hasher",
        case: "few-large",
        contestants: 4,
        baselines: &[1],
    };

    #[test]
    fn every_block_has_every_contestant_once_and_the_baseline_twice() {
        let blocks = blocks(LINEUP, 10, 7);
        assert_eq!(blocks.len(), 11);
        for mut block in blocks {
            block.sort_by_key(|slot| (slot.contestant, slot.control));
            assert_eq!(block, {
                let mut all = slots(LINEUP);
                all.sort_by_key(|slot| (slot.contestant, slot.control));
                all
            });
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_order() {
        assert_eq!(blocks(LINEUP, 20, 42), blocks(LINEUP, 20, 42));
        assert_eq!(blocks(LINEUP, 20, 42)[..11], blocks(LINEUP, 10, 42)[..]);
    }

    /// Orders recorded in old results must stay repeatable: a new version may not draw differently.
    #[test]
    fn the_order_of_a_seed_stays_what_it_was() {
        let order = blocks(LINEUP, 1, 42).concat();
        let contestants: Vec<_> = order.iter().map(|slot| slot.contestant).collect();
        let controls: Vec<_> = (0..order.len()).filter(|at| order[*at].control).collect();
        // The figures of an independent program, written after the published definitions.
        assert_eq!(contestants, [0, 1, 2, 1, 3, 2, 3, 1, 0, 1]);
        assert_eq!(controls, [3, 7]);
    }

    #[test]
    fn other_seeds_and_other_cases_give_other_orders() {
        let all: BTreeSet<_> = (0..100)
            .map(|seed| format!("{:?}", blocks(LINEUP, 5, seed)))
            .collect();
        assert_eq!(all.len(), 100);
        let other = Lineup {
            case: "many-small",
            ..LINEUP
        };
        assert_ne!(blocks(LINEUP, 5, 1), blocks(other, 5, 1));
    }

    #[test]
    fn every_run_comes_equally_often_at_every_position() {
        const SEEDS: u64 = 5_000;
        let mut seen = [[0_u32; 5]; 5];
        for seed in 0..SEEDS {
            for (position, slot) in blocks(LINEUP, 0, seed)[0].iter().enumerate() {
                seen[if slot.control { 4 } else { slot.contestant }][position] += 1;
            }
        }
        // 1,000 are expected in each cell, with a standard deviation of 28.
        for count in seen.concat() {
            assert!((850..1150).contains(&count), "{seen:?}");
        }
    }

    #[test]
    fn neither_run_of_the_baseline_tends_to_come_first() {
        let control_first = (0..2_000)
            .filter(|seed| {
                let block = &blocks(LINEUP, 0, *seed)[0];
                block
                    .iter()
                    .find(|slot| slot.contestant == 1)
                    .is_some_and(|slot| slot.control)
            })
            .count();
        assert!((850..1150).contains(&control_first), "{control_first}");
    }

    #[test]
    fn every_number_of_workers_of_the_baseline_runs_twice() {
        let lineup = Lineup {
            baselines: &[1, 3],
            ..LINEUP
        };
        for block in blocks(lineup, 3, 7) {
            let mut twice: Vec<_> = block.iter().filter(|slot| slot.control).collect();
            twice.sort_by_key(|slot| slot.contestant);
            let twice: Vec<_> = twice.iter().map(|slot| slot.contestant).collect();
            assert_eq!((block.len(), twice), (6, vec![1, 3]));
        }
    }

    #[test]
    fn the_number_of_runs_is_known_beforehand() {
        assert_eq!(runs(4, 1, 10), blocks(LINEUP, 10, 1).concat().len() as u64);
    }
}
