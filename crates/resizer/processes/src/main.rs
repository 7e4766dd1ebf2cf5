//! Resizes pictures with processes. Everything is in the libraries.

use std::process::ExitCode;

use harness::contestant::on_interrupt;
use harness::record::Model;
use resizer_processes::ResizePictures;

fn main() -> ExitCode {
    // Every worker is this program too: it stays in here.
    procpool::serve::<ResizePictures>();
    on_interrupt(procpool::remove_sockets);
    resizer::main(Model::Processes, resizer_processes::run)
}
