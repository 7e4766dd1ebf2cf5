//! How the other worker gets its end of a channel. A channel cannot be inherited: it is sent through another one, which
//! is found by a name.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use harness::contestant::remove_on_interrupt;
use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcOneShotServer, IpcSender};
use messenger::{End, Talk, TalkError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The ends of a channel in each direction, which make one [`End`].
pub trait Ends: End + Sized {
    /// Where messages go in.
    type To: Serialize + DeserializeOwned;
    /// Where they come out.
    type From: Serialize + DeserializeOwned;

    /// Makes a channel.
    ///
    /// # Errors
    /// If the system has no more sockets.
    fn channel() -> io::Result<(Self::To, Self::From)>;

    /// The end that sends to `to` and receives from `from`.
    ///
    /// # Errors
    /// If there is no memory for a message of `talk`.
    fn new(to: Self::To, from: Self::From, talk: &Talk) -> Result<Self, TalkError>;
}

/// What the other worker says when it comes: the first worker's ends. `None` is nobody.
type Hello<E> = Option<(<E as Ends>::To, <E as Ends>::From)>;

/// Where the first worker waits for the other one.
pub struct Meeting<E: Ends>(IpcOneShotServer<Hello<E>>);

impl<E: Ends> Meeting<E> {
    /// A place, and the name by which it is found.
    ///
    /// # Errors
    /// If the system has no more sockets, or there is no folder for them.
    pub fn new() -> Result<(Self, String)> {
        enough_files()?;
        // It takes a folder and a socket, and panics without the folder.
        tempfile::tempdir().context("cannot make a folder for a socket")?;
        let (server, name) = IpcOneShotServer::new().context("cannot open a socket")?;
        if let Some(folder) = Path::new(&name).parent() {
            remove_on_interrupt(folder.to_owned());
        }
        Ok((Self(server), name))
    }

    /// Waits until the other worker comes, and gives the end that is this one's.
    ///
    /// # Errors
    /// If it does not come.
    pub fn hold(self, talk: &Talk) -> Result<E> {
        let (_, hello) = self.0.accept().context("cannot meet the other worker")?;
        let (to, from) = hello.ok_or(TalkError::Gone)?;
        Ok(E::new(to, from, talk)?)
    }

    /// Tells whoever waits at the place of that name that nobody comes. Waiting there knows no time limit. One who does
    /// not wait there any more is not found.
    pub fn call_off(name: String) {
        let _ = IpcSender::<Hello<E>>::connect(name).map(|place| place.send(None));
    }
}

/// The other worker's side: comes to the place of that name, with the ends for the first worker, and keeps its own.
///
/// # Errors
/// If nobody is there.
pub fn come<E: Ends>(name: String, talk: &Talk) -> Result<E> {
    enough_files()?;
    let (to_there, from_here) = E::channel().context("cannot open a channel")?;
    let (to_here, from_there) = E::channel().context("cannot open a channel")?;
    let place = IpcSender::<Hello<E>>::connect(name).context("cannot meet the first worker")?;
    place
        .send(Some((to_here, from_here)))
        .context("cannot send a channel to the first worker")?;
    Ok(E::new(to_there, from_there, talk)?)
}

/// So many files a side has open at once at most: at the meeting, for starting the other worker, and for the socket that a
/// large message goes through.
const FILES: usize = 10;

/// Whether so many files can be opened. ipc-channel panics here and there when they cannot, so better not begin.
fn enough_files() -> Result<()> {
    let opened = (0..FILES).map(|_| File::open("/dev/null"));
    let opened: io::Result<Vec<_>> = opened.collect();
    opened.context("too few files are left for ipc-channel")?;
    Ok(())
}

/// Why a channel has not taken, or given, a message.
pub(super) fn refused(error: IpcError) -> TalkError {
    match error {
        IpcError::Disconnected => TalkError::Gone,
        IpcError::Io(error) => error.into(),
        nonsense @ IpcError::SerializationError(_) => TalkError::System(io::Error::other(nonsense)),
    }
}
