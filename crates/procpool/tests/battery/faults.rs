//! What a task does to its worker costs that task alone.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Cause, Death, WorkerEnd};

use crate::job::{Answer, Order, number, pool, try_pool};
use crate::process::kill_worker;

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        a_panic_has_message_and_location_and_the_worker_lives_on,
        every_way_to_die_is_reported_as_what_it_is,
        a_killer_in_a_batch_is_charged_and_nobody_else,
        a_killer_is_given_up_after_its_attempts,
        without_retries_a_killer_runs_once,
        a_task_whose_worker_was_killed_once_succeeds_at_the_second_try,
        the_last_lines_of_a_dead_worker_come_with_the_error,
        a_worker_that_closes_its_channels_is_replaced,
        kills_from_outside_lose_no_task,
        kills_from_outside_while_large_messages_travel,
        an_idle_worker_that_dies_is_replaced,
        many_killers_are_each_given_up,
        a_task_behind_a_killer_in_the_same_worker_runs,
    ]
}

fn death<E: std::error::Error>(cause: &Cause<E>) -> &Death {
    match cause {
        Cause::WorkerDied(death) => death,
        other => panic!("expected the death of a worker, got {other:?}"),
    }
}

fn a_panic_has_message_and_location_and_the_worker_lives_on() {
    let pool = pool(1);
    let orders = [Order::Pid, Order::Panic("oh dear".into()), Order::Pid];
    let mut answers = pool.map(orders);
    let before = number(answers.next().unwrap());
    let error = answers.next().unwrap().unwrap_err();
    let Cause::Panicked {
        message,
        location,
        backtrace,
    } = &error.cause
    else {
        panic!("{error:?}")
    };
    assert_eq!(message, "oh dear");
    assert!(
        location.as_ref().unwrap().contains("job.rs:"),
        "{location:?}"
    );
    let backtrace = backtrace.as_deref().unwrap();
    assert!(backtrace.contains("job::obey"), "{backtrace}");
    assert!(!backtrace.contains("catch_unwind"), "{backtrace}");
    assert_eq!(error.task, Order::Panic("oh dear".into()));
    assert_eq!(number(answers.next().unwrap()), before, "the same process");
}

fn every_way_to_die_is_reported_as_what_it_is() {
    let pool = try_pool(2, 0).unwrap();
    let cases = [
        (
            Order::Signal(9),
            WorkerEnd::Killed(9),
            "was killed by signal 9 (SIGKILL)",
        ),
        (
            Order::Signal(11),
            WorkerEnd::Killed(11),
            "was killed by signal 11 (SIGSEGV)",
        ),
        (
            Order::Abort,
            WorkerEnd::Killed(6),
            "was killed by signal 6 (SIGABRT)",
        ),
        (
            Order::OverflowTheStack,
            WorkerEnd::Killed(6),
            "was killed by signal 6 (SIGABRT)",
        ),
        (Order::Exit(0), WorkerEnd::Exited(0), "exited with status 0"),
        (Order::Exit(3), WorkerEnd::Exited(3), "exited with status 3"),
    ];
    for (order, end, text) in cases {
        let error = pool.map([order.clone()]).next().unwrap().unwrap_err();
        assert_eq!(error.task, order);
        assert_eq!(death(&error.cause).end, end);
        let pid = death(&error.cause).pid;
        assert!(
            error
                .to_string()
                .starts_with(&format!("worker {pid} {text}")),
            "{error}"
        );
    }
    assert_eq!(number(pool.map([Order::Echo(5)]).next().unwrap()), 5);
}

fn a_killer_in_a_batch_is_charged_and_nobody_else() {
    let pool = try_pool(2, 0).unwrap();
    let killers = [5003, 5004, 7500, 9999];
    let order = |n| {
        if killers.contains(&n) {
            Order::Exit(3)
        } else {
            Order::Echo(n)
        }
    };
    let mut killed = Vec::new();
    for (n, answer) in (0..).zip(pool.map((0..10_000).map(order))) {
        match answer {
            Ok(answer) => assert_eq!(answer, Answer::Number(n)),
            Err(error) => {
                assert_eq!(death(&error.cause).end, WorkerEnd::Exited(3));
                assert_eq!(error.index, n);
                killed.push(n);
            }
        }
    }
    assert_eq!(killed, killers);
}

/// The lines that tasks have written: one for each time that one ran.
fn runs(path: &std::path::Path) -> usize {
    fs::read_to_string(path).unwrap_or_default().lines().count()
}

fn a_killer_is_given_up_after_its_attempts() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runs");
    let pool = try_pool(2, 2).unwrap();
    let killer = Order::Note(path.clone(), Box::new(Order::Signal(9)));
    let orders = (0..500).map(|n| {
        if n == 250 {
            killer.clone()
        } else {
            Order::Echo(n)
        }
    });
    let mut results: Vec<_> = pool.map(orders).collect();
    let error = results.remove(250).unwrap_err();
    let Cause::GivenUp { attempts: 3, last } = &error.cause else {
        panic!("{error:?}")
    };
    assert_eq!(last.end, WorkerEnd::Killed(9));
    assert!(
        error
            .to_string()
            .starts_with("given up after 3 attempts; last: worker "),
        "{error}"
    );
    assert_eq!(error.task, killer);
    assert_eq!(runs(&path), 3);
    let numbers = results.into_iter().map(number);
    assert!(numbers.eq((0..500).filter(|&n| n != 250)));
}

fn without_retries_a_killer_runs_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runs");
    let pool = try_pool(2, 0).unwrap();
    let killer = Order::Note(path.clone(), Box::new(Order::Abort));
    let error = pool.map([killer]).next().unwrap().unwrap_err();
    assert_eq!(death(&error.cause).end, WorkerEnd::Killed(6));
    assert_eq!(runs(&path), 1);
}

fn a_task_whose_worker_was_killed_once_succeeds_at_the_second_try() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runs");
    let pool = pool(1);
    let victim = pool.worker_ids()[0];
    let order = Order::Note(path.clone(), Box::new(Order::SleepPid(300)));
    thread::scope(|scope| {
        scope.spawn(|| {
            crate::process::eventually("the task runs", || runs(&path) == 1);
            kill_worker(victim);
        });
        let second = number(pool.map([order]).next().unwrap());
        assert_ne!(second, u64::from(victim));
    });
    assert_eq!(runs(&path), 2);
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

fn the_last_lines_of_a_dead_worker_come_with_the_error() {
    let pool = try_pool(1, 0).unwrap();
    let order = Order::Say("farewell".into(), Box::new(Order::Exit(1)));
    let error = pool.map([order]).next().unwrap().unwrap_err();
    assert_eq!(
        death(&error.cause).stderr,
        ["farewell (out)", "farewell (err)"]
    );
    assert!(
        error
            .to_string()
            .ends_with(r#"(its last line: "farewell (err)")"#),
        "{error}"
    );
}

fn a_worker_that_closes_its_channels_is_replaced() {
    let pool = try_pool(1, 0).unwrap();
    let mut map = pool.map([Order::CloseChannels, Order::Echo(1)]);
    let error = map.next().unwrap().unwrap_err();
    assert_eq!(death(&error.cause).end, WorkerEnd::Broken);
    assert!(!crate::process::lives(death(&error.cause).pid));
    assert_eq!(number(map.next().unwrap()), 1);
}

/// Does the orders while random workers are killed, in a sequence that is the same each time.
fn map_under_fire(pause: Duration, orders: impl Iterator<Item = Order>) -> Vec<Answer> {
    // A kill charges the task that runs, so some may be charged more than once.
    let pool = try_pool(2, 1000).unwrap();
    let (results, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let kill_at_random = || {
        let (mut seed, mut seen) = (12_345_u64, 0);
        while !done.load(Ordering::Relaxed) {
            thread::sleep(pause);
            let now = results.load(Ordering::Relaxed);
            let workers = pool.worker_ids();
            // On a slow machine a kill each `pause` might leave no time for any task.
            if now == seen || workers.is_empty() {
                continue;
            }
            seen = now;
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            kill_worker(workers[(seed >> 33) as usize % workers.len()]);
        }
    };
    let answers = thread::scope(|scope| {
        scope.spawn(kill_at_random);
        let answers = pool
            .map(orders)
            .inspect(|_| _ = results.fetch_add(1, Ordering::Relaxed));
        let answers: Vec<_> = answers.collect();
        done.store(true, Ordering::Relaxed);
        answers
    });
    assert!(pool.shutdown().unwrap().died > 0);
    answers.into_iter().map(Result::unwrap).collect()
}

fn kills_from_outside_lose_no_task() {
    let orders = (0..20_000).map(|n| Order::Spin(30, n));
    let answers = map_under_fire(Duration::from_millis(8), orders);
    assert!(answers.into_iter().eq((0..20_000).map(Answer::Number)));
}

fn kills_from_outside_while_large_messages_travel() {
    let orders = (0..60).map(|n| Order::Bytes(vec![n; 1 << 20]));
    let answers = map_under_fire(Duration::from_millis(15), orders);
    assert!(
        answers
            .into_iter()
            .eq((0..60).map(|n| Answer::Bytes(vec![n; 1 << 20])))
    );
}

fn an_idle_worker_that_dies_is_replaced() {
    let pool = pool(2);
    assert!(pool.map((0..10).map(Order::Echo)).map(number).eq(0..10));
    let before = pool.worker_ids();
    for &pid in &before {
        kill_worker(pid);
    }
    crate::process::eventually("two new workers", || {
        let now = pool.worker_ids();
        now.len() == 2 && now.iter().all(|pid| !before.contains(pid))
    });
    assert!(pool.map((0..10).map(Order::Echo)).map(number).eq(0..10));
}

fn many_killers_are_each_given_up() {
    let pool = try_pool(2, 1).unwrap();
    let given_up =
        |error: procpool::TaskError<_>| matches!(error.cause, Cause::GivenUp { attempts: 2, .. });
    let results = pool.map((0..40).map(|_| Order::Exit(1)));
    assert_eq!(
        results
            .filter_map(Result::err)
            .map(given_up)
            .filter(|&yes| yes)
            .count(),
        40
    );
}

fn a_task_behind_a_killer_in_the_same_worker_runs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runs");
    let pool = try_pool(1, 0).unwrap();
    // Three short tasks first: from then on a second batch waits with the worker.
    let noted = |n| Order::Note(path.clone(), Box::new(Order::Echo(n)));
    let orders = (0..200).map(|n| {
        if n == 100 {
            Order::Signal(11)
        } else {
            noted(n)
        }
    });
    let results: Vec<_> = pool.map(orders).collect();
    let failed: Vec<_> = (0..)
        .zip(&results)
        .filter(|(_, r)| r.is_err())
        .map(|(n, _)| n)
        .collect();
    assert_eq!(failed, [100]);
    assert!(runs(&path) >= 199);
}
