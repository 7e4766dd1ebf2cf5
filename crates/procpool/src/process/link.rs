//! From nothing to a worker that waits for tasks: start it, let it connect, set its job up.

use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, io};

use ipc_channel::ipc::{IpcOneShotServer, IpcSender, IpcSharedMemory};

use super::child::Process;
use super::sockets;
use crate::error::{Death, PoolError};
use crate::parent::watch::Deadline;
use crate::wire::channel::{Receiver, Sender};
use crate::wire::page::Page;
use crate::wire::{Control, Hello, head, kind};

/// How often a worker that has not connected yet is looked after.
const LOOK: Duration = Duration::from_millis(5);
/// The longest path that fits into a socket's address; ipc-channel would cut a longer one off.
const MAX_PATH: usize = 107;

/// What every worker of a pool is started with.
pub(crate) struct Recipe {
    pub(crate) job: &'static str,
    /// The message with the encoded setup, and the memory that it refers to.
    pub(crate) setup: Vec<u8>,
    pub(crate) shared_data: Vec<IpcSharedMemory>,
    /// How long it may take to connect.
    pub(crate) start_timeout: Duration,
    /// How long the job's setup may take.
    pub(crate) setup_timeout: Option<Duration>,
}

/// The parent's ends of the channels to one worker. No sibling has them: all are close-on-exec.
pub(crate) struct Link {
    pub(crate) tasks: Sender,
    pub(crate) outputs: Receiver,
    pub(crate) control: IpcSender<Control>,
    pub(crate) page: Page,
}

/// Starts a worker. `register` is told of the process at once, so that it can be killed while this
/// function waits for it; `dead` is told when it has ended; `deadline` holds while the job is set up.
pub(crate) fn start(
    recipe: &Recipe,
    deadline: &Deadline,
    register: impl FnOnce(&Arc<Process>),
    dead: impl FnOnce(u32) + Send + 'static,
) -> Result<(Arc<Process>, Link), PoolError> {
    let (server, socket) = open_server()?;
    let process = Process::spawn(recipe.job, &socket, dead)?;
    register(&process);
    let hello = accept(recipe, server, socket, &process)?;
    let Some(page) = Page::map(hello.page) else {
        let job = recipe.job;
        return Err(give_up(&process, |death| PoolError::DiedInSetup {
            job,
            death,
        }));
    };
    let link = Link {
        tasks: Sender(hello.tasks),
        outputs: Receiver(hello.outputs),
        control: hello.control,
        page,
    };
    if let Some(limit) = recipe.setup_timeout {
        deadline.set(limit);
    }
    let set_up = set_up(recipe, &link, &process);
    let expired = deadline.has_expired();
    match (set_up, recipe.setup_timeout) {
        (Err(_), Some(after)) if expired => Err(PoolError::SetupTooLong {
            job: recipe.job,
            pid: process.pid,
            after,
        }),
        (result, _) => result.map(|()| (process, link)),
    }
}

fn open_server() -> Result<(IpcOneShotServer<Hello>, String), PoolError> {
    let system = |source| PoolError::System {
        what: "open a socket in the temporary directory",
        source,
    };
    let dir = env::temp_dir();
    if !dir.is_dir() {
        let text = format!("{} is not a directory (see TMPDIR)", dir.display());
        return Err(system(io::Error::new(io::ErrorKind::NotFound, text)));
    }
    if dir.as_os_str().len() + "/.tmp123456/socket".len() > MAX_PATH {
        let text = format!("{} is too long for a socket (see TMPDIR)", dir.display());
        return Err(system(io::Error::new(io::ErrorKind::InvalidInput, text)));
    }
    // It panics instead of returning some errors, a read-only directory for one.
    match catch_unwind(|| sockets::made_by(IpcOneShotServer::new)) {
        Ok(Some(server)) => server.map_err(system),
        Ok(None) => Err(system(io::Error::other("the program is ending"))),
        Err(_) => Err(system(io::Error::other(format!(
            "{} cannot be written",
            dir.display()
        )))),
    }
}

/// Waits until the worker has connected, has ended, or has used up its time.
///
/// `accept` knows no time limit, so it runs in a thread of its own, which a connection from ourselves
/// sets free when nobody else comes.
fn accept(
    recipe: &Recipe,
    server: IpcOneShotServer<Hello>,
    socket: String,
    process: &Process,
) -> Result<Hello, PoolError> {
    let (sender, accepted) = mpsc::channel();
    let path = socket.clone();
    let thread = thread::Builder::new()
        .name("procpool-accept".into())
        .spawn(move || {
            let accepted = server.accept().map(|(_, hello)| hello);
            sockets::gone(&path);
            let _ = sender.send(accepted);
        })
        .map_err(|source| {
            give_up(process, |_| PoolError::System {
                what: "start a thread",
                source,
            })
        })?;
    let began = Instant::now();
    let mut ended = false;
    let late = loop {
        match accepted.recv_timeout(LOOK) {
            Ok(Ok(hello)) => return Ok(hello),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => break false,
            // Once more after the end: it may have connected just before.
            Err(RecvTimeoutError::Timeout) if ended => break false,
            Err(RecvTimeoutError::Timeout) if began.elapsed() > recipe.start_timeout => break true,
            Err(RecvTimeoutError::Timeout) => ended = process.has_ended(),
        }
    };
    let (job, pid, after) = (recipe.job, process.pid, recipe.start_timeout);
    let error = give_up(process, |death| {
        if late {
            PoolError::NoAnswer { job, pid, after }
        } else {
            PoolError::NeverConnected { job, death }
        }
    });
    // Connecting and hanging up is enough to end `accept`. If even that fails, because the socket is
    // gone, the thread is left behind.
    if thread.is_finished() || IpcSender::<Hello>::connect(socket).is_ok() {
        let _ = thread.join();
    }
    Err(error)
}

fn give_up(process: &Process, error: impl FnOnce(Death) -> PoolError) -> PoolError {
    if !process.has_ended() {
        process.kill();
    }
    error(process.reap().0)
}

/// Sends the setup and waits for the answer. This may take as long as the job needs: only the end of
/// the worker ends it, by itself or because its time is over.
fn set_up(recipe: &Recipe, link: &Link, process: &Process) -> Result<(), PoolError> {
    let job = recipe.job;
    let memory = recipe.shared_data.iter().cloned();
    let shared = memory
        .map(Control::Shared)
        .try_for_each(|memory| link.control.send(memory).map_err(io::Error::other));
    let answer = shared
        .and_then(|()| link.tasks.send(&mut recipe.setup.clone()))
        .and_then(|()| link.outputs.recv());
    let died = |death| PoolError::DiedInSetup { job, death };
    let Ok(message) = answer else {
        return Err(died(process.reap().0));
    };
    match kind::of(&message) {
        Some(kind::READY) => Ok(()),
        Some(kind::REFUSED) => {
            process.reap();
            let message = String::from_utf8_lossy(&message[head(0)..]).into_owned();
            Err(PoolError::SetupFailed { job, message })
        }
        _ => Err(give_up(process, died)),
    }
}
