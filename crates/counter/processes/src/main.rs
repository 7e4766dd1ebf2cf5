//! Counts with processes. Everything is in the libraries.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    use counter::Variant;
    use counter_processes::{CountTogether, DieTogether};
    use harness::contestant::on_interrupt;
    use harness::record::Model;

    // Every worker is this program too: it stays in here.
    procpool::serve::<CountTogether>();
    procpool::serve::<DieTogether>();
    on_interrupt(procpool::remove_sockets);
    counter::main(Variant {
        model: Model::Processes,
        count: counter_processes::run,
        die: Some(counter_processes::die),
    })
}

/// The locks that processes share are those of POSIX.
#[cfg(not(unix))]
fn main() -> ExitCode {
    harness::say!("counter-processes: needs a Unix system, for locks that processes share");
    ExitCode::from(1)
}
