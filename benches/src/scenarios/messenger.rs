//! Messages between two workers that wait for each other.

use std::process;

use criterion::Throughput;
use harness::record::Model;
use messenger::{Spread, record};

use super::runs;
use crate::Side;
use crate::group::Group;

pub(super) fn serve() {
    if let Some(status) = messenger_processes::serve() {
        process::exit(i32::from(status != process::ExitCode::SUCCESS));
    }
}

pub(super) fn groups() -> Vec<Group> {
    vec![
        group("messenger 64 B", "64B", 200),
        group("messenger 1 MiB", "1MiB", 20),
    ]
}

fn group(name: &'static str, payload: &'static str, round_trips: u64) -> Group {
    let threads = move |way| {
        let spread: Spread = messenger_threads::run;
        side(Model::Threads, spread, [way, payload], round_trips)
    };
    let processes = move |way| {
        let spread: Spread = messenger_processes::run;
        side(Model::Processes, spread, [way, payload], round_trips)
    };
    Group {
        name,
        throughput: Throughput::Elements(round_trips),
        long: true,
        sides: vec![
            ("threads mpsc", Box::new(move || Ok(threads("mpsc")))),
            ("threads moved", Box::new(move || Ok(threads("moved")))),
            ("processes pipe", Box::new(move || Ok(processes("pipe")))),
            (
                "processes socketpair",
                Box::new(move || Ok(processes("socketpair"))),
            ),
            (
                "processes in-place-futex",
                Box::new(move || Ok(processes("in-place-futex"))),
            ),
        ],
    }
}

fn side(model: Model, spread: Spread, [way, payload]: [&'static str; 2], round_trips: u64) -> Side {
    // There and back are two messages, and a tenth more of them warms up.
    runs(2 * (round_trips + round_trips / 10), move || {
        let talk = ["--mode=round-trip", "--blocks=1"].map(str::to_owned);
        let messages = format!("--messages={round_trips}");
        let way = [format!("--way={way}"), format!("--payload={payload}")];
        record(model, spread, talk.into_iter().chain(way).chain([messages]))
    })
}
