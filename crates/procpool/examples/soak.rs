//! Uses a pool in every way at once, from two threads, while a third kills its workers, a fourth
//! resizes it and a fifth looks on; checks every result, and that nothing is left behind.
//!
//! `cargo run --release -p procpool --example soak -- [--seed 1] [--seconds 60] [--workers 3]`
//!
//! ```text
//! TODO
//! ```
//!
//! The exit status is 1 if anything was wrong. The same seed draws the same tasks and the same
//! troubles; when they meet is up to the machine. With an even seed, workers are also replaced after
//! some tasks. For Linux: it looks around in /proc.

#[path = "soak/mod.rs"]
mod soak;

use std::env;
use std::process::{Command, ExitCode};
use std::time::Duration;

use soak::Options;

/// Set in the process that does it, which has a temporary directory of its own.
const INSIDE: &str = "SOAK_INSIDE";

fn main() -> ExitCode {
    soak::serve_quietly();
    let done = options(env::args().skip(1)).and_then(|options| {
        if env::var_os(INSIDE).is_none() {
            go_inside()
        } else {
            soak::run(options).map(|summary| println!("{summary}"))
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        seed: 1,
        workers: 3,
        time: Duration::from_mins(1),
        operations: u64::MAX,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        let number = value
            .parse()
            .map_err(|_| format!("{name} {value}: not a number"))?;
        match &*name {
            "--seed" => options.seed = number,
            "--seconds" => options.time = Duration::from_secs(number),
            "--workers" => options.workers = number as usize,
            _ => return Err(format!("{name}? there are --seed, --seconds and --workers")),
        }
    }
    Ok(options)
}

fn go_inside() -> Result<(), String> {
    let this = env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(this);
    command.args(env::args().skip(1)).env(INSIDE, "1");
    let status = soak::run_in_own_directory(&mut command).map_err(|error| error.to_string())?;
    let failed = || format!("the soak ended with {status}");
    status.success().then_some(()).ok_or_else(failed)
}
