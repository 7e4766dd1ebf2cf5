//! Exchanges messages between two threads. Everything is in the libraries.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    messenger::main(Model::Threads, messenger_threads::run)
}
