//! The other worker as the first one sees it: a child that is started, watched, and waited for.

use std::fs::File;
use std::io::{self, Read};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio, exit};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use harness::contestant::wait_if_interrupted;
use harness::say;
use messenger::mechanisms::byte_stream::Files;
use messenger::{Talk, Told};

use crate::shared_file::SharedFile;
use crate::worker::{Assignment, MARK, Place};

/// How long the first worker may take until it has noticed that the other one is gone. A large message that is on its
/// way through ipc-channel then is waited for in vain.
const GRACE: Duration = Duration::from_secs(2);

/// The other worker.
pub(crate) struct Other {
    /// Waits for its end.
    watcher: JoinHandle<io::Result<ExitStatus>>,
    /// Dropped when the first worker has noticed.
    noticed: Sender<()>,
    /// What it says at its end.
    told: File,
    /// The memory that both have, if it has a name.
    _file: Option<SharedFile>,
}

impl Other {
    /// Starts it. `files` are those that it reads from and writes to, and where what it writes is read; `hang_up` is
    /// called when it has ended, for a first worker that waits for it.
    pub(crate) fn start(
        talk: &Talk,
        place: Place,
        files: Option<(Files, OwnedFd)>,
        hang_up: impl FnOnce() + Send + 'static,
    ) -> Result<Self> {
        let assignment = Assignment {
            talk: talk.clone(),
            place,
            parent: std::process::id(),
        };
        let program = std::env::current_exe().context("cannot tell where this program is")?;
        let mut command = Command::new(program);
        command.arg(MARK).arg(serde_json::to_string(&assignment)?);
        let told = if let Some((files, told)) = files {
            command.stdin(files.reader).stdout(files.writer);
            told
        } else {
            let (told, says) = io::pipe().context("cannot open a pipe")?;
            command.stdin(Stdio::null()).stdout(says);
            told.into()
        };
        let child = command.spawn().context("cannot start a process")?;
        // It has the other ends of its files: as long as they are open here too, nobody is told when it is gone.
        drop(command);
        let (noticed, notices) = channel();
        let watcher = thread::Builder::new().spawn(move || watch(child, hang_up, &notices));
        Ok(Self {
            watcher: watcher.context("cannot start a thread")?,
            noticed,
            told: told.into(),
            _file: None,
        })
    }

    /// The same, with a file that must stay as long as it does.
    pub(crate) fn keeping(self, file: SharedFile) -> Self {
        Self {
            _file: Some(file),
            ..self
        }
    }

    /// Waits for its end, and for what it says.
    ///
    /// # Errors
    /// If it was killed, or has failed.
    pub(crate) fn join(mut self) -> Result<Told> {
        // If the first worker has given up, the other one is told by the end that was dropped. Of a socket, this is
        // one more; a pipe cannot be shut down, and need not.
        if let Ok(socket) = self.told.try_clone() {
            let _ = UnixStream::from(OwnedFd::from(socket)).shutdown(Shutdown::Write);
        }
        let mut told = Vec::new();
        let read = self.told.read_to_end(&mut told);
        drop(self.noticed);
        let ended = self.watcher.join();
        let status = ended
            .map_err(|_| anyhow!("the thread that waits for the other worker has panicked"))?
            .context("cannot wait for the other worker")?;
        ensure!(status.success(), "the other worker {}", how(status));
        read.context("cannot read what the other worker says")?;
        postcard::from_bytes(&told).context("the other worker has not said what came")
    }
}

/// Waits for the end of the other worker, and sees to it that the first one does not wait for it in vain.
fn watch(
    mut child: Child,
    hang_up: impl FnOnce(),
    noticed: &Receiver<()>,
) -> io::Result<ExitStatus> {
    let status = child.wait()?;
    hang_up();
    if noticed.recv_timeout(GRACE) == Err(RecvTimeoutError::Timeout) && !status.success() {
        wait_if_interrupted();
        say!("messenger-processes: the other worker {}", how(status));
        exit(1);
    }
    Ok(status)
}

/// How it ended, in words.
fn how(status: ExitStatus) -> String {
    let Some(signal) = status.signal() else {
        return format!("ended with {status}");
    };
    let name = match signal {
        6 => " (SIGABRT)",
        7 => " (SIGBUS)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        15 => " (SIGTERM)",
        _ => "",
    };
    format!("was killed by signal {signal}{name}")
}
