//! All tables, as Markdown.

use anyhow::Result;
use harness::contestant::bytes;
use harness::record::Model;
use harness::report::numbers::time;
use messenger::{Payload, Way};

use crate::found::{By, Found, ROUND_TRIP, STREAM};
use crate::runs::Cores;
use crate::{crossings, waking};

/// The payloads of which the table tells, where they were measured.
const SHOWN: [usize; 4] = [64, 16 << 10, 1 << 20, 64 << 20];

/// All of it.
pub(crate) fn text(found: &Found) -> Result<String> {
    Ok(format!(
        "{}\n{}\n{}\n{}",
        costs(found)?,
        waking::table(found)?,
        crossings::table(found)?,
        provenance(found)
    ))
}

/// What every way costs: round trips of some payloads, and what comes through.
fn costs(found: &Found) -> Result<String> {
    let measured = found.payloads();
    let shown: Vec<_> = SHOWN
        .into_iter()
        .filter(|payload| measured.contains(payload))
        .collect();
    let trips = shown
        .iter()
        .map(|payload| format!(" {}: a round trip (95% CI) |", Payload(*payload)));
    let rates = shown.iter().map(|payload| match payload {
        0..4096 => format!(" {}: messages/s |", Payload(*payload)),
        _ => format!(" {}: bytes/s |", Payload(*payload)),
    });
    let mut text = format!(
        "| way |{} \n| --- |{}\n",
        trips.chain(rates).collect::<String>().trim_end(),
        " ---: |".repeat(2 * shown.len())
    );
    text = text.replace(" \n", "\n");
    for model in [Model::Sequential, Model::Threads, Model::Processes] {
        for way in Way::of(model) {
            let by = By {
                model,
                way: way.name(),
                cores: Cores::Other,
            };
            text += &row(found, by, &shown)?;
        }
    }
    Ok(text)
}

fn row(found: &Found, by: By, shown: &[usize]) -> Result<String> {
    let mut row = format!("| {} |", by.name());
    for &payload in shown {
        let trip = found.median(by, payload, ROUND_TRIP)?;
        let interval = trip.interval.map(|ends| harness::stats::Interval {
            low: ends.low / 1e9,
            high: ends.high / 1e9,
            ..ends
        });
        row += &format!(" {} |", time(trip.point / 1e9, interval));
    }
    for &payload in shown {
        let a_second = 1e9 / found.median(by, payload, STREAM)?.point;
        row += &match payload {
            0..4096 => format!(" {} |", rate(a_second)),
            _ => format!(" {} |", bytes((a_second * payload as f64) as u64)),
        };
    }
    Ok(row + "\n")
}

/// Messages a second: thousands, or millions.
fn rate(a_second: f64) -> String {
    if a_second < 999_500.0 {
        format!("{:.0} thousand", a_second / 1e3)
    } else {
        format!("{:.1} million", a_second / 1e6)
    }
}

fn provenance(found: &Found) -> String {
    let runs = found.runs;
    let (blocks, seed, machine) = (runs.blocks, runs.seed, &runs.machine);
    let payload = match runs.payload.as_str() {
        "all" => String::new(),
        payload => format!(" --payload {payload}"),
    };
    format!(
        "{blocks} blocks in shuffled order after one warm-up, each worker on a core of its own where nothing else is \
         said, seed {seed}; {machine}. Made by:\n\n\
         ```sh\n\
         cargo build --release -p messenger -p messenger-threads -p messenger-processes\n\
         cargo run --release -p benches --bin ways -- --blocks {blocks}{payload} --seed {seed} --splice crates/messenger/README.md\n\
         ```\n"
    )
}
