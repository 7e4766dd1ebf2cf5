//! Counts with one worker. Everything is in the library.

use std::process::ExitCode;

use counter::Variant;
use harness::record::Model;

fn main() -> ExitCode {
    counter::main(Variant {
        model: Model::Sequential,
        count: counter::sequential::run,
        die: None,
    })
}
