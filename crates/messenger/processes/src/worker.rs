//! The other worker: this program once more, which finds its end of the way by what it is told.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use harness::contestant::watch;
use harness::say;
use messenger::mechanisms::byte_stream::{ByteStream, Files};
use messenger::mechanisms::copied::Copied;
use messenger::mechanisms::in_place::InPlace;
use messenger::ring::{Region, one_end};
use messenger::{Alike, Talk, TalkError, Told, Way};
use serde::{Deserialize, Serialize};

use crate::mechanisms::meeting::come;
use crate::mechanisms::{ipc_bytes, ipc_typed};

/// The first argument of a process that is the other worker. Nobody has a way of that name.
pub(crate) const MARK: &str = "(messenger's other worker)";
/// How often it is looked whether the first worker still lives.
const LOOK: Duration = Duration::from_millis(20);

/// What the other worker is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Assignment {
    pub(crate) talk: Talk,
    pub(crate) place: Place,
    /// Whose child it is.
    pub(crate) parent: u32,
}

/// Where the other worker finds its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// It is what it reads from and writes to.
    Files,
    /// In the memory that this file is.
    Memory(PathBuf),
    /// It gets it through the channel of this name.
    Channel(String),
}

/// Does what the other worker does, and says how that went, if this process is one; returns at once if it is not.
pub fn serve() -> Option<ExitCode> {
    let mut args = std::env::args().skip(1);
    if args.next()? != MARK {
        return None;
    }
    let assignment = args.next().unwrap_or_default();
    Some(match work(&assignment) {
        Ok(()) => ExitCode::SUCCESS,
        // It has ended first, and knows why; or it was ended, and then nobody wants to know.
        Err(error) if matches!(error.downcast_ref(), Some(TalkError::Gone)) => ExitCode::from(1),
        Err(error) => {
            say!("messenger-processes: the other worker: {error:#}");
            ExitCode::from(1)
        }
    })
}

fn work(assignment: &str) -> Result<()> {
    let read = serde_json::from_str(assignment);
    let Assignment {
        talk,
        place,
        parent,
    } = read.context("it is started by messenger-processes alone")?;
    // Ctrl-C in a terminal comes to both; the first worker decides, and this one ends with it.
    watch(|| ()).context("cannot ignore Ctrl-C")?;
    end_with(parent);
    let told = answer(&talk, place)?;
    let told = postcard::to_allocvec(&told).context("cannot encode what it has to say")?;
    let mut out = io::stdout();
    let said = out.write_all(&told).and_then(|()| out.flush());
    said.context("cannot say what it has done")
}

/// Ends this process when its parent has, whatever it is doing.
fn end_with(parent: u32) {
    let is_gone = move || {
        let now = rustix::process::getppid();
        now.is_none_or(|now| now.as_raw_nonzero().get() as u32 != parent)
    };
    thread::spawn(move || {
        while !is_gone() {
            thread::sleep(LOOK);
        }
        std::process::exit(1);
    });
}

/// Finds its end, and answers there.
fn answer(talk: &Talk, place: Place) -> Result<Told> {
    Ok(match (talk.way, place) {
        (Way::Alike(Alike::InPlaceSpin | Alike::InPlaceFutex), Place::Memory(path)) => {
            talk.answer(InPlace(one_end(mapped(talk, &path)?, 1, talk)))?
        }
        (Way::Alike(Alike::CopiedSpin | Alike::CopiedFutex), Place::Memory(path)) => {
            let end = one_end(mapped(talk, &path)?, 1, talk);
            talk.answer(Copied::new(end, talk)?)?
        }
        (Way::Alike(Alike::Pipe | Alike::Socketpair), Place::Files) => {
            let files = Files {
                reader: io::stdin().as_fd().try_clone_to_owned()?,
                writer: io::stdout().as_fd().try_clone_to_owned()?,
            };
            talk.answer(ByteStream::new(files, talk)?)?
        }
        (Way::IpcBytes, Place::Channel(name)) => {
            talk.answer(come::<ipc_bytes::IpcBytes>(name, talk)?)?
        }
        (Way::IpcTyped, Place::Channel(name)) => {
            talk.answer(come::<ipc_typed::IpcTyped>(name, talk)?)?
        }
        (way, place) => bail!("{} is not to be had at {place:?}", way.name()),
    })
}

fn mapped(talk: &Talk, path: &std::path::Path) -> Result<Region> {
    let opened = File::options().read(true).write(true).open(path);
    let cannot = || format!("cannot open the shared memory {}", path.display());
    let file = opened.with_context(cannot)?;
    Region::map(&file, talk).context("cannot map shared memory")
}
