//! What is measured, and what it is held to.

use anyhow::Result;
use benches::count::By;
use benches::start::Until;
use benches::{bytes, compute, count, no_op, round_trip, spans, spawn, start};
use clap::ValueEnum;

use crate::blocks::Plan;
use crate::memory;
use crate::pair::{Pair, Target};
use crate::sys::OneCore;
use crate::table::Row;

/// Figures in the order in which they are measured. Memory is the first: a peak never sinks, so one
/// that others have left behind would hide what the pool adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Figure {
    /// Peak memory of the parent, over 10 million tasks
    Memory,
    /// A map of tasks that cost nothing, beside rayon's
    NoOp,
    /// One small task and its output, beside a bare ipc-channel
    RoundTrip,
    /// A pool started, beside processes that connect once
    Start,
    /// 16 MiB to a worker and back, beside two copies
    Bytes,
    /// A map of tasks that calculate for 1 ms, beside rayon's
    Compute,
    /// A program that does nothing, timed as versus does it, beside a bare spawn and wait
    Spawn,
    /// Tasks of 10 us whose spans are kept, beside the same tasks without
    Spans,
    /// An increment by each of the counter's mechanisms, beside a loop written by hand
    Counter,
}

impl Figure {
    /// Measures it: a row, or several where it has several.
    pub(crate) fn measure(self, plan: &Plan) -> Result<Vec<Row>> {
        match self {
            Self::Memory => Ok(vec![memory::measure()?]),
            Self::NoOp => rows(plan, [no_op()?]),
            Self::RoundTrip => round_trips(plan),
            Self::Start => rows(plan, starts()?),
            Self::Bytes => rows(plan, [bytes()?]),
            Self::Compute => rows(plan, [compute()?]),
            Self::Spawn => rows(plan, [spawn()?]),
            Self::Spans => rows(plan, [spans()?]),
            Self::Counter => rows(plan, counters()?),
        }
    }
}

fn rows(plan: &Plan, pairs: impl IntoIterator<Item = Pair>) -> Result<Vec<Row>> {
    pairs.into_iter().map(|pair| pair.measure(plan)).collect()
}

fn no_op() -> Result<Pair> {
    Ok(Pair {
        what: "a no-op task of a map",
        beside: "rayon",
        operations: no_op::TASKS,
        sides: [no_op::map()?, no_op::rayon()?],
        target: Target::Time(50e-9),
    })
}

/// On one core first, where both sides are hot in every block: waking a core that has gone to sleep takes
/// several times as long as all the rest, and whether it has is up to the scheduler. The second row is
/// what a program meets that leaves it to the scheduler; its noise floor shows how much that varies.
fn round_trips(plan: &Plan) -> Result<Vec<Row>> {
    let measure = |what| {
        let pair = Pair {
            what,
            beside: "bare ipc-channel",
            operations: 1,
            sides: [round_trip::submit()?, round_trip::bare()?],
            target: Target::Ratio(1.25),
        };
        pair.measure(plan)
    };
    let mut found = Vec::new();
    if let Some(_one_core) = OneCore::begin() {
        found.push(measure("submit and wait, on one core")?);
    }
    found.push(measure("submit and wait, on any core")?);
    Ok(found)
}

/// The pool is asked for a result, the bare processes for a message; then both also until they ended.
fn starts() -> Result<[Pair; 2]> {
    let pair = |what, until| {
        let sides = [start::pool(until)?, start::bare(until)?];
        Ok::<_, anyhow::Error>(Pair {
            what,
            beside: "bare spawn",
            operations: 1,
            sides,
            target: Target::Ratio(1.5),
        })
    };
    Ok([
        pair("start until the first result", Until::Ready)?,
        pair("start until all have ended", Until::End)?,
    ])
}

fn bytes() -> Result<Pair> {
    Ok(Pair {
        what: "16 MiB in, 16 MiB out",
        beside: "two copies",
        operations: 1,
        sides: [bytes::submit()?, bytes::copies()?],
        target: Target::Ratio(2.5),
    })
}

fn compute() -> Result<Pair> {
    let rounds = compute::rounds_per_ms();
    Ok(Pair {
        what: "200 tasks of 1 ms",
        beside: "rayon",
        operations: 1,
        sides: [compute::map(rounds)?, compute::rayon(rounds)?],
        target: Target::Ratio(1.02),
    })
}

/// What `versus` adds to the time of a contestant that does nothing.
fn spawn() -> Result<Pair> {
    Ok(Pair {
        what: "`true`, timed by versus",
        beside: "spawn and wait",
        operations: 1,
        sides: [spawn::versus()?, spawn::bare()?],
        target: Target::Ratio(1.15),
    })
}

fn spans() -> Result<Pair> {
    let rounds = compute::rounds_per_ms();
    Ok(Pair {
        what: "a task of 10 us, its span kept",
        beside: "the task",
        operations: spans::TASKS,
        sides: [spans::kept(rounds)?, spans::bare(rounds)?],
        target: Target::Ratio(1.01),
    })
}

fn counters() -> Result<Vec<Pair>> {
    let pair = |(what, by): (&'static str, By)| {
        Ok(Pair {
            what,
            beside: "by hand",
            operations: by.increments(),
            sides: [count::mechanism(by)?, count::by_hand(by)?],
            target: Target::Ratio(1.15),
        })
    };
    let all = [
        ("counter: atomic", By::Atomic),
        ("counter: compare-exchange", By::CompareExchange),
        ("counter: padded", By::Padded),
        ("counter: spin", By::Spin),
        ("counter: mutex", By::Mutex),
        ("counter: rwlock", By::RwLock),
        ("counter: false-sharing", By::FalseSharing),
        ("counter: local-then-merge", By::LocalThenMerge),
        ("counter: lost-update", By::LostUpdate),
        ("counter: own-copy", By::OwnCopy),
        ("counter: channel", By::Channel),
        ("counter: file-lock", By::FileLock),
    ];
    all.into_iter().map(pair).collect()
}
