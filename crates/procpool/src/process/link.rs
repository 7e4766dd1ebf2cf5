//! From nothing to a worker that waits for tasks: start it, let it connect, set its job up.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ipc_channel::ipc::{IpcSender, IpcSharedMemory};

use super::arrival::{Arrival, Arrived};
use super::child::Process;
use super::gate;
use super::sockets::Socket;
use crate::error::{Death, PoolError};
use crate::parent::watch::Deadline;
use crate::wire::channel::{Receiver, Sender};
use crate::wire::page::Page;
use crate::wire::{Control, Hello, head, kind};

/// What every worker of a pool is started with.
pub(crate) struct Recipe {
    pub(crate) job: &'static str,
    /// The message with the encoded setup, and the memory that it refers to.
    pub(crate) setup: Vec<u8>,
    pub(crate) shared_data: Vec<Arc<IpcSharedMemory>>,
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
    let socket = Socket::open().map_err(|source| PoolError::System {
        what: "open a socket in the temporary directory",
        source,
    })?;
    let (process, arrival) = Process::spawn(recipe.job, &socket.path, dead)?;
    register(&process);
    let hello = meet(recipe, socket, arrival, &process)?;
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

/// Takes the worker's ends of the channels, if it connects.
fn meet(
    recipe: &Recipe,
    socket: Socket,
    arrival: Arrival,
    process: &Process,
) -> Result<Hello, PoolError> {
    let (job, pid, after) = (recipe.job, process.pid, recipe.start_timeout);
    match arrival.wait(process, after) {
        Arrived::Connected => socket.accept().map_err(|source| {
            let what = "accept the connection";
            give_up(process, |_| PoolError::System { what, source })
        }),
        Arrived::Ended => Err(give_up(process, |death| PoolError::NeverConnected {
            job,
            death,
        })),
        Arrived::Late => Err(give_up(process, |_| PoolError::NoAnswer {
            job,
            pid,
            after,
        })),
    }
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
    let send = |memory: &Arc<IpcSharedMemory>| {
        let memory = || Control::Shared(IpcSharedMemory::clone(memory));
        gate::expose(|| link.control.send(memory())).map_err(io::Error::other)
    };
    let answer = recipe
        .shared_data
        .iter()
        .try_for_each(send)
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
