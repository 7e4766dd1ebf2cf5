//! `ways` says what a message costs by every way of the messenger, over its payload: the tables and pictures of its
//! README. What waking costs beside what crossing costs, and from which payload on which way wins, is computed from the
//! same runs.
//!
//! ```sh
//! cargo build --release -p messenger -p messenger-threads -p messenger-processes
//! cargo run --release -p benches --bin ways -- --splice crates/messenger/README.md
//! ```
//!
//! In a block, every program runs once, as a process of its own, in random order; within it, all its ways and payloads
//! take turns in another random order. What is compared is what was measured in the same block.

mod crossings;
mod found;
mod page;
mod picture;
mod runs;
mod waking;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use harness::measure::whole::write_whole;
use harness::report::splice;
use harness::say;

use found::Found;
use runs::Measured;

/// Says what a message costs by every way of the messenger, over its payload
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// So many counted blocks; one more warms up
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(6..=1000))]
    blocks: u32,

    /// With which payloads, as the messenger takes them
    #[arg(long, value_name = "SIZES", default_value = "all")]
    payload: String,

    /// What the orders are made from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// The folder for runs, tables and pictures
    #[arg(long, value_name = "DIR", default_value = "results/messenger-ways")]
    out: PathBuf,

    /// Measure nothing: make tables and pictures again from the runs that are there
    #[arg(long)]
    again: bool,

    /// Put the tables into this document too, between the markers of `ways`
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say!("ways: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let folder = &options.out;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        write_whole(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    let runs = if options.again {
        read(&folder.join("runs.json"))?
    } else {
        let runs = runs::measure(options)?;
        write("runs.json", &serde_json::to_string(&runs)?)?;
        runs
    };
    let found = Found::new(&runs);
    let text = page::text(&found)?;
    write("table.md", &text)?;
    write("cost.svg", &picture::both(&found)?.file())?;
    write("processes.svg", &picture::processes(&found)?.file())?;
    print!("{text}");
    if let Some(path) = &options.splice {
        let document =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        write_whole(path, &splice(&document, "ways", &text)?)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Measured> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: no runs of this", path.display()))
}
