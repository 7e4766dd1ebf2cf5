//! Downloads pages with tasks of one asynchronous runtime. Everything is in the libraries.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    downloader::main(Model::Async, downloader_async::run)
}
