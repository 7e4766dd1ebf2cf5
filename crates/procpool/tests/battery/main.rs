//! What the pool promises, tried on real processes.
//!
//! One after the other: some tests count the descriptors and children of this process.

mod data;
mod faults;
mod job;
mod lazy;
mod leftovers;
mod limits;
mod process;
mod recycling;
mod resizing;
mod results;
mod sight;
mod single;
mod soak;
mod starting;
mod ways;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    limits::linger();
    procpool::serve::<starting::Other>();
    procpool::serve::<job::Obey>();
    procpool::serve::<starting::Picky>();
    procpool::serve::<recycling::Hoarder>();
    procpool::serve::<data::Reader>();
    procpool::serve::<limits::Tardy>();
    soak::serve_quietly();
    if let Some(code) = starting::act_as_program_that_does_not_serve() {
        return code;
    }
    if let Some(code) = process::act_as_role() {
        return code;
    }
    if let Some(code) = soak::act_as_soak() {
        return code;
    }
    if let Some(code) = ways::act_as_noisy_parent() {
        return code;
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let tests = [
        results::tests(),
        lazy::tests(),
        single::tests(),
        faults::tests(),
        ways::tests(),
        starting::tests(),
        limits::tests(),
        sight::tests(),
        leftovers::tests(),
        recycling::tests(),
        resizing::tests(),
        data::tests(),
        soak::tests(),
    ];
    libtest_mimic::run(&arguments, tests.into_iter().flatten().collect()).exit_code()
}

/// Names a test function after itself.
macro_rules! trials {
    ($($name:ident),* $(,)?) => {
        vec![$(crate::trial(stringify!($name), $name)),*]
    };
}
pub(crate) use trials;

fn trial(name: &'static str, test: fn()) -> Trial {
    ways::trial(name.to_owned(), test)
}
