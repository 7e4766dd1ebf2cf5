//! Counts with threads. Everything is in the libraries.

use std::process::ExitCode;

use counter::Variant;
use harness::record::Model;

fn main() -> ExitCode {
    counter::main(Variant {
        model: Model::Threads,
        count: counter_threads::run,
        die: Some(counter_threads::die),
    })
}
