//! How things show themselves: in logs, in a debugger's eye, to a user.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Cause, Death, Pool, PoolError, TaskError, WorkerEnd};

use crate::job::{Gate, Obey, Order, Refused, number, pool, try_pool};

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        pools_maps_and_handles_can_be_debugged,
        a_task_error_says_which_and_why_and_has_a_source,
        every_cause_is_a_sentence,
        every_pool_error_is_a_sentence,
        every_end_of_a_worker_is_a_sentence,
    ]
}

fn pools_maps_and_handles_can_be_debugged() {
    let builder = Pool::<Obey>::builder().workers(2).retries(3);
    let builder = builder.task_timeout(Duration::from_mins(1));
    let text = r#"Builder { job: "obey", workers: 2, retries: 3, task_timeout: Some(60s), .. }"#;
    assert_eq!(format!("{builder:?}"), text);
    let (pool, gate) = (builder.start(()).unwrap(), Gate::new());
    assert_eq!(
        format!("{pool:?}"),
        r#"Pool { job: "obey", workers: 2, .. }"#
    );
    let mut map = pool.map((0..3).map(Order::Echo));
    assert_eq!(number(map.next().unwrap()), 0);
    assert_eq!(format!("{map:?}"), r#"Map { job: "obey", next: 1, .. }"#);
    let map = pool.map_unordered((0..3).map(Order::Echo));
    assert_eq!(format!("{map:?}"), r#"MapUnordered { job: "obey", .. }"#);
    let handle = pool.submit(gate.before(Order::Echo(1)));
    let text = |done| format!(r#"Handle {{ job: "obey", index: 0, done: {done}, .. }}"#);
    assert_eq!(format!("{handle:?}"), text(false));
    gate.open();
    crate::process::eventually("it is done", || handle.is_done());
    assert_eq!(format!("{handle:?}"), text(true));
}

fn a_task_error_says_which_and_why_and_has_a_source() {
    let error = pool(1).submit(Order::Fail("no".into())).wait().unwrap_err();
    let text = r#"TaskError { index: 0, cause: Job(Refused("no")), .. }"#;
    assert_eq!(format!("{error:?}"), text);
    assert_eq!(error.to_string(), "refused: no");
    assert!(error.source().is_none(), "it is the job's own");
    let source = io::Error::other("too many");
    let what = "open a file";
    let cause = Cause::Job(PoolError::System { what, source });
    assert_eq!(cause.source().unwrap().to_string(), "too many");
    let task = Order::Echo(1);
    let error = TaskError::<Obey> {
        index: 7,
        task,
        cause: Cause::Cancelled,
    };
    assert_eq!(
        format!("{error:?}"),
        "TaskError { index: 7, cause: Cancelled, .. }"
    );
    let lost: Box<dyn Error + Send + Sync> = Box::new(error);
    assert_eq!(lost.to_string(), "cancelled");
}

/// As only the pool can make it.
fn death(order: Order) -> Death {
    let pool = try_pool(1, 0).unwrap();
    match pool.submit(order).wait().unwrap_err().cause {
        Cause::WorkerDied(death) => death,
        other => panic!("{other:?}"),
    }
}

fn every_cause_is_a_sentence() {
    let death = death(Order::Say("farewell".into(), Box::new(Order::Exit(3))));
    let dead = format!(
        "worker {} exited with status 3 (its last line: \"farewell (err)\")",
        death.pid
    );
    let (message, location) = ("oh dear".to_owned(), Some("src/main.rs:7:9".to_owned()));
    let panicked = |location| Cause::Panicked {
        message: message.clone(),
        location,
        backtrace: None,
    };
    let (pid, limit) = (71, Duration::from_millis(1500));
    let text = || "no such thing".to_owned();
    let job = "obey".to_owned();
    let lost = Arc::new(PoolError::InsideWorker { job });
    let no_worker = format!("no worker left: {lost}");
    let last = death.clone();
    let causes: [(Cause<Refused>, &str); 11] = [
        (Cause::Job(Refused("no".into())), "refused: no"),
        (
            panicked(location.clone()),
            "task panicked at src/main.rs:7:9: oh dear",
        ),
        (panicked(None), "task panicked: oh dear"),
        (Cause::WorkerDied(death), &dead),
        (
            Cause::TimedOut { pid, limit },
            "timed out after 1.5s; worker 71 was killed",
        ),
        (Cause::Cancelled, "cancelled"),
        (
            Cause::GivenUp { attempts: 3, last },
            &format!("given up after 3 attempts; last: {dead}"),
        ),
        (
            Cause::TaskNotEncoded(text()),
            "cannot encode the task: no such thing",
        ),
        (
            Cause::TaskNotDecoded(text()),
            "cannot decode the task in the worker: no such thing",
        ),
        (
            Cause::OutputNotEncoded(text()),
            "cannot encode the output: no such thing",
        ),
        (
            Cause::OutputNotDecoded(text()),
            "cannot decode the output: no such thing",
        ),
    ];
    for (cause, text) in causes {
        assert_eq!(cause.to_string(), text);
    }
    let cause: Cause<Refused> = Cause::NoWorker(lost);
    assert_eq!(cause.to_string(), no_worker);
}

fn every_pool_error_is_a_sentence() {
    let death = death(Order::Signal(9));
    let dead = format!("worker {} was killed by signal 9 (SIGKILL)", death.pid);
    let death = || death.clone();
    let (job, pid, after) = ("obey", 71, Duration::from_millis(1500));
    let message = || "no such thing".to_owned();
    let serve = "procpool::serve::<...>() for job `obey` at the start of main";
    let serve_that = "procpool::serve::<...>() for that job at the start of main";
    let source = io::Error::other("too many");
    let system = PoolError::System {
        what: "start a thread",
        source,
    };
    assert_eq!(system.source().unwrap().to_string(), "too many");
    let errors = [
        (
            PoolError::InsideWorker { job: job.into() },
            format!(
                "this process is a worker for job `obey`, which was never served: call {serve_that}"
            ),
        ),
        (
            PoolError::SetupNotEncoded { job, message: message() },
            "cannot encode the setup of job `obey`: no such thing".into(),
        ),
        (system, "cannot start a thread for a worker".into()),
        (
            PoolError::NeverConnected { job, death: death() },
            format!("{dead} before it connected; does the program call {serve}?"),
        ),
        (
            PoolError::NoAnswer { job, pid, after },
            format!("worker 71 did not connect within 1.5s; does the program call {serve}?"),
        ),
        (
            PoolError::SetupFailed { job, message: message() },
            "job `obey` cannot be set up in a worker: no such thing".into(),
        ),
        (
            PoolError::SetupTooLong { job, pid, after },
            "job `obey` was not set up in worker 71 within 1.5s".into(),
        ),
        (
            PoolError::TooFewDescriptors { workers: 90, needed: 1088, left: 1000 },
            "90 workers need up to 1088 open files and the limit leaves 1000: raise it (ulimit -n) \
             or start fewer workers"
                .into(),
        ),
        (
            PoolError::DiedInSetup { job, death: death() },
            format!("{dead} while job `obey` was set up in it"),
        ),
        (
            PoolError::KeepDying { job, death: death() },
            format!("workers for job `obey` die before they finish a task; last: {dead}"),
        ),
        (
            PoolError::Lost(Arc::new(PoolError::KeepDying { job, death: death() })),
            format!(
                "no worker is left: workers for job `obey` die before they finish a task; last: {dead}"
            ),
        ),
    ];
    for (error, text) in errors {
        assert_eq!(error.to_string(), text);
    }
}

fn every_end_of_a_worker_is_a_sentence() {
    let ends = [
        (WorkerEnd::Exited(0), "exited with status 0"),
        (WorkerEnd::Killed(11), "was killed by signal 11 (SIGSEGV)"),
        (WorkerEnd::Killed(15), "was killed by signal 15 (SIGTERM)"),
        (WorkerEnd::Killed(40), "was killed by signal 40"),
        (WorkerEnd::Broken, "broke off its channels"),
    ];
    for (end, text) in ends {
        assert_eq!(end.to_string(), text);
    }
}
