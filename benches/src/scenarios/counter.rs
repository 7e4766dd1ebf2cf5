//! Counting together, by mechanisms that both models have.

use counter::{Spread, Variant, record};
use counter_processes::CountTogether;
use criterion::Throughput;
use harness::record::Model;

use super::{TWO, runs};
use crate::Side;
use crate::group::Group;

pub(super) fn serve() {
    procpool::serve::<CountTogether>();
}

pub(super) fn groups() -> Vec<Group> {
    vec![
        group("counter atomic", "atomic", 200_000),
        group("counter mutex", "mutex", 100_000),
        group("counter channel", "channel", 2_000),
    ]
}

fn group(name: &'static str, mechanism: &'static str, increments: u64) -> Group {
    let side = move |model, count| side(model, count, mechanism, increments);
    Group {
        name,
        throughput: Throughput::Elements(increments),
        long: true,
        sides: vec![
            (
                "threads",
                Box::new(move || Ok(side(Model::Threads, counter_threads::run))),
            ),
            (
                "processes",
                Box::new(move || Ok(side(Model::Processes, counter_processes::run))),
            ),
        ],
    }
}

fn side(model: Model, count: Spread, mechanism: &'static str, increments: u64) -> Side {
    let variant = Variant {
        model,
        count,
        die: None,
    };
    runs(increments, move || {
        let mechanism = format!("--mechanism={mechanism}");
        let increments = format!("--increments={increments}");
        record(variant, [mechanism, increments, TWO.to_owned()])
    })
}
