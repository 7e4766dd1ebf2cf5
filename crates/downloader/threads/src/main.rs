//! Downloads pages with threads. Everything is in the libraries.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    downloader::main(Model::Threads, downloader_threads::run)
}
