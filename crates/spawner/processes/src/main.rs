//! Starts and ends processes. Everything is in the libraries.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    use harness::contestant::on_interrupt;
    use harness::record::Model;
    use spawner::{Starter, Variant};

    // Every worker but a forked one is this program too: it stays in here.
    spawner_processes::serve();
    procpool::serve::<spawner_processes::Work>();
    on_interrupt(procpool::remove_sockets);
    spawner::main(Variant {
        model: Model::Processes,
        starter: Starter {
            start: spawner_processes::start,
            pair: spawner_processes::pair,
        },
    })
}

/// To fork is something that POSIX has.
#[cfg(not(unix))]
fn main() -> ExitCode {
    harness::say!("spawner-processes: needs a Unix system, for fork");
    ExitCode::from(1)
}
