//! From which length of a task on it is worth it to give two tasks to two workers, instead of doing one after the
//! other.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use harness::contestant::Stamp;
use harness::stats::LEVEL;
use harness::stats::crossing::{self, AtSize, crossing};
use harness::stats::median::median_of;
use serde::{Deserialize, Serialize};

use crate::figure::Figure;
use crate::order::Order;
use crate::report::Report;
use crate::started::{Pair, Starter};
use crate::way::Way;
use crate::work::{rounds, work};

/// The shortest task, in nanoseconds. Each of the others is twice as long as the one before it.
const SHORTEST: u64 = 4_000;
/// How many lengths there are: up to 33 ms.
const LENGTHS: u32 = 14;
/// Tasks up to this length are done several times in a block, of which the median counts: in nanoseconds.
const SHORT: u64 = 1_000_000;
/// That is how many times.
const TIMES: u32 = 5;

/// From where on a way is worth it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// The way.
    pub way: String,
    /// Whether its workers were there already.
    pub pooled: bool,
    /// How many blocks this rests on.
    pub blocks: u32,
    /// The length of a task, in nanoseconds, from which on two tasks are done sooner by two workers.
    pub from_ns: Place,
    /// From where on that may be, at 95 %.
    pub low_ns: Place,
    /// Up to where it may be.
    pub high_ns: Place,
    /// What two tasks took, by their length.
    pub costs: Vec<CostAt>,
}

impl BreakEven {
    /// Whether its workers are there already, in words.
    pub(crate) fn whose(&self) -> &'static str {
        if self.pooled {
            "there already"
        } else {
            "fresh"
        }
    }
}

/// Where something is among the lengths that were measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Not above the shortest.
    Below,
    /// At so many nanoseconds.
    At(f64),
    /// Not up to the longest.
    Above,
}

impl From<crossing::Place> for Place {
    fn from(place: crossing::Place) -> Self {
        match place {
            crossing::Place::Below => Self::Below,
            crossing::Place::At(at) => Self::At(at),
            crossing::Place::Above => Self::Above,
        }
    }
}

/// What two tasks took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostAt {
    /// The length of each of them, in nanoseconds, as measured in place.
    pub task_ns: f64,
    /// Both by two workers of the way.
    pub way_ns: Figure,
    /// Both one after the other, in place.
    pub in_place_ns: Figure,
}

/// Times of one way, or of none, by length and then by block.
type Times = Vec<Vec<u64>>;

/// Measures in blocks: every length, by each of `ways` and in place, in an order of its own in each block.
///
/// # Errors
/// If workers cannot be had, or have done something else than was asked for; with fewer than 6 blocks.
pub(crate) fn measure(
    ways: &[Way],
    (blocks, seed): (u32, u64),
    starter: Starter,
    report: &mut Report,
) -> Result<Vec<BreakEven>> {
    let lengths = (0..LENGTHS).map(|power| SHORTEST << power);
    let each_second = rounds(1_000_000_000);
    let tasks: Vec<Task> = lengths
        .map(|length| Task::new(length, (each_second * length / 1_000_000_000).max(1)))
        .collect();
    let mut doers: Vec<Pair> = vec![Box::new(in_place)];
    for way in ways {
        doers.push((starter.pair)(*way)?);
    }
    report.workers_ready();
    let mut order = Order::new(seed);
    let mut times: Vec<Times> = doers
        .iter()
        .map(|_| vec![Vec::new(); tasks.len()])
        .collect();
    let places = |count: usize| (0..count).collect::<Vec<usize>>();
    for block in 0..=blocks {
        for size in order.block(&places(tasks.len())) {
            for doer in order.block(&places(doers.len())) {
                let taken = tasks[size].once(&mut doers[doer], report)?;
                // The first block warms up.
                if block > 0 {
                    times[doer][size].push(taken);
                }
            }
        }
    }
    let (alone, by_ways) = times.split_first().expect("in place is always measured");
    ways.iter()
        .zip(by_ways)
        .map(|(way, times)| evaluated(*way, times, alone))
        .collect()
}

/// Two tasks, one after the other.
#[expect(clippy::unnecessary_wraps, reason = "as those that may fail")]
fn in_place(rounds: u64) -> Result<[u64; 2]> {
    Ok([work(rounds), work(std::hint::black_box(rounds))])
}

/// What both workers are given.
struct Task {
    rounds: u64,
    /// What comes of it.
    expected: u64,
    /// How often it is done in a block.
    times: u32,
}

impl Task {
    /// One of about so many nanoseconds.
    fn new(length: u64, rounds: u64) -> Self {
        Self {
            rounds,
            expected: work(rounds),
            times: if length <= SHORT { TIMES } else { 1 },
        }
    }

    /// How long two of them took, in nanoseconds: the median of all times.
    fn once(&self, doer: &mut Pair, report: &mut Report) -> Result<u64> {
        let mut taken = Vec::new();
        let (done, stamp) = Stamp::of(|| {
            for _ in 0..self.times {
                let clock = Instant::now();
                let results = doer(self.rounds)?;
                taken.push(clock.elapsed().as_nanos() as f64);
                let expected = self.expected;
                ensure!(
                    results == [expected; 2],
                    "workers have found {results:?}, and not twice {expected}"
                );
            }
            Ok(())
        });
        done?;
        report.started(0, stamp);
        Ok(median_of(taken).unwrap_or_default() as u64)
    }
}

fn evaluated(way: Way, times: &Times, alone: &Times) -> Result<BreakEven> {
    // What a task takes is what was measured, and not what it was meant to take.
    let task = |alone: &[u64]| Figure::of(alone.iter().copied()).median / 2.0;
    let both = || times.iter().zip(alone);
    let sizes: Vec<AtSize> = both()
        .map(|(times, alone)| AtSize {
            size: task(alone),
            pairs: times
                .iter()
                .zip(alone)
                .map(|(a, b)| (*a as f64, *b as f64))
                .collect(),
        })
        .collect();
    let found = crossing(&sizes, LEVEL).context(
        "tasks of twice the length have not taken longer: this machine is too busy to be measured",
    )?;
    Ok(BreakEven {
        way: way.name().to_owned(),
        pooled: way.is_pooled(),
        blocks: found.n as u32,
        from_ns: found.point.into(),
        low_ns: found.low.into(),
        high_ns: found.high.into(),
        costs: both()
            .map(|(times, alone)| CostAt {
                task_ns: task(alone),
                way_ns: Figure::of(times.iter().copied()),
                in_place_ns: Figure::of(alone.iter().copied()),
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_report;

    /// Costs of 100 us at once and half of the work, against all of it.
    #[test]
    fn a_way_is_worth_it_from_where_it_takes_less_than_both_tasks() {
        let tasks = [10_000_u64, 50_000, 250_000, 1_250_000];
        let alone: Times = tasks.iter().map(|task| vec![task * 2; 10]).collect();
        let times: Times = tasks.iter().map(|task| vec![100_000 + task; 10]).collect();
        let found = evaluated(Way::Thread, &times, &alone).unwrap();
        for place in [found.low_ns, found.from_ns, found.high_ns] {
            let Place::At(at) = place else {
                panic!("{found:?}")
            };
            assert!((at - 100_000.0).abs() < 1.0, "{at}");
        }
        assert_eq!((found.blocks, found.pooled), (10, false));
        let never = evaluated(Way::Thread, &alone, &alone).unwrap();
        assert_eq!(never.from_ns, Place::Above);
        let few: Times = alone.iter().map(|times| times[..5].to_vec()).collect();
        assert!(evaluated(Way::Thread, &few, &few).is_err());
    }

    #[test]
    fn a_worker_that_has_done_something_else_is_an_error() {
        let wrong = |_: Way| -> Result<Pair> {
            Ok(Box::new(|rounds| Ok([work(rounds), work(rounds + 1)])))
        };
        let starter = Starter {
            start: crate::sequential::start,
            pair: wrong,
        };
        let error = measure(&[Way::Thread], (1, 1), starter, &mut test_report()).unwrap_err();
        assert!(error.to_string().contains("not twice"), "{error}");
    }
}
