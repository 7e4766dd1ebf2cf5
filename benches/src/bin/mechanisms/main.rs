//! `mechanisms` says what an increment costs and what is lost, for every mechanism of the counter, by threads and by
//! processes: the tables and pictures of its README.
//!
//! ```sh
//! cargo build --release -p counter-threads -p counter-processes
//! cargo run --release -p benches --bin mechanisms -- --pin --splice crates/counter/README.md
//! ```
//!
//! `versus` times whole programs. Here the time is the one that a program tells of its counting alone, without starting
//! workers. As there, every run is a process of its own, and all of them take turns in blocks, in random order.

mod page;
mod runs;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use harness::measure::whole::write_whole;
use harness::report::splice;
use harness::say;

/// Says what an increment costs by every mechanism of the counter, and what is lost
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// So many counted blocks; one more warms up
    #[arg(long, value_name = "N", default_value_t = 20)]
    blocks: u32,

    /// So many workers count together
    #[arg(long, value_name = "N", default_value_t = 2)]
    workers: u32,

    /// Keep each worker on one core: else the system moves them there in the first milliseconds, and a process that is
    /// older than a thread has that behind it
    #[arg(long)]
    pin: bool,

    /// What the order is made from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// The folder for runs, table and pictures
    #[arg(long, value_name = "DIR", default_value = "results/counter-mechanisms")]
    out: PathBuf,

    /// Put the tables into this document too, between the markers of `mechanisms`
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say!("mechanisms: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let runs = runs::measure(options)?;
    let folder = &options.out;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let page = page::Page::of(&runs, options)?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        write_whole(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    write("runs.json", &serde_json::to_string(&runs)?)?;
    write("table.md", &page.text)?;
    write("cost.svg", &page.cost.file())?;
    write("loss.svg", &page.loss.file())?;
    print!("{}", page.text);
    if let Some(path) = &options.splice {
        let document =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        write_whole(path, &splice(&document, "mechanisms", &page.text)?)?;
    }
    Ok(())
}
