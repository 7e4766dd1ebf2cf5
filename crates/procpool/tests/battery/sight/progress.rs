//! `advance` in a task, `progress` of the pool.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Cause, Pool};

use crate::job::{Gate, Obey, Order, number, pool, try_pool};
use crate::process::{eventually, kill_worker};

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        progress_shows_while_the_task_runs,
        progress_is_the_sum_of_all_workers,
        progress_stays_when_workers_are_replaced_or_leave,
        progress_of_a_task_that_died_stays_and_counts_again,
        progress_never_goes_back,
        advance_does_nothing_outside_of_a_worker,
    ]
}

fn advance(units: u64, then: Order) -> Order {
    Order::Advance(units, Box::new(then))
}

fn progress_shows_while_the_task_runs() {
    let (pool, gate) = (pool(2), Gate::new());
    assert_eq!(pool.progress(), 0);
    let order = |units| advance(units, gate.before(advance(1000, Order::Echo(units))));
    let handles = [5, 70].map(|units| pool.submit(order(units)));
    eventually("both have told", || pool.progress() == 75);
    assert!(handles.iter().all(|handle| !handle.is_done()));
    gate.open();
    assert_eq!(handles.map(|handle| number(handle.wait())), [5, 70]);
    assert_eq!(pool.progress(), 2075);
}

fn progress_is_the_sum_of_all_workers() {
    let pool = pool(2);
    let orders = (0..2000).map(|n| advance(n, Order::Echo(n)));
    assert!(pool.map(orders).map(number).eq(0..2000));
    assert_eq!(pool.progress(), (0..2000).sum());
}

fn progress_stays_when_workers_are_replaced_or_leave() {
    let builder = Pool::<Obey>::builder().workers(3);
    let pool = builder.max_tasks_per_worker(7).start(()).unwrap();
    let mut told = 0;
    for workers in [3, 1, 2] {
        pool.resize(workers).unwrap();
        let orders = (0..100).map(|n| advance(n, Order::Echo(n)));
        assert!(pool.map(orders).map(number).eq(0..100));
        told += (0..100).sum::<u64>();
        assert_eq!(pool.progress(), told);
    }
    let gone = || {
        pool.statistics()
            .iter()
            .map(|place| place.started)
            .sum::<u64>()
            > 2
    };
    eventually("workers were replaced", gone);
    assert_eq!(pool.progress(), told);
}

fn progress_of_a_task_that_died_stays_and_counts_again() {
    let pool = try_pool(1, 2).unwrap();
    let order = advance(10, Order::Signal(9));
    assert!(pool.submit(order).wait().is_err());
    assert_eq!(pool.progress(), 30, "it was tried three times");
    assert_eq!(number(pool.submit(advance(1, Order::Echo(1))).wait()), 1);
    assert_eq!(pool.progress(), 31);
}

/// Looks all the time until it is done.
fn look(pool: &Pool<Obey>, done: &AtomicBool) {
    let mut last = 0;
    while !done.load(Ordering::Relaxed) {
        let now = pool.progress();
        assert!(now >= last, "from {last} to {now}");
        last = now;
    }
}

/// Kills, and makes the pool larger and smaller.
fn disturb(pool: &Pool<Obey>, done: &AtomicBool) {
    let mut last = 0;
    for round in 0.. {
        thread::sleep(Duration::from_millis(10));
        if done.load(Ordering::Relaxed) {
            return;
        }
        // A worker that does nothing before it dies is one of no use, and given up in the end.
        let now = pool.progress();
        if now > last + 100 {
            last = now;
            pool.worker_ids().into_iter().take(1).for_each(kill_worker);
        }
        pool.resize(1 + round % 3).unwrap();
    }
}

/// Workers panic, are killed, are recycled, leave and come.
fn progress_never_goes_back() {
    let builder = Pool::<Obey>::builder().workers(2).retries(1000);
    let pool = builder.max_tasks_per_worker(100).start(()).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let looking = scope.spawn(|| look(&pool, &done));
        scope.spawn(|| disturb(&pool, &done));
        let order = |n| match n % 200 {
            99 => advance(1, Order::Panic("no".into())),
            _ => advance(1, Order::Spin(200, n)),
        };
        let outcomes = pool.map((0..4000).map(order));
        let causes: Vec<_> = outcomes.filter_map(|o| Some(o.err()?.cause)).collect();
        done.store(true, Ordering::Relaxed);
        let own = |cause: &Cause<_>| matches!(cause, Cause::Panicked { .. });
        assert!(
            causes.len() == 20 && causes.iter().all(own),
            "{:?}",
            causes.last()
        );
        looking.join().unwrap();
    });
    assert!(pool.progress() >= 4000, "{}", pool.progress());
    assert!(pool.shutdown().unwrap().died > 0);
}

fn advance_does_nothing_outside_of_a_worker() {
    let pool = pool(1);
    procpool::advance(1_000_000);
    assert_eq!(number(pool.submit(advance(1, Order::Echo(1))).wait()), 1);
    assert_eq!(pool.progress(), 1);
}
