//! Hands messages over to itself. Everything is in the library.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    messenger::main(Model::Sequential, messenger::alone::run)
}
