//! Starting two workers and ending them.

use criterion::Throughput;
use harness::record::Model;
use spawner::{Starter, Variant, record};

use super::{TWO, runs};
use crate::Side;
use crate::group::Group;

/// Starts in a run: that many, and one more to warm up.
const STARTS: u64 = 10;
/// Workers that are started in all of them.
const STARTED: u64 = 2 * (STARTS + 1);

pub(super) fn serve() {
    spawner_processes::serve();
    procpool::serve::<spawner_processes::Work>();
}

pub(super) fn group() -> Group {
    let threads = Variant {
        model: Model::Threads,
        starter: Starter {
            start: spawner_threads::start,
            pair: spawner_threads::pair,
        },
    };
    let processes = Variant {
        model: Model::Processes,
        starter: Starter {
            start: spawner_processes::start,
            pair: spawner_processes::pair,
        },
    };
    Group {
        name: "spawner",
        throughput: Throughput::Elements(STARTED),
        long: true,
        sides: vec![
            ("threads", Box::new(move || Ok(side(threads, "thread")))),
            (
                "threads rayon-pool",
                Box::new(move || Ok(side(threads, "rayon-pool"))),
            ),
            (
                "processes fork",
                Box::new(move || Ok(side(processes, "fork"))),
            ),
            (
                "processes spawn",
                Box::new(move || Ok(side(processes, "spawn"))),
            ),
            (
                "processes pool",
                Box::new(move || Ok(side(processes, "procpool"))),
            ),
        ],
    }
}

fn side(variant: Variant, way: &'static str) -> Side {
    runs(STARTED, move || {
        let (way, starts) = (format!("--way={way}"), format!("--samples={STARTS}"));
        record(variant, [way, starts, TWO.to_owned()])
    })
}
