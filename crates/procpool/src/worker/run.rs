//! Doing the tasks of a batch.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::Arc;

use super::control::Common;
use super::{UNFIT, panics, unfit};
use crate::parent::MAX_BYTES;
use crate::wire::codec;
use crate::wire::orders::{Orders, Tasks};
use crate::wire::outputs::{Status, Writer};
use crate::{Job, bytes, sys};

/// A batch that takes this long is reported in parts, so that the consumer can go on.
const REPORT_NS: u64 = 5_000_000;
/// A batch that takes this long was cut far too large: its rest goes back, to be shared out anew.
const OVERRUN_NS: u64 = 10_000_000;
/// How often the worker's use of memory and processor is noted.
const NOTE_NS: u64 = 50_000_000;
/// Tasks shorter than this are timed in groups: the clock would cost as much as they.
const SHORT_NS: u64 = 500;
const GROUP: u64 = 16;

/// Does the tasks and sends their outputs. Returns the job, which is made anew if a task panics.
pub(super) fn batch<J: Job>(
    common: &Arc<Common>,
    mut job: J,
    message: Vec<u8>,
    set_up: impl Fn() -> J,
) -> J {
    let Some(orders) = Orders::read(message) else {
        // The parent cannot have sent this.
        process::exit(UNFIT)
    };
    let mut clock = Clock::start();
    common.writer().start(orders.numbers.start, clock.now);
    let mut tasks = None;
    let mut left_out = 0;
    let mut numbers = orders.numbers.clone();
    while let Some(number) = numbers.next() {
        if common.page.stopping() {
            break;
        }
        if !common.page.begin(number) {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            common.report(&mut common.writer(), std::mem::take(&mut left_out));
        }
        let tasks = tasks.get_or_insert_with(|| open(common, &orders));
        let done = run_task(common, &mut job, tasks, number, &mut clock);
        common.page.finish(number);
        let last = numbers.is_empty();
        if done.panicked {
            common.report(&mut common.writer(), 0);
            // A job that was left in the middle of something is not trusted any more.
            common.page.set_up(true);
            let old = std::mem::replace(&mut job, set_up());
            let _ = panic::catch_unwind(AssertUnwindSafe(|| drop(old)));
            common.page.set_up(false);
            // Which is no task's time.
            clock = Clock::start();
            common.writer().start(number + 1, clock.now);
        } else if clock.batch() > OVERRUN_NS && !last {
            left_out = numbers.end - numbers.start;
            common.page.finish(numbers.end - 1);
            break;
        } else if !last {
            report_if_due(common, &mut clock, done.large);
        }
    }
    let mut writer = common.writer();
    clock.measure(&mut writer);
    if writer.summary.count + left_out > 0 {
        note_if_due(common, &clock);
        common.report(&mut writer, left_out);
    }
    writer.end();
    drop(writer);
    job
}

fn open<'a>(common: &Common, orders: &'a Orders) -> Tasks<'a> {
    let tasks = orders.open(&common.regions);
    // While the task runs: so it is known whose region it was.
    let mut tasks = tasks.unwrap_or_else(|| unfit("cannot map the memory of a large task"));
    common.writer().lend(tasks.lent.take());
    tasks
}

/// Does one task; its output, whatever it is, is written.
fn run_task<J: Job>(
    common: &Common,
    job: &mut J,
    tasks: &mut Tasks,
    number: u64,
    clock: &mut Clock,
) -> Finished {
    let region = tasks.region.clone();
    let task = tasks.at(number).unwrap_or_else(|| process::exit(UNFIT));
    let readable = region.filter(|_| common.regions.may_be_kept());
    // The job is made anew after a panic: nothing that it left half done is seen.
    let done = panic::catch_unwind(AssertUnwindSafe(|| {
        bytes::within(readable, || codec::decode(task)).map(|t| job.run(t))
    }));
    let mut writer = common.writer();
    let mark = writer.mark();
    let encode = |writer: &mut Writer| match &done {
        Ok(Ok(Ok(output))) => writer.push(Status::Done, output),
        Ok(Ok(Err(error))) => writer.push(Status::Failed, error),
        Ok(Err(cause)) => writer.push(Status::TaskNotDecoded, cause),
        Err(_) => {}
    };
    let encoded = panic::catch_unwind(AssertUnwindSafe(|| encode(&mut writer)));
    let panicked = done.is_err() || encoded.is_err();
    match (encoded, done) {
        (Err(payload), _) => {
            writer.undo(mark);
            push_panic(&mut writer, payload);
        }
        (Ok(()), Err(payload)) => push_panic(&mut writer, payload),
        // Before one looks whether anything was kept.
        (Ok(()), Ok(done)) => drop(done),
    }
    writer.summary.kept = tasks.are_kept();
    clock.task_done(&mut writer);
    let large = writer.bytes() > 2 * MAX_BYTES;
    Finished { panicked, large }
}

/// How a task went.
struct Finished {
    panicked: bool,
    /// The outputs are many bytes already.
    large: bool,
}

#[cold]
fn push_panic(writer: &mut Writer, payload: Box<dyn Any + Send>) {
    writer.push(Status::Panicked, &panics::of(&*payload));
    // A payload may panic when dropped.
    std::mem::forget(payload);
}

fn report_if_due(common: &Common, clock: &mut Clock, large: bool) {
    if large || clock.now - clock.reported > REPORT_NS {
        note_if_due(common, clock);
        common.report(&mut common.writer(), 0);
        clock.reported = clock.now;
    }
}

fn note_if_due(common: &Common, clock: &Clock) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NOTED: AtomicU64 = AtomicU64::new(0);
    // Only one thread comes here.
    if clock.now - NOTED.load(Ordering::Relaxed) > NOTE_NS {
        NOTED.store(clock.now, Ordering::Relaxed);
        common.note_usage();
    }
}

/// Times tasks, short ones in groups.
struct Clock {
    batch: u64,
    reported: u64,
    /// When the last group ended.
    now: u64,
    /// Tasks since then, and how many make a group.
    tasks: u64,
    group: u64,
}

impl Clock {
    fn start() -> Clock {
        let now = sys::monotonic_ns();
        Clock {
            batch: now,
            reported: now,
            now,
            tasks: 0,
            group: 1,
        }
    }

    /// Since the batch began.
    #[inline]
    fn batch(&self) -> u64 {
        self.now - self.batch
    }

    #[inline]
    fn task_done(&mut self, writer: &mut Writer) {
        self.tasks += 1;
        if self.tasks >= self.group {
            self.measure(writer);
        }
    }

    /// Closes the group.
    fn measure(&mut self, writer: &mut Writer) {
        if self.tasks == 0 {
            return;
        }
        let now = sys::monotonic_ns();
        let took = now.saturating_sub(self.now);
        let short = took / self.tasks < SHORT_NS;
        self.group = if short {
            (2 * self.group).min(GROUP)
        } else {
            1
        };
        self.tasks = 0;
        self.now = now;
        writer.summary.ended_ns = now;
        writer.summary.longest_ns = writer.summary.longest_ns.max(took);
    }
}
