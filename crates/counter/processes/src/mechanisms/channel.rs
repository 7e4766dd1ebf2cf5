//! One owner counts, all others tell it: nothing is shared. What Python calls a `Manager`.
//!
//! Take it when there is a lot to do for each message, so that the hand-off does not count, and one place where it is
//! done. Each message is encoded, and goes through the system twice. The socket between them is what bounds how far
//! the owner is behind.

use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::contestant::remove_on_interrupt;
use ipc_channel::IpcError;
use ipc_channel::ipc::{self, IpcOneShotServer, IpcReceiver, IpcSender};

/// Tells the owner `times` times that there is one more.
///
/// # Errors
/// If the owner is gone.
pub fn count(owner: &IpcSender<u64>, times: u64, critical: impl Fn()) -> io::Result<()> {
    for _ in 0..times {
        critical();
        owner.send(1).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Counts what it is told, until nobody is left to tell it anything.
///
/// # Errors
/// If it is told nonsense.
pub fn own(told: &IpcReceiver<u64>) -> Result<u64> {
    let mut count = 0;
    loop {
        match told.recv() {
            Ok(more) => count += more,
            Err(IpcError::Disconnected) => return Ok(count),
            Err(error) => return Err(error).context("the owner of the count was told nonsense"),
        }
    }
}

/// What a worker says when it comes: where to send it the owner's channel. `None` is nobody.
type Hello = Option<IpcSender<IpcSender<u64>>>;

/// Where workers meet the owner of the count. A channel cannot be inherited: each worker has to get it through another
/// one, which it finds by a name.
pub struct Meeting {
    servers: Vec<IpcOneShotServer<Hello>>,
    names: Vec<String>,
}

impl Meeting {
    /// A place for each of so many workers.
    ///
    /// # Errors
    /// If the system has no more sockets or files.
    pub fn new(workers: u32) -> Result<Self> {
        let (mut servers, mut names) = (Vec::new(), Vec::new());
        for _ in 0..workers {
            let (server, name) = IpcOneShotServer::new()
                .context("cannot open a channel for each worker: start fewer (--workers)")?;
            if let Some(folder) = Path::new(&name).parent() {
                remove_on_interrupt(folder.to_owned());
            }
            servers.push(server);
            names.push(name);
        }
        Ok(Self { servers, names })
    }

    /// By which name each worker finds its place.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Gives each worker the channel, and the owner its end of it. `lost` tells whether a worker has ended already.
    ///
    /// # Errors
    /// If one has, or does not answer.
    pub fn hold(self, lost: impl Fn() -> bool) -> Result<IpcReceiver<u64>> {
        let (sender, told) = ipc::channel().context("cannot open a channel")?;
        let Self { servers, names } = self;
        thread::scope(|scope| {
            // Accepting knows no time limit, so somebody else looks whether those who should come still live.
            let meet = || {
                servers
                    .into_iter()
                    .try_for_each(|server| welcome(server, &sender))
            };
            let meeting = scope.spawn(meet);
            while !meeting.is_finished() {
                if lost() {
                    // Nobody, instead of whoever did not come. Those who have come are not at their place any more.
                    for name in &names {
                        let _ =
                            IpcSender::connect(name.clone()).map(|place| place.send(Hello::None));
                    }
                    break;
                }
                thread::sleep(Duration::from_micros(100));
            }
            meeting
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        Ok(told)
    }
}

fn welcome(server: IpcOneShotServer<Hello>, sender: &IpcSender<u64>) -> Result<()> {
    let (_, hello) = server.accept().context("cannot meet a worker")?;
    ensure!(
        hello.is_some(),
        "a worker ended before it came for its channel"
    );
    hello
        .map_or(Ok(()), |reply| reply.send(sender.clone()))
        .context("a worker ended before it got its channel")
}

/// The worker's side: gets the owner's channel at the place of that name.
///
/// # Errors
/// If nobody is there.
pub fn connect(name: &str) -> io::Result<IpcSender<u64>> {
    let (reply, answer) = ipc::channel()?;
    let place: IpcSender<Hello> = IpcSender::connect(name.to_owned())?;
    place.send(Some(reply)).map_err(io::Error::other)?;
    answer.recv().map_err(io::Error::other)
}
