//! Starts and ends threads. Everything is in the libraries.

use std::process::ExitCode;

use harness::record::Model;
use spawner::{Starter, Variant};

fn main() -> ExitCode {
    spawner::main(Variant {
        model: Model::Threads,
        starter: Starter {
            start: spawner_threads::start,
            pair: spawner_threads::pair,
        },
    })
}
