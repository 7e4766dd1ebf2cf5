//! Hashes files one after another. Everything is in the library.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    hasher::main(Model::Sequential, hasher::sequential::run)
}
