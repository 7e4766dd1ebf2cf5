//! Hashes files with processes. Everything is in the libraries.

use std::process::ExitCode;

use harness::contestant::on_interrupt;
use harness::record::Model;
use hasher_processes::HashFiles;

fn main() -> ExitCode {
    // Every worker is this program too: it stays in here.
    procpool::serve::<HashFiles>();
    on_interrupt(procpool::remove_sockets);
    hasher::main(Model::Processes, hasher_processes::run)
}
