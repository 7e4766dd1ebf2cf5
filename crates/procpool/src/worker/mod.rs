//! The worker's side: from `serve` to the end of the process.

mod control;
mod panics;
mod run;

use std::sync::Arc;
use std::{env, panic, process};

use ipc_channel::ipc::{self, IpcSender};

use crate::process::child::{JOB_VAR, SOCKET_VAR};
use crate::shared_data;
use crate::wire::channel::{Receiver, Sender};
use crate::wire::page::Page;
use crate::wire::{Hello, codec, fields, head, kind, put_head};
use crate::{Job, sys};

use control::Common;
pub use control::advance;

/// Exit status of a worker that could not get to work; its last line says why.
const UNFIT: i32 = 70;
/// Fields of the setup's message.
pub(crate) const SETUP_FIELDS: usize = 2;

/// Makes this process do its job if it is a worker for `J`, and returns at once if it is not.
///
/// Call it at the start of `main`, once for each job. In a worker it never returns.
pub fn serve<J: Job>() {
    if job_of_this_worker().is_none_or(|job| job != J::NAME) {
        return;
    }
    // Never back to `main` from here on: a worker must not do the parent's work.
    let socket =
        env::var(SOCKET_VAR).unwrap_or_else(|error| unfit(&format!("{SOCKET_VAR}: {error}")));
    match connect(socket) {
        Ok((common, tasks)) => work::<J>(&common, &tasks),
        // The parent is gone, most likely: there is nobody to tell but the log.
        Err(error) => unfit(&format!("cannot connect to the parent: {error}")),
    }
}

/// The job that this process was started for, if it is a worker.
pub(crate) fn job_of_this_worker() -> Option<String> {
    // The variable alone would not do: what a worker starts inherits it, and is none.
    let job = env::var_os(JOB_VAR).filter(|_| sys::is_worker())?;
    Some(job.to_string_lossy().into_owned())
}

fn unfit(cause: &str) -> ! {
    eprintln!("procpool worker {}: {cause}", process::id());
    process::exit(UNFIT)
}

/// Makes the channels and sends the parent its ends.
fn connect(socket: String) -> Result<(Arc<Common>, Receiver), Box<dyn std::error::Error>> {
    let parent = IpcSender::connect(socket)?;
    let (tasks, our_tasks) = ipc::bytes_channel()?;
    let (our_outputs, outputs) = ipc::bytes_channel()?;
    let (control, our_control) = ipc::channel()?;
    let page = Page::new();
    parent.send(Hello {
        tasks,
        outputs,
        control,
        page: page.memory(),
    })?;
    sys::tell_of_arrival()?;
    let common = Common::start(Sender(our_outputs), page, our_control)?;
    Ok((common, Receiver(our_tasks)))
}

fn work<J: Job>(common: &Arc<Common>, tasks: &Receiver) -> ! {
    sys::name_worker();
    let Ok(setup) = tasks.recv() else {
        process::exit(0)
    };
    let Some([_, backtraces]) = fields::<SETUP_FIELDS>(&setup) else {
        unfit("the setup is cut")
    };
    panics::remember(backtraces != 0);
    let mut job = set_up::<J>(common, &setup);
    common.note_usage();
    common.send(&mut head_only(kind::READY));
    // The channel closes when the parent wants no more; what is left in it is not wanted either.
    while let Ok(batch) = tasks.recv() {
        if common.page.stopping() {
            break;
        }
        job = run::batch(common, job, batch, || set_up(common, &setup));
    }
    // As at the end of `main`: the job is dropped.
    drop(job);
    common.note_usage();
    process::exit(0)
}

/// Makes the job, or tells the parent why there is none and ends.
fn set_up<J: Job>(common: &Common, setup: &[u8]) -> J {
    let made = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let [shared, _] = fields::<SETUP_FIELDS>(setup).ok_or("the setup is cut")?;
        let bytes = codec::piece(setup, &mut { head(SETUP_FIELDS) }).ok_or("the setup is cut")?;
        let memory = common.shared_data(shared as usize);
        let setup = shared_data::resolve(memory, || codec::decode(bytes))?;
        J::new(setup).map_err(|error| chain(&error))
    }));
    let refused = match made {
        Ok(Ok(job)) => return job,
        Ok(Err(cause)) => cause,
        Err(payload) => format!("panicked: {}", panics::message(&*payload)),
    };
    let mut message = head_only(kind::REFUSED);
    message.extend_from_slice(refused.as_bytes());
    common.send(&mut message);
    process::exit(UNFIT)
}

fn head_only(kind: u8) -> Vec<u8> {
    let mut message = vec![0; head(0)];
    put_head(&mut message, kind, &[]);
    message
}

/// An error with its causes, as one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
