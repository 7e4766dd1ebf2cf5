//! Calls a function instead of starting workers. Everything is in the library.

use std::process::ExitCode;

use harness::record::Model;
use spawner::{Starter, Variant, sequential};

fn main() -> ExitCode {
    spawner::main(Variant {
        model: Model::Sequential,
        starter: Starter {
            start: sequential::start,
            pair: sequential::pair,
        },
    })
}
