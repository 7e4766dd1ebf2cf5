//! Runs the site until Ctrl-C, or until its lifeline is cut. Everything is in the library.

use anyhow::Result;
use clap::Parser;
use downloader_site::server::{self, Options};

fn main() -> Result<()> {
    server::run(&Options::parse())
}
