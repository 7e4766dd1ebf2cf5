//! Messages between threads: they have all memory in common, so a message need not go anywhere.
//!
//! Compare with `messenger-processes`: same order, other primitives.
#![warn(missing_docs)]

pub mod mechanisms;

use std::panic::resume_unwind;
use std::thread;

use anyhow::{Context, Result, bail};
use mechanisms::{arc, crossbeam, moved, mpsc, tokio};
#[cfg(unix)]
use messenger::mechanisms::byte_stream::{self, ByteStream, Files};
use messenger::mechanisms::copied::Copied;
use messenger::mechanisms::in_place::InPlace;
use messenger::ring::{Region, ends};
use messenger::{Alike, Asked, End, Plan, Report, Talk, TalkError, Told, Way};

/// Has two threads talk as `plan` says, and tells `report`.
///
/// # Errors
/// If a thread cannot be started, or a message does not come as it was sent.
pub fn run(plan: &Plan, report: &mut Report) -> Result<()> {
    for talk in plan.talks() {
        report.workers_ready();
        let (asked, answered) = by(&talk).with_context(|| talk.about())?;
        report.take(&talk, &asked, &answered);
    }
    report.work_done();
    Ok(())
}

/// Makes both ends of a way, and has two threads talk.
fn by(talk: &Talk) -> Result<(Asked, Told)> {
    talk.fits()?;
    match talk.way {
        // Memory: what is made here is there for both of them.
        Way::Alike(Alike::InPlaceSpin | Alike::InPlaceFutex) => {
            let region = Region::make(talk).context("no memory that both have")?;
            between(talk, ends(region, talk).map(InPlace))
        }
        Way::Alike(Alike::CopiedSpin | Alike::CopiedFutex) => {
            let region = Region::make(talk).context("no memory that both have")?;
            let [ours, theirs] = ends(region, talk).map(|end| Copied::new(end, talk));
            between(talk, [ours?, theirs?])
        }
        // Files: a thread has all files of its process.
        #[cfg(unix)]
        Way::Alike(Alike::Pipe) => {
            streams(talk, byte_stream::pipes().context("cannot open two pipes")?)
        }
        #[cfg(unix)]
        Way::Alike(Alike::Socketpair) => {
            let sockets = byte_stream::sockets();
            streams(talk, sockets.context("cannot open a pair of sockets")?)
        }
        // Channels: an end is a value, and moved into the other thread.
        Way::Mpsc => between(talk, mpsc::ends(talk)?),
        Way::Crossbeam => between(talk, crossbeam::ends(talk)?),
        Way::Tokio => between(talk, tokio::ends(talk)?),
        Way::Moved => between(talk, moved::ends(talk)?),
        Way::Arc => between(talk, arc::ends(talk)?),
        other => bail!("threads have no way {}", other.name()),
    }
}

#[cfg(unix)]
fn streams(talk: &Talk, [ours, theirs]: [Files; 2]) -> Result<(Asked, Told)> {
    let ends = [ByteStream::new(ours, talk)?, ByteStream::new(theirs, talk)?];
    between(talk, ends)
}

/// This thread asks at one end, another one answers at the other.
fn between<E: End + Send>(talk: &Talk, [ours, theirs]: [E; 2]) -> Result<(Asked, Told)> {
    thread::scope(|scope| {
        // A worker is a function that runs beside this one, and ends before it does.
        let other = thread::Builder::new()
            .spawn_scoped(scope, || talk.answer(theirs))
            .context("cannot start a thread")?;
        let asked = talk.ask(ours);

        // What it has to say stays where it is in memory. A panic would come back here as well.
        let answered = other.join().unwrap_or_else(|panic| resume_unwind(panic));
        match (asked, answered) {
            (Ok(asked), Ok(answered)) => Ok((asked, answered)),
            // That the other one is gone is the consequence, and not the cause.
            (Err(TalkError::Gone) | Ok(_), Err(cause)) | (Err(cause), _) => Err(cause.into()),
        }
    })
}
