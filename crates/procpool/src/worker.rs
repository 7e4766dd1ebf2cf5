//! The worker's side: from `serve` to the end of the process.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::time::{Duration, Instant};
use std::{env, thread};

use ipc_channel::ipc::{self, IpcSender};

use crate::child::{JOB_VAR, SOCKET_VAR};
use crate::outputs::{Status, Writer};
use crate::page::Page;
use crate::sizer::MAX_BYTES;
use crate::wire::{self, Hello, Receiver, Sender};
use crate::{Job, environment, sys};

/// A batch that takes this long is reported in parts, so that the consumer can go on.
const REPORT: Duration = Duration::from_millis(5);
/// A batch that takes this long was cut far too large: its rest goes back, to be shared out anew.
const OVERRUN: Duration = Duration::from_millis(10);
/// Exit status of a worker that could not get to work; its last line says why.
const UNFIT: i32 = 70;

/// Makes this process do its job if it is a worker for `J`, and returns at once if it is not.
///
/// Call it at the start of `main`, once for each job, before any thread is started. In a worker it
/// never returns.
pub fn serve<J: Job>() {
    if env::var_os(JOB_VAR).is_none_or(|job| job != J::NAME) {
        return;
    }
    // Never back to `main` from here on: a worker must not do the parent's work.
    let socket =
        env::var(SOCKET_VAR).unwrap_or_else(|error| unfit(&format!("{SOCKET_VAR}: {error}")));
    // What the job starts are no workers.
    environment::remove(&[JOB_VAR, SOCKET_VAR]).unwrap_or_else(|cause| unfit(&cause));
    match connect(socket) {
        Ok(worker) => worker.work::<J>(),
        // The parent is gone, most likely: there is nobody to tell but the log.
        Err(error) => unfit(&format!("cannot connect to the parent: {error}")),
    }
}

fn unfit(cause: &str) -> ! {
    eprintln!("procpool worker {}: {cause}", process::id());
    process::exit(UNFIT)
}

struct Worker {
    tasks: Receiver,
    outputs: Sender,
    page: Page,
}

/// Makes the channels and sends the parent its ends.
fn connect(socket: String) -> Result<Worker, Box<dyn std::error::Error>> {
    let parent = IpcSender::connect(socket)?;
    let (tasks, our_tasks) = ipc::bytes_channel()?;
    let (our_outputs, outputs) = ipc::bytes_channel()?;
    let (lifeline, our_lifeline) = ipc::bytes_channel()?;
    let page = Page::new();
    parent.send(Hello {
        tasks,
        outputs,
        lifeline,
        page: page.memory(),
    })?;
    // A thread of its own: the parent may go while the job computes or waits for something else.
    // Nothing is ever sent there, so it wakes once.
    let lifeline = Receiver(our_lifeline);
    thread::Builder::new()
        .name("procpool-lifeline".into())
        .spawn(move || {
            let _ = lifeline.recv();
            sys::die()
        })?;
    Ok(Worker {
        tasks: Receiver(our_tasks),
        outputs: Sender(our_outputs),
        page,
    })
}

impl Worker {
    fn work<J: Job>(self) -> ! {
        remember_panics();
        let Ok(setup) = self.tasks.recv() else {
            process::exit(0)
        };
        let mut job = self.set_up::<J>(&setup);
        self.send(&mut wire::message(wire::READY));
        let mut outputs = Writer::new();
        // The channel closes when the parent wants no more; what is left in it is not wanted either.
        while let Ok(batch) = self.tasks.recv() {
            if self.page.stopping() {
                break;
            }
            self.run_batch(&mut job, &batch, &setup, &mut outputs);
        }
        // As at the end of `main`: the job is dropped.
        drop(job);
        process::exit(0)
    }

    /// Makes the job, or tells the parent why there is none and ends.
    fn set_up<J: Job>(&self, setup: &[u8]) -> J {
        let made = panic::catch_unwind(|| {
            let bytes = wire::piece(setup, &mut { wire::HEAD }).ok_or("the setup is cut")?;
            let setup = wire::decode(bytes)?;
            J::new(setup).map_err(|error| chain(&error))
        });
        let refused = match made {
            Ok(Ok(job)) => return job,
            Ok(Err(cause)) => cause,
            Err(payload) => format!("panicked: {}", panic_text(&*payload).0),
        };
        let mut message = wire::message(wire::REFUSED);
        message.extend_from_slice(refused.as_bytes());
        self.send(&mut message);
        process::exit(UNFIT)
    }

    fn run_batch<J: Job>(&self, job: &mut J, batch: &[u8], setup: &[u8], outputs: &mut Writer) {
        let start = Instant::now();
        let (mut reported, mut before) = (start, start);
        let mut at = wire::HEAD;
        while let Some(task) = wire::piece(batch, &mut at) {
            self.page.begin();
            let panicked = run_task(job, task, outputs);
            self.page.finish();
            let now = Instant::now();
            outputs.took(now - before);
            before = now;
            if self.page.stopping() {
                return;
            }
            if at == batch.len() && !panicked {
                break;
            }
            let overrun = now - start > OVERRUN && at < batch.len();
            if panicked || overrun || now - reported > REPORT || outputs.bytes() > 2 * MAX_BYTES {
                self.report(outputs, overrun);
                reported = now;
            }
            if panicked {
                // A job that was left in the middle of something is not trusted any more.
                let old = std::mem::replace(job, self.set_up(setup));
                let _ = panic::catch_unwind(AssertUnwindSafe(|| drop(old)));
            }
            if overrun {
                return;
            }
        }
        if outputs.count() > 0 {
            self.report(outputs, false);
        }
    }

    fn report(&self, outputs: &mut Writer, rest_comes_back: bool) {
        self.send(outputs.finish(rest_comes_back));
        outputs.clear();
    }

    /// Sends, or ends the process if nobody is there to receive.
    fn send(&self, message: &mut [u8]) {
        if self.outputs.send(message).is_err() {
            process::exit(UNFIT)
        }
    }
}

/// Does one task; its output, whatever it is, is written. True if it panicked.
fn run_task<J: Job>(job: &mut J, task: &[u8], outputs: &mut Writer) -> bool {
    let mark = outputs.mark();
    let run = || match wire::decode(task) {
        Ok(task) => match job.run(task) {
            Ok(output) => outputs.push(Status::Done, &output),
            Err(error) => outputs.push(Status::Failed, &error),
        },
        Err(cause) => outputs.push(Status::TaskNotDecoded, &cause),
    };
    // The job is made anew after a panic, and the outputs are cut back: nothing half done is seen.
    let Err(payload) = panic::catch_unwind(AssertUnwindSafe(run)) else {
        return false;
    };
    outputs.undo(mark);
    outputs.push(Status::Panicked, &panic_text(&*payload));
    // A payload may panic when dropped.
    std::mem::forget(payload);
    true
}

thread_local! {
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A caught panic has a message and no location; only the hook sees it.
fn remember_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let location = info.location().map(ToString::to_string);
        let _ = LOCATION.try_with(|last| last.replace(location));
        usual(info);
    }));
}

fn panic_text(payload: &(dyn Any + Send)) -> (String, Option<String>) {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    let message = text.unwrap_or_else(|| "(no message)".to_owned());
    (message, LOCATION.take())
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
