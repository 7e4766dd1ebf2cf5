//! Hashes files with threads. Everything is in the libraries.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    hasher::main(Model::Threads, hasher_threads::run)
}
