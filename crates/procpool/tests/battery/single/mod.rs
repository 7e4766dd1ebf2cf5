//! Tasks that are handed in one by one: what a handle promises.

mod cancel;
mod held;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Cause, Handle, Pool, PoolError, TaskError};

use crate::job::{Gate, Notes, Obey, Order, Outcome, number, pool};
use crate::process::eventually;
use crate::starting::{Mood, Picky};

pub(crate) fn tests() -> Vec<Trial> {
    let mut tests = crate::trials![
        handles_count_the_tasks_and_give_their_results,
        a_wait_that_ends_too_early_gives_the_handle_back,
        no_result_is_lost_between_two_waits,
        a_handle_knows_when_it_is_done_though_nobody_waits,
        an_error_gives_the_task_back_however_it_is_waited_for,
        a_task_runs_on_when_its_handle_is_dropped,
        handles_outlive_the_pool,
        handles_are_waited_for_on_other_threads,
        thousands_of_handles_are_waited_for_from_the_last_to_the_first,
        single_tasks_are_done_beside_maps,
        tasks_submitted_from_several_threads_do_not_mix,
        tasks_without_workers_are_given_back_at_once,
    ];
    tests.extend(cancel::tests());
    tests
}

fn submit_all(pool: &Pool<Obey>, orders: impl Iterator<Item = Order>) -> Vec<Handle<Obey>> {
    orders.map(|order| pool.submit(order)).collect()
}

fn is_cancelled(outcome: &Outcome) -> bool {
    matches!(outcome, Err(error) if matches!(error.cause, Cause::Cancelled))
}

fn handles_count_the_tasks_and_give_their_results() {
    let pool = pool(2);
    // A map has numbers of its own.
    assert!(pool.map((0..10).map(Order::Echo)).map(number).eq(0..10));
    let handles = submit_all(&pool, (0..100).map(|n| Order::Echo(3 * n)));
    for (at, handle) in (0..).zip(handles) {
        assert_eq!(handle.index(), at);
        assert_eq!(number(handle.wait()), 3 * at);
    }
}

fn a_wait_that_ends_too_early_gives_the_handle_back() {
    let (pool, gate) = (pool(1), Gate::new());
    let mut handle = pool.submit(gate.before(Order::Echo(7)));
    for limit in [0, 1, 30] {
        let waited = handle.wait_timeout(Duration::from_millis(limit));
        handle = waited.expect_err("the gate is closed");
        assert!(!handle.is_done());
    }
    gate.open();
    assert_eq!(number(handle.wait()), 7);
}

/// The results of some come while they are waited for, those of others in between.
fn no_result_is_lost_between_two_waits() {
    let pool = pool(2);
    let orders = (0..600).map(|n| Order::Spin(n % 7 * 50, n));
    for (n, mut handle) in (0..).zip(submit_all(&pool, orders)) {
        let limit = Duration::from_micros(n % 5 * 40);
        let outcome = loop {
            match handle.wait_timeout(limit) {
                Ok(outcome) => break outcome,
                Err(again) => handle = again,
            }
        };
        assert_eq!(number(outcome), n);
    }
}

fn a_handle_knows_when_it_is_done_though_nobody_waits() {
    let (pool, gate) = (pool(1), Gate::new());
    let [first, second] = [1, 2].map(|n| pool.submit(gate.before(Order::Echo(n))));
    thread::sleep(Duration::from_millis(20));
    assert!(!first.is_done() && !second.is_done());
    gate.open();
    eventually("both are done", || first.is_done() && second.is_done());
    let now = |handle: Handle<Obey>| handle.wait_timeout(Duration::ZERO).expect("it is done");
    assert_eq!((number(now(first)), number(now(second))), (1, 2));
}

fn an_error_gives_the_task_back_however_it_is_waited_for() {
    let pool = pool(2);
    let (fail, panic) = (Order::Fail("no".into()), Order::Panic("oh dear".into()));
    assert_eq!(number(pool.submit(Order::Echo(0)).wait()), 0);
    let error = pool.submit(fail.clone()).wait().unwrap_err();
    assert_eq!((error.index, &error.task), (1, &fail));
    assert_eq!(error.to_string(), "refused: no");
    assert!(matches!(error.cause, Cause::Job(_)));
    let waited = pool
        .submit(panic.clone())
        .wait_timeout(Duration::from_mins(1));
    let error: TaskError<Obey> = waited.expect("it is done").unwrap_err();
    assert_eq!((error.index, &error.task), (2, &panic));
    assert!(matches!(&error.cause, Cause::Panicked { message, .. } if message == "oh dear"));
}

fn a_task_runs_on_when_its_handle_is_dropped() {
    let (pool, gate, notes) = (pool(2), Gate::new(), Notes::new());
    // Those behind the gate are with a worker when their handles go, the others are not yet.
    for n in 0..20 {
        drop(pool.submit(gate.before(notes.of(Order::Echo(n)))));
    }
    thread::sleep(Duration::from_millis(20));
    assert_eq!(notes.all().len(), 0);
    gate.open();
    eventually("all have run", || notes.all().len() == 20);
    assert!((0..20).all(|n| notes.count(&Order::Echo(n)) == 1));
    assert_eq!(number(pool.submit(Order::Echo(1)).wait()), 1);
}

fn handles_outlive_the_pool() {
    let (gate, notes) = (Gate::new(), Notes::new());
    let builder = Pool::<Obey>::builder().workers(1);
    let pool = builder.grace(Duration::from_millis(50)).start(()).unwrap();
    let done = pool.submit(Order::Echo(1));
    eventually("the first is done", || done.is_done());
    let stuck = pool.submit(notes.of(gate.before(Order::Echo(2))));
    eventually("the second runs", || notes.all().len() == 1);
    let queued = submit_all(&pool, (3..100).map(|n| notes.of(Order::Echo(n))));
    drop(pool);
    assert_eq!(number(done.wait()), 1);
    assert!(stuck.is_done());
    assert!(is_cancelled(&stuck.wait()));
    for handle in queued {
        let task = notes.of(Order::Echo(handle.index() + 1));
        let error = handle.wait().unwrap_err();
        assert!(matches!(error.cause, Cause::Cancelled), "{error:?}");
        assert_eq!(error.task, task);
    }
    assert_eq!(notes.all().len(), 1, "nothing has begun since");
}

fn handles_are_waited_for_on_other_threads() {
    let pool = pool(2);
    let mut handles = submit_all(&pool, (0..400).map(|n| Order::Spin(n % 3 * 100, n)));
    thread::scope(|scope| {
        while !handles.is_empty() {
            let some = handles.split_off(handles.len() - 100);
            scope.spawn(move || {
                for handle in some {
                    assert_eq!(handle.index(), number(handle.wait()));
                }
            });
        }
    });
}

fn thousands_of_handles_are_waited_for_from_the_last_to_the_first() {
    let pool = pool(2);
    let mut handles = submit_all(&pool, (0..8000).map(Order::Echo));
    while let Some(handle) = handles.pop() {
        assert_eq!(number(handle.wait()), handles.len() as u64);
    }
}

fn single_tasks_are_done_beside_maps() {
    let pool = pool(2);
    let mut map = pool.map((0..).map(|n| Order::Spin(20, n)));
    for round in 0..30 {
        for n in 0..50 {
            assert_eq!(number(map.next().unwrap()), 50 * round + n);
        }
        // The map is not consumed meanwhile.
        let handles = submit_all(&pool, (0..20).map(Order::Echo));
        for (n, handle) in (0..).zip(handles) {
            assert_eq!((handle.index(), number(handle.wait())), (20 * round + n, n));
        }
    }
}

fn tasks_submitted_from_several_threads_do_not_mix() {
    let (pool, indices) = (pool(2), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        for thread in 0..4 {
            let (pool, indices) = (&pool, &indices);
            scope.spawn(move || {
                for n in (0..50).map(|n| 100_000 * thread + 10 * n) {
                    let handles = submit_all(pool, (n..n + 10).map(Order::Echo));
                    indices
                        .lock()
                        .unwrap()
                        .extend(handles.iter().map(Handle::index));
                    assert!(handles.into_iter().map(|h| number(h.wait())).eq(n..n + 10));
                }
            });
        }
    });
    assert!(indices.into_inner().unwrap().into_iter().eq(0..2000));
}

fn tasks_without_workers_are_given_back_at_once() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mood = Mood::While(file.path().to_owned());
    let builder = Pool::<Picky>::builder().workers(1).retries(0);
    let pool = builder.start(mood).unwrap();
    drop(file);
    let killer = pool.submit(Order::Exit(1));
    let behind = pool.submit(Order::Echo(1));
    assert!(matches!(
        killer.wait().unwrap_err().cause,
        Cause::WorkerDied(_)
    ));
    assert!(matches!(
        behind.wait().unwrap_err().cause,
        Cause::NoWorker(_)
    ));
    let late = pool.submit(Order::Echo(2));
    assert!(late.is_done());
    let error = late.wait().unwrap_err();
    assert_eq!((error.index, &error.task), (2, &Order::Echo(2)));
    assert!(error.to_string().starts_with("no worker left: "), "{error}");
    let lost = pool.shutdown().unwrap_err();
    assert!(matches!(lost, PoolError::Lost(_)), "{lost:?}");
}
