//! Processes on ipc-channel and nothing else: what a pool of processes cannot cost less than.
//!
//! They are this program once more, as a pool's workers are. Should one end before it connects, its
//! parent waits for ever: `accept` knows no time limit, and a baseline takes no precautions. Nor does it
//! when it is interrupted in that moment: then a socket stays in the temporary folder.

mod echo;
mod meet;

use std::env;
use std::io;
use std::process::{self, Child, Command, Stdio};

use anyhow::{Result, ensure};

pub(crate) use echo::Echo;
pub(crate) use meet::meet;

/// The environment variables that make this program a child: what it is to do, and where to connect.
const ROLE: &str = "BENCHES_ROLE";
const SOCKET: &str = "BENCHES_SOCKET";

/// Does what a child is for and ends, or returns at once if this process is none.
pub(crate) fn serve() {
    let (Ok(role), Ok(socket)) = (env::var(ROLE), env::var(SOCKET)) else {
        return;
    };
    let done = match role.as_str() {
        echo::ROLE => echo::serve(socket),
        _ => meet::serve(socket),
    };
    let failed = done.inspect_err(|error| eprintln!("{role}: {error}"));
    process::exit(i32::from(failed.is_err()));
}

/// A child, waited for at the latest when it is dropped. It must have a reason to end by then.
pub(crate) struct Process(Child);

impl Process {
    fn start(role: &str, socket: &str) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.env(ROLE, role).env(SOCKET, socket);
        command.stdin(Stdio::null()).spawn().map(Self)
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "a bare child ended with {status}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to do about an error; if it was waited for before, this gives the same status.
        let _ = self.0.wait();
    }
}
