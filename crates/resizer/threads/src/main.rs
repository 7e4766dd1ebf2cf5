//! Resizes pictures with threads. Everything is in the libraries.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    resizer::main(Model::Threads, resizer_threads::run)
}
