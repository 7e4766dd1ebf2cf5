//! Messages between processes: they have nothing in common but what the system gives to both.
//!
//! Compare with `messenger-threads`: same order, other primitives.
#![cfg(unix)]
#![warn(missing_docs)]

pub mod mechanisms;
mod other;
mod shared_file;
mod worker;

use anyhow::{Context, Result, bail};
use mechanisms::meeting::{Ends, Meeting};
use mechanisms::{ipc_bytes, ipc_typed};
use messenger::mechanisms::byte_stream::{self, ByteStream, Files};
use messenger::mechanisms::copied::Copied;
use messenger::mechanisms::in_place::InPlace;
use messenger::ring::{Region, RingEnd, one_end};
use messenger::{Alike, Asked, End, Plan, Report, Talk, TalkError, Told, Way};
use other::Other;
use shared_file::SharedFile;
use worker::Place;
pub use worker::serve;

/// Has two processes talk as `plan` says, and tells `report`.
///
/// # Errors
/// If a process cannot be started, or ends, or a message does not come as it was sent.
pub fn run(plan: &Plan, report: &mut Report) -> Result<()> {
    for talk in plan.talks() {
        report.workers_ready();
        let (asked, answered) = by(&talk).with_context(|| talk.about())?;
        report.take(&talk, &asked, &answered);
    }
    report.work_done();
    Ok(())
}

/// Makes both ends of a way, and has two processes talk.
fn by(talk: &Talk) -> Result<(Asked, Told)> {
    talk.fits()?;
    match talk.way {
        // Memory: what is made here is mapped by the other one.
        Way::Alike(Alike::InPlaceSpin | Alike::InPlaceFutex) => {
            let (other, ours) = memory(talk)?;
            between(talk, InPlace(ours), other)
        }
        Way::Alike(Alike::CopiedSpin | Alike::CopiedFutex) => {
            let (other, ours) = memory(talk)?;
            between(talk, Copied::new(ours, talk)?, other)
        }
        // Files: a process has those that it was started with.
        Way::Alike(Alike::Pipe) => {
            streams(talk, byte_stream::pipes().context("cannot open two pipes")?)
        }
        Way::Alike(Alike::Socketpair) => {
            let sockets = byte_stream::sockets();
            streams(talk, sockets.context("cannot open a pair of sockets")?)
        }
        // Channels: an end is sent into the other process, through a channel that it finds by a name.
        Way::IpcBytes => channel::<ipc_bytes::IpcBytes>(talk),
        Way::IpcTyped => channel::<ipc_typed::IpcTyped>(talk),
        other => bail!("processes have no way {}", other.name()),
    }
}

fn memory(talk: &Talk) -> Result<(Other, RingEnd)> {
    let file = SharedFile::make(Region::bytes(talk))?;
    let region = Region::map(file.file(), talk).context("cannot map shared memory")?;
    let ours = one_end(region, 0, talk);
    let hangup = ours.hangup();
    let place = Place::Memory(file.path().to_owned());
    let other = Other::start(talk, place, None, move || hangup.hang_up())?;
    Ok((other.keeping(file), ours))
}

fn streams(talk: &Talk, [ours, theirs]: [Files; 2]) -> Result<(Asked, Told)> {
    let read_again = ours.reader.try_clone();
    let told = read_again.context("cannot open one more file")?;
    let ours = ByteStream::new(ours, talk)?;
    let other = Other::start(talk, Place::Files, Some((theirs, told)), || ())?;
    between(talk, ours, other)
}

fn channel<E: Ends>(talk: &Talk) -> Result<(Asked, Told)> {
    let (meeting, name) = Meeting::<E>::new()?;
    let place = Place::Channel(name.clone());
    let other = Other::start(talk, place, None, move || Meeting::<E>::call_off(name))?;
    match meeting.hold(talk) {
        Ok(ours) => between(talk, ours, other),
        Err(error) => Err(other.join().err().unwrap_or(error)),
    }
}

/// This process asks at one end, the other one answers at its own.
fn between(talk: &Talk, ours: impl End, other: Other) -> Result<(Asked, Told)> {
    let asked = talk.ask(ours);

    // What it has to say comes as bytes, and how it ended from the system.
    match (asked, other.join()) {
        (Ok(asked), Ok(answered)) => Ok((asked, answered)),
        // That the other one is gone is the consequence, and not the cause.
        (Err(TalkError::Gone) | Ok(_), Err(cause)) => Err(cause),
        (Err(cause), _) => Err(cause.into()),
    }
}
