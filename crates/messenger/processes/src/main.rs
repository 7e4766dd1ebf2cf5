//! Exchanges messages between two processes. Everything is in the libraries.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    use harness::record::Model;

    // The other worker is this program too: it stays in here.
    if let Some(status) = messenger_processes::serve() {
        return status;
    }
    messenger::main(Model::Processes, messenger_processes::run)
}

/// Pipes, pairs of sockets and memory without a name are those of Unix.
#[cfg(not(unix))]
fn main() -> ExitCode {
    harness::say!(
        "messenger-processes: needs a Unix system, for what two processes have in common"
    );
    ExitCode::from(1)
}
