//! What tasks can do, and what becomes of them and of nobody else.

use std::time::Duration;

use procpool::{Cause, Pool, TaskError, WorkerEnd};

use super::{MIDDLE, Way, orders_around};
use crate::job::{Obey, OneWay, Order, Refused, Silent};
use crate::process::lives;

pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) order: fn() -> Order,
    pub(super) fate: Fate,
    /// What the error says, among other things.
    says: &'static str,
}

/// What becomes of a task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fate {
    Refused,
    Panicked,
    Died(WorkerEnd),
    TimedOut,
    TaskNotEncoded,
    TaskNotDecoded,
    OutputNotEncoded,
    OutputNotDecoded,
}

/// Long enough that no short task is meant by it, on a busy machine either.
pub(super) const LIMIT: Duration = Duration::from_millis(300);

const fn fault(name: &'static str, order: fn() -> Order, fate: Fate, says: &'static str) -> Fault {
    Fault {
        name,
        order,
        fate,
        says,
    }
}

const fn killed(signal: i32) -> Fate {
    Fate::Died(WorkerEnd::Killed(signal))
}

const fn exited(status: i32) -> Fate {
    Fate::Died(WorkerEnd::Exited(status))
}

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a_job_error_is_that_error",
        || Order::Fail("no".into()),
        Fate::Refused,
        "refused: no",
    ),
    fault(
        "a_panic_has_message_location_and_backtrace",
        || Order::Panic("oh dear".into()),
        Fate::Panicked,
        "job.rs:",
    ),
    fault(
        "a_panic_while_panicking_is_an_abort",
        || Order::PanicTwice,
        killed(6),
        "panic in a destructor during cleanup",
    ),
    fault(
        "an_abort_is_named_so",
        || Order::Abort,
        killed(6),
        "was killed by signal 6 (SIGABRT)",
    ),
    fault(
        "a_stack_overflow_is_an_abort_that_says_so",
        || Order::OverflowTheStack,
        killed(6),
        "has overflowed its stack",
    ),
    fault(
        "memory_that_runs_out_is_an_abort",
        || Order::Exhaust,
        killed(6),
        "was killed by signal 6 (SIGABRT)",
    ),
    fault(
        "an_exit_with_0_is_no_success",
        || Order::Exit(0),
        exited(0),
        "exited with status 0",
    ),
    fault(
        "an_exit_with_3_is_named_so",
        || Order::Exit(3),
        exited(3),
        "exited with status 3",
    ),
    fault(
        "a_sigkill_is_named_so",
        || Order::Signal(9),
        killed(9),
        "was killed by signal 9 (SIGKILL)",
    ),
    fault(
        "a_sigsegv_is_named_so",
        || Order::Signal(11),
        killed(11),
        "was killed by signal 11 (SIGSEGV)",
    ),
    fault(
        "a_worker_that_stops_itself_is_timed_out",
        || Order::Signal(19),
        Fate::TimedOut,
        "timed out after 300ms; worker ",
    ),
    fault(
        "a_task_that_spins_for_ever_is_timed_out",
        || Order::SpinForEver,
        Fate::TimedOut,
        "timed out after 300ms; worker ",
    ),
    fault(
        "a_task_that_sleeps_for_ever_is_timed_out",
        || Order::Sleep(u64::MAX),
        Fate::TimedOut,
        "timed out after 300ms; worker ",
    ),
    fault(
        "a_task_that_cannot_be_encoded_is_an_error_of_its_own",
        || Order::Unencodable(Silent),
        Fate::TaskNotEncoded,
        "cannot encode the task: ",
    ),
    fault(
        "a_task_that_cannot_be_decoded_is_an_error_of_its_own",
        || Order::Undecodable(OneWay),
        Fate::TaskNotDecoded,
        "cannot decode the task in the worker: ",
    ),
    fault(
        "an_output_that_cannot_be_encoded_is_an_error_of_its_own",
        || Order::UnencodableOutput,
        Fate::OutputNotEncoded,
        "cannot encode the output: ",
    ),
    fault(
        "an_output_that_cannot_be_decoded_is_an_error_of_its_own",
        || Order::UndecodableOutput,
        Fate::OutputNotDecoded,
        "cannot decode the output: ",
    ),
    fault(
        "an_output_whose_encoding_panics_is_a_panic_of_its_task",
        || Order::StartlingOutput,
        Fate::Panicked,
        "boo",
    ),
    fault(
        "an_error_that_cannot_be_encoded_is_an_error_of_its_own",
        || Order::Fail("silent".into()),
        Fate::OutputNotEncoded,
        "cannot encode the output: ",
    ),
    fault(
        "an_error_that_cannot_be_decoded_is_an_error_of_its_own",
        || Order::Fail("one way".into()),
        Fate::OutputNotDecoded,
        "cannot decode the output: ",
    ),
    fault(
        "an_error_whose_encoding_panics_is_a_panic_of_its_task",
        || Order::Fail("startling".into()),
        Fate::Panicked,
        "boo",
    ),
];

impl Fault {
    /// One task among others has the fault; they are all right, and so is the pool.
    pub(super) fn try_in(&self, way: Way) {
        let mut builder = Pool::<Obey>::builder().workers(2).retries(0);
        if self.fate == Fate::TimedOut {
            builder = builder.task_timeout(LIMIT);
        }
        let pool = builder.start(()).unwrap();
        let order = (self.order)();
        let errors = way.errors(&pool, orders_around(&order));
        let [error] = &errors[..] else {
            panic!("{errors:?}")
        };
        assert_eq!((error.index, &error.task), (MIDDLE, &order));
        self.assert_explains(error);
        if let Cause::Panicked { backtrace, .. } = &error.cause {
            assert_shows_the_job(backtrace.as_deref().unwrap());
        }
        crate::process::eventually("two workers", || pool.worker_ids().len() == 2);
        let report = pool.shutdown().unwrap();
        let deaths = u64::from(self.fate.is_deadly());
        assert_eq!((report.died, report.started), (deaths, 2 + deaths));
    }

    pub(super) fn assert_explains(&self, error: &TaskError<Obey>) {
        assert!(self.fate.is(&error.cause), "{}: {error:?}", self.name);
        let mut text = error.to_string();
        if let Cause::WorkerDied(death) = &error.cause {
            text += &death.stderr.join("\n");
        }
        assert!(text.contains(self.says), "{}: {error:?}", self.name);
    }
}

impl Fate {
    fn is_deadly(self) -> bool {
        matches!(self, Fate::Died(_) | Fate::TimedOut)
    }

    pub(super) fn is(self, cause: &Cause<Refused>) -> bool {
        match (self, cause) {
            (Fate::Refused, Cause::Job(_))
            | (Fate::TaskNotEncoded, Cause::TaskNotEncoded(_))
            | (Fate::TaskNotDecoded, Cause::TaskNotDecoded(_))
            | (Fate::OutputNotEncoded, Cause::OutputNotEncoded(_))
            | (Fate::OutputNotDecoded, Cause::OutputNotDecoded(_))
            | (Fate::Panicked, Cause::Panicked { .. }) => true,
            (Fate::Died(end), Cause::WorkerDied(death)) => end == death.end && !lives(death.pid),
            (Fate::TimedOut, Cause::TimedOut { pid, limit }) => *limit == LIMIT && !lives(*pid),
            _ => false,
        }
    }
}

/// And not the frames of the pool.
pub(super) fn assert_shows_the_job(backtrace: &str) {
    assert!(backtrace.contains("battery::job::"), "{backtrace}");
    assert!(!backtrace.contains("catch_unwind"), "{backtrace}");
}
