//! Children that connect, send one message, and end.

use std::error::Error;
use std::io;

use anyhow::Result;
use ipc_channel::ipc::{IpcOneShotServer, IpcSender};

use super::Process;

const ROLE: &str = "meet";

/// Starts so many children at the same time, and returns when each has sent its message. They end by
/// themselves.
pub(crate) fn meet(children: usize) -> Result<Vec<Process>> {
    let start = || -> io::Result<_> {
        let (server, socket) = IpcOneShotServer::<u8>::new()?;
        Ok((server, Process::start(ROLE, &socket)?))
    };
    let started: Vec<_> = (0..children).map(|_| start()).collect::<Result<_, _>>()?;
    let accept = |(server, process): (IpcOneShotServer<u8>, _)| {
        server.accept()?;
        Ok(process)
    };
    started.into_iter().map(accept).collect()
}

/// The child's side.
pub(super) fn serve(socket: String) -> Result<(), Box<dyn Error>> {
    Ok(IpcSender::connect(socket)?.send(1_u8)?)
}
