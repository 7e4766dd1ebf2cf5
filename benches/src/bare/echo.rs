//! A child that sends back what it receives.

use std::error::Error;

use anyhow::Result;
use ipc_channel::ipc::{self, IpcBytesReceiver, IpcBytesSender, IpcOneShotServer, IpcSender};

use super::Process;

pub(super) const ROLE: &str = "echo";

/// The parent's ends: to the child, and from it.
type Ends = (IpcBytesSender, IpcBytesReceiver);

/// A child that has connected. It ends when this is dropped: fields go in this order, so that its
/// channel is closed before it is waited for.
pub(crate) struct Echo {
    ends: Ends,
    _process: Process,
}

impl Echo {
    /// Starts the child and waits until it has connected.
    pub(crate) fn start() -> Result<Self> {
        let (server, socket) = IpcOneShotServer::<Ends>::new()?;
        let process = Process::start(ROLE, &socket)?;
        let (_, ends) = server.accept()?;
        Ok(Self {
            ends,
            _process: process,
        })
    }

    /// Sends the bytes there and receives them back.
    pub(crate) fn round_trip(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.ends.0.send(bytes)?;
        Ok(self.ends.1.recv()?)
    }
}

/// The child's side: until the parent hangs up.
pub(super) fn serve(socket: String) -> Result<(), Box<dyn Error>> {
    let parent = IpcSender::<Ends>::connect(socket)?;
    let (to_us, receiver) = ipc::bytes_channel()?;
    let (sender, from_us) = ipc::bytes_channel()?;
    parent.send((to_us, from_us))?;
    while let Ok(bytes) = receiver.recv() {
        sender.send(&bytes)?;
    }
    Ok(())
}
