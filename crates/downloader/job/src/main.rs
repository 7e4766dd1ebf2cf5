//! Downloads pages one after another. Everything is in the library.

use std::process::ExitCode;

use harness::record::Model;

fn main() -> ExitCode {
    downloader::main(Model::Sequential, downloader::sequential::run)
}
