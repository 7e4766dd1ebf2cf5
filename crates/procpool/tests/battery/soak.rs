//! The soak of `examples/soak.rs`, short, and with so many operations instead of so much time.

#[path = "../../examples/soak/mod.rs"]
mod plan;

use std::env;
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::Trial;

pub(crate) use plan::serve_quietly;

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        every_result_is_right_and_comes_once_while_workers_are_killed,
        every_result_is_right_and_comes_once_while_workers_are_killed_and_recycled,
    ]
}

/// Set in a process that runs a soak with this seed.
const SEED: &str = "PROCPOOL_TEST_SOAK";

/// Runs a soak instead of the tests, if this process was started for one.
pub(crate) fn act_as_soak() -> Option<ExitCode> {
    let seed = env::var(SEED).ok()?.parse().ok()?;
    let options = plan::Options {
        seed,
        workers: 3,
        time: Duration::MAX,
        operations: 30,
    };
    Some(match plan::run(options) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    })
}

/// In a process of its own, so that what it leaves behind is seen.
fn soak(seed: u64) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.env(SEED, seed.to_string());
    let status = plan::run_in_own_directory(&mut command).unwrap();
    assert!(status.success(), "seed {seed}: {status}");
}

fn every_result_is_right_and_comes_once_while_workers_are_killed() {
    soak(3);
}

/// As they are with an even seed.
fn every_result_is_right_and_comes_once_while_workers_are_killed_and_recycled() {
    soak(4);
}
