//! What waking costs, and what crossing costs: the same way by spinning and by sleeping, between threads and between
//! processes.

use anyhow::{Context, Result};
use harness::report::numbers::time;
use harness::stats::LEVEL;
use harness::stats::median::{MedianEstimate, bootstrap};

use crate::found::{By, Found, ROUND_TRIP};
use crate::runs::{Cores, SMALL};

/// How much more a hand-off costs by one way than by another.
struct Difference {
    what: &'static str,
    more: By,
    less: By,
}

fn differences() -> [Difference; 5] {
    let (spin, futex) = ("in-place-spin", "in-place-futex");
    let same = |by: By| by.on(Cores::Same);
    [
        Difference {
            what: "waking, between threads on two cores",
            more: By::threads(futex),
            less: By::threads(spin),
        },
        Difference {
            what: "waking, between processes on two cores",
            more: By::processes(futex),
            less: By::processes(spin),
        },
        Difference {
            what: "crossing, by looking again and again on two cores",
            more: By::processes(spin),
            less: By::threads(spin),
        },
        Difference {
            what: "crossing, by waking on two cores",
            more: By::processes(futex),
            less: By::threads(futex),
        },
        Difference {
            what: "crossing, by waking on one core",
            more: same(By::processes(futex)),
            less: same(By::threads(futex)),
        },
    ]
}

/// A table of what a hand-off costs more, which is half a round trip.
pub(crate) fn table(found: &Found) -> Result<String> {
    let mut text = "\
| what | a hand-off, by | by the other | costs more (95% CI) |
| --- | --- | --- | ---: |
"
    .to_owned();
    for one in differences() {
        let each = |by: By| {
            let median = found.median(by, SMALL, ROUND_TRIP)?;
            let seconds = time(median.point / 2e9, None);
            Ok::<_, anyhow::Error>(format!("{}: {seconds}", by.name()))
        };
        let more = signed(&hand_off(found, &one)?);
        let (what, less, higher) = (one.what, each(one.less)?, each(one.more)?);
        text += &format!("| {what} | {less} | {higher} | {more} |\n");
    }
    Ok(text)
}

/// Seconds, of a message there alone: the median of the differences within blocks.
fn hand_off(found: &Found, one: &Difference) -> Result<MedianEstimate> {
    let more = found.times(one.more, SMALL, ROUND_TRIP)?;
    let less = found.times(one.less, SMALL, ROUND_TRIP)?;
    let pairs = more.iter().zip(less);
    let differences: Vec<_> = pairs.map(|(more, less)| (more - less) / 2e9).collect();
    bootstrap(&differences, LEVEL, found.runs.seed).context("there is no run")
}

/// A difference may be below nothing, and its ends may be on both sides of it.
fn signed(seconds: &MedianEstimate) -> String {
    let (unit, size) = if seconds.point.abs() < 1e-6 {
        ("ns", 1e-9)
    } else {
        ("µs", 1e-6)
    };
    let figure = |seconds: f64| format!("{:+.*}", usize::from(size > 1e-9) * 2, seconds / size);
    let ends = seconds.interval.map_or_else(String::new, |ends| {
        format!(" ({} to {})", figure(ends.low), figure(ends.high))
    });
    format!("{} {unit}{ends}", figure(seconds.point))
}

#[cfg(test)]
mod tests {
    use harness::record::Model;

    use super::*;
    use crate::found::tests::runs;

    #[test]
    fn a_hand_off_is_half_a_round_trip_and_compared_within_its_block() {
        let ways = [Model::Threads, Model::Processes]
            .map(|model| ["in-place-spin", "in-place-futex"].map(|way| (model, way)));
        let runs = runs(&ways.concat(), &[64], |model, way, _, block| {
            let waking = if way == "in-place-futex" {
                36_000.0
            } else {
                500.0
            };
            let crossing = if model == Model::Processes { 40.0 } else { 0.0 };
            // The machine is slower in some blocks than in others, for all of them.
            waking + crossing + f64::from(block * 1000)
        });
        let table = table(&Found::new(&runs)).unwrap();
        let ends = |row: usize| {
            table
                .lines()
                .nth(row + 2)
                .unwrap()
                .rsplit_once("| +")
                .unwrap()
                .1
        };
        assert_eq!(ends(0), "17.75 µs (+17.75 to +17.75) |");
        assert_eq!(ends(2), "20 ns (+20 to +20) |");
        assert_eq!(table.lines().count(), 7);
    }
}
