//! Limits are kept, and hit nothing but what they are for.

mod setup;

use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use procpool::{Builder, Cause, Job, Pool};

use crate::job::{Gate, Notes, Obey, Order, number};
use crate::process::{children, eventually, lives};
pub(crate) use setup::{Tardy, linger};

pub(crate) fn tests() -> Vec<Trial> {
    let mut tests = crate::trials![
        a_task_that_waits_for_its_turn_is_not_timed_out,
        short_tasks_are_not_timed_out_together,
        a_task_that_times_out_is_not_tried_again,
        a_task_that_ends_within_the_grace_period_is_finished,
        a_task_that_does_not_is_cancelled_after_it,
        a_death_is_tried_again_once_unless_one_says_otherwise,
        errors_and_panics_are_not_tried_again,
        panics_have_no_backtrace_if_none_is_wanted,
    ];
    tests.extend(setup::tests());
    tests
}

/// More than a busy machine adds to what is short.
const LIMIT: Duration = Duration::from_secs(1);
/// Behind some of these, a task has waited for longer than the limit.
const PART: Duration = Duration::from_millis(200);

fn one_worker<J: Job>() -> Builder<J> {
    Pool::<J>::builder().workers(1).retries(0)
}

fn a_task_that_waits_for_its_turn_is_not_timed_out() {
    let pool = one_worker::<Obey>().task_timeout(LIMIT).start(()).unwrap();
    let sleep = || Order::SleepPid(PART.as_millis() as u64);
    let handles: Vec<_> = (0..8).map(|_| pool.submit(sleep())).collect();
    let pid = u64::from(pool.worker_ids()[0]);
    assert!(
        handles
            .into_iter()
            .all(|handle| number(handle.wait()) == pid)
    );
    // Short tasks make the batches large, so that long ones share one.
    let orders = (0..5000).map(Order::Echo).chain((0..8).map(|_| sleep()));
    let numbers: Vec<_> = pool.map(orders).map(number).collect();
    assert!(numbers[..5000].iter().copied().eq(0..5000));
    assert_eq!(numbers[5000..], [pid; 8]);
    assert_eq!(pool.shutdown().unwrap().died, 0);
}

/// The worker is never idle, and always in the same batch or the next.
fn short_tasks_are_not_timed_out_together() {
    let pool = one_worker::<Obey>().task_timeout(LIMIT).start(()).unwrap();
    let began = Instant::now();
    let endless = (0..).map(|n| Order::Spin(20, n));
    let done = pool
        .map(endless)
        .take_while(|outcome| outcome.is_ok() && began.elapsed() < 2 * LIMIT);
    assert!(done.map(number).count() > 0);
    assert!(began.elapsed() >= 2 * LIMIT, "it ended early");
    assert_eq!(pool.shutdown().unwrap().died, 0);
}

fn a_task_that_times_out_is_not_tried_again() {
    let notes = Notes::new();
    let limit = Duration::from_millis(50);
    let builder = Pool::<Obey>::builder().workers(1).retries(5);
    let pool = builder.task_timeout(limit).start(()).unwrap();
    let pid = pool.worker_ids()[0];
    let order = notes.of(Order::Sleep(u64::MAX));
    let error = pool.submit(order.clone()).wait().unwrap_err();
    assert_eq!(error.task, order);
    let text = format!("timed out after 50ms; worker {pid} was killed");
    assert_eq!(error.to_string(), text);
    assert!(!lives(pid));
    assert_eq!(number(pool.submit(Order::Echo(1)).wait()), 1);
    assert_eq!(notes.all().len(), 1);
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

fn a_task_that_ends_within_the_grace_period_is_finished() {
    let (gate, notes) = (Gate::new(), Notes::new());
    let builder = one_worker::<Obey>().grace(Duration::from_mins(1));
    let pool = builder.start(()).unwrap();
    let order = notes.of(gate.before(notes.of(Order::Echo(7))));
    let handle = pool.submit(order);
    eventually("it runs", || notes.all().len() == 1);
    thread::scope(|scope| {
        let shutdown = scope.spawn(|| pool.shutdown().unwrap());
        thread::sleep(Duration::from_millis(100));
        assert!(!shutdown.is_finished() && !handle.is_done());
        gate.open();
        let report = shutdown.join().unwrap();
        assert_eq!((report.tasks, report.died), (1, 0));
    });
    assert_eq!(notes.count(&Order::Echo(7)), 1);
    assert_eq!(number(handle.wait()), 7);
}

fn a_task_that_does_not_is_cancelled_after_it() {
    let notes = Notes::new();
    let grace = Duration::from_millis(150);
    let pool = one_worker::<Obey>().grace(grace).start(()).unwrap();
    let handle = pool.submit(notes.of(Order::SpinForEver));
    eventually("it runs", || notes.all().len() == 1);
    let began = Instant::now();
    let report = pool.shutdown().unwrap();
    assert!(began.elapsed() >= grace);
    assert_eq!((report.tasks, report.died), (0, 0));
    assert!(matches!(handle.wait().unwrap_err().cause, Cause::Cancelled));
    assert_eq!(children(), []);
}

fn a_death_is_tried_again_once_unless_one_says_otherwise() {
    for (retries, runs) in [(None, 2), (Some(0), 1), (Some(3), 4)] {
        let notes = Notes::new();
        let builder = Pool::<Obey>::builder().workers(1);
        let builder = match retries {
            Some(retries) => builder.retries(retries),
            None => builder,
        };
        let pool = builder.start(()).unwrap();
        let error = pool.submit(notes.of(Order::Exit(3))).wait().unwrap_err();
        assert_eq!(notes.all().len(), runs, "{error}");
        let attempts = match error.cause {
            Cause::WorkerDied(_) => 1,
            Cause::GivenUp { attempts, .. } => attempts as usize,
            other => panic!("{other:?}"),
        };
        assert_eq!(attempts, runs);
    }
}

fn errors_and_panics_are_not_tried_again() {
    let notes = Notes::new();
    let builder = Pool::<Obey>::builder().workers(1).retries(5);
    let pool = builder.start(()).unwrap();
    for order in [Order::Fail("no".into()), Order::Panic("no".into())] {
        assert!(pool.submit(notes.of(order.clone())).wait().is_err());
        assert_eq!(notes.count(&order), 1);
    }
}

fn panics_have_no_backtrace_if_none_is_wanted() {
    for wanted in [false, true] {
        let builder = one_worker::<Obey>().backtraces(wanted);
        let pool = builder.start(()).unwrap();
        let error = pool
            .submit(Order::Panic("oh dear".into()))
            .wait()
            .unwrap_err();
        let Cause::Panicked {
            message,
            location,
            backtrace,
        } = error.cause
        else {
            panic!("{error:?}")
        };
        assert_eq!(message, "oh dear");
        assert!(location.unwrap().contains("job.rs:"));
        assert_eq!(backtrace.is_some(), wanted);
    }
}
