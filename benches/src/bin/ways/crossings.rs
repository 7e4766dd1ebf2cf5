//! From which payload on one way costs less than another.

use anyhow::{Context, Result};
use harness::report::numbers::memory;
use harness::stats::LEVEL;
use harness::stats::crossing::{AtSize, Crossing, Place, crossing};

use crate::found::{By, Found, ROUND_TRIP};

/// What is asked: from which payload on does the first way win over the second?
pub(crate) fn asked() -> [(By, By); 9] {
    let (threads, processes) = (By::threads, By::processes);
    [
        (processes("copied-futex"), processes("pipe")),
        (processes("copied-futex"), processes("socketpair")),
        (processes("copied-futex"), processes("ipc-bytes")),
        (processes("in-place-futex"), processes("pipe")),
        (processes("in-place-futex"), processes("socketpair")),
        (processes("in-place-futex"), processes("ipc-bytes")),
        (processes("in-place-futex"), processes("copied-futex")),
        (threads("moved"), threads("mpsc")),
        (processes("socketpair"), processes("pipe")),
    ]
}

/// A table of all that is asked.
pub(crate) fn table(found: &Found) -> Result<String> {
    let mut text = "\
| way | costs less than | from this payload on (95% CI) |
| --- | --- | --- |
"
    .to_owned();
    for (challenger, incumbent) in asked() {
        let crossing = between(found, challenger, incumbent)?;
        let (one, other) = (challenger.name(), incumbent.name());
        text += &format!("| {one} | {other} | {} |\n", said(&crossing, &sizes(found)));
    }
    Ok(text)
}

/// From where on `challenger` wins over `incumbent`, by their round trips.
pub(crate) fn between(found: &Found, challenger: By, incumbent: By) -> Result<Crossing> {
    let at = |size: usize| {
        let one = found.times(challenger, size, ROUND_TRIP)?;
        let other = found.times(incumbent, size, ROUND_TRIP)?;
        Ok(AtSize {
            size: size as f64,
            pairs: one.into_iter().zip(other).collect(),
        })
    };
    let at = sizes(found)
        .into_iter()
        .map(at)
        .collect::<Result<Vec<_>>>()?;
    crossing(&at, LEVEL).context("too few payloads or blocks for a crossing")
}

/// A payload of 0 has no place beside the others: nothing is a multiple of it.
fn sizes(found: &Found) -> Vec<usize> {
    let all = found.payloads();
    all.into_iter().filter(|payload| *payload > 0).collect()
}

fn said(crossing: &Crossing, sizes: &[usize]) -> String {
    let place = |place: Place| match place {
        Place::Below => format!("{} or less", edge(sizes.first())),
        Place::At(size) => memory(size as u64),
        Place::Above => format!("above {}", edge(sizes.last())),
    };
    match (crossing.low, crossing.high) {
        (Place::Below, Place::Below) => format!("all, from {}", edge(sizes.first())),
        (Place::Above, Place::Above) => format!("none up to {}", edge(sizes.last())),
        (low, high) => format!(
            "{} ({} to {})",
            place(crossing.point),
            place(low),
            place(high)
        ),
    }
}

fn edge(size: Option<&usize>) -> String {
    size.map_or_else(|| "?".to_owned(), |size| memory(*size as u64))
}

#[cfg(test)]
mod tests {
    use harness::record::Model;

    use super::*;
    use crate::found::tests::runs;

    #[test]
    fn a_way_wins_from_where_both_lines_meet() {
        let ways = [
            (Model::Processes, "pipe"),
            (Model::Processes, "copied-futex"),
        ];
        // One costs 10 at once and 4 a byte, the other 110 and 3: they meet at 100 bytes.
        let runs = runs(&ways, &[0, 16, 64, 256, 1024], |_, way, payload, block| {
            let (once, each) = if way == "pipe" {
                (10.0, 4.0)
            } else {
                (110.0, 3.0)
            };
            let noise = if way == "pipe" {
                f64::from(block % 3)
            } else {
                0.0
            };
            once + each * payload as f64 + noise
        });
        let found = Found::new(&runs);
        let (one, other) = (By::processes("copied-futex"), By::processes("pipe"));
        let crossing = between(&found, one, other).unwrap();
        let place = |place: Place| place.size().unwrap();
        assert!((place(crossing.point) - 99.0).abs() < 1.5, "{crossing:?}");
        assert!(place(crossing.low) < 100.0 && place(crossing.high) >= 98.5);
        // The other way round there is none from which on it wins.
        let none = between(&found, other, one).unwrap();
        assert_eq!(said(&none, &sizes(&found)), "none up to 1.00 KiB");
        let said = said(&crossing, &sizes(&found));
        assert!(
            said.starts_with("99") && said.contains(" bytes ("),
            "{said}"
        );
    }
}
