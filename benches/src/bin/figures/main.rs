//! `figures` says whether procpool and the harness cost what they are meant to cost.
//!
//! Criterion measures one thing after the other, so a machine that drifts meanwhile makes differences
//! that are not there. Here a part and what it is held to take turns: in blocks, in random order, and
//! the ratio is estimated from the pairs. All in one process, since what is compared are parts of a
//! program and no programs; whole programs are for `versus`.

mod blocks;
mod cores;
mod figure;
mod finding;
mod memory;
mod options;
mod pair;
mod sys;
mod table;
mod times;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use harness::contestant::on_interrupt;
use harness::measure::environment::Environment;
use harness::say;
use options::Options;

fn main() -> ExitCode {
    // Worker processes are this very program: for them, `main` ends here.
    benches::serve();
    on_interrupt(procpool::remove_sockets);
    let options = Options::parse();
    match report(&options) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            say!("figures: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything that was asked for. Whether targets are met does not decide the exit status: a
/// machine with other work to do misses them.
fn report(options: &Options) -> Result<String> {
    if cfg!(debug_assertions) {
        say!("figures: this build is not optimised, its times are not representative");
    }
    let plan = options.plan();
    let mut rows = Vec::new();
    for figure in options.figures() {
        rows.extend(figure.measure(&plan)?);
    }
    let machine = Environment::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    Ok(table::page(&rows, &plan, &machine))
}
