//! Downloads pages with processes. Everything is in the libraries.

use std::process::ExitCode;

use downloader_processes::FetchPages;
use harness::contestant::on_interrupt;
use harness::record::Model;

fn main() -> ExitCode {
    // Every worker is this program too: it stays in here.
    procpool::serve::<FetchPages>();
    on_interrupt(procpool::remove_sockets);
    downloader::main(Model::Processes, downloader_processes::run)
}
