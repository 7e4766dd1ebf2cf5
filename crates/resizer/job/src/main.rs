//! Resizes pictures one after another. Everything is in the library.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    resizer::main(Model::Sequential, resizer::sequential::run)
}
