//! What the statistics and the report say of workers and tasks.

use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use procpool::{Pool, WorkerStatistics};

use crate::job::{Obey, Order, number, pool, try_pool};
use crate::process::eventually;

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        statistics_say_who_is_there_and_what_was_done,
        the_report_is_the_sum_of_its_workers,
        the_report_knows_workers_that_have_left,
        recycled_workers_are_counted_and_not_as_dead,
        cpu_time_is_counted_also_of_processes_that_have_ended,
        peak_memory_is_that_of_the_worker,
        peak_memory_stays_when_the_worker_is_replaced,
        a_worker_is_busy_or_idle_from_the_start_of_the_pool,
    ]
}

const MIB: u64 = 1 << 20;

/// Of the only worker.
fn only(pool: &Pool<Obey>) -> WorkerStatistics {
    let mut all = pool.statistics();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn statistics_say_who_is_there_and_what_was_done() {
    let pool = try_pool(2, 0).unwrap();
    let pids = |pool: &Pool<Obey>| -> Vec<_> {
        let all = pool.statistics().into_iter();
        all.filter_map(|place| place.pid).collect()
    };
    let before = pool.statistics();
    assert!(before.iter().map(|place| place.worker).eq(0..2));
    assert!(
        before
            .iter()
            .all(|place| (place.tasks, place.started) == (0, 1))
    );
    assert_eq!(pids(&pool), pool.worker_ids());
    let order = |n| {
        if n == 70 {
            Order::Exit(1)
        } else {
            Order::Echo(n)
        }
    };
    let done = pool.map((0..100).map(order)).filter_map(Result::ok);
    assert_eq!(done.count(), 99);
    eventually("two workers", || pool.worker_ids().len() == 2);
    let after = pool.statistics();
    let sum = |count: fn(&WorkerStatistics) -> u64| after.iter().map(count).sum::<u64>();
    assert_eq!(
        (sum(|w| w.tasks), sum(|w| w.started), sum(|w| w.died)),
        (99, 3, 1)
    );
    assert_eq!(pids(&pool), pool.worker_ids());
    let changed = |(old, new): &(&WorkerStatistics, &WorkerStatistics)| old.pid != new.pid;
    let replaced: Vec<_> = before.iter().zip(&after).filter(changed).collect();
    let [(_, new)] = replaced[..] else {
        panic!("{after:?}")
    };
    assert_eq!((new.started, new.died), (2, 1));
}

fn the_report_is_the_sum_of_its_workers() {
    let pool = try_pool(3, 0).unwrap();
    let order = |n| match n % 100 {
        20 => Order::Fail("no".into()),
        40 => Order::Panic("no".into()),
        60 => Order::Exit(1),
        _ => Order::Spin(50, n),
    };
    assert_eq!(
        pool.map((0..600).map(order)).filter(Result::is_err).count(),
        18
    );
    assert!(pool.submit(Order::Signal(9)).wait().is_err());
    assert_eq!(number(pool.submit(Order::Echo(1)).wait()), 1);
    eventually("three workers", || pool.worker_ids().len() == 3);
    let report = pool.shutdown().unwrap();
    // Errors and panics are results; of those who died there is none.
    assert_eq!((report.tasks, report.died, report.recycled), (595, 7, 0));
    assert_eq!(report.started, 3 + 7);
    let workers = &report.workers;
    assert!(workers.iter().map(|place| place.worker).eq(0..3));
    assert!(
        workers.iter().all(|place| place.pid.is_none()),
        "{workers:?}"
    );
    let sum = |count: fn(&WorkerStatistics) -> u64| workers.iter().map(count).sum::<u64>();
    assert_eq!((sum(|w| w.tasks), sum(|w| w.died)), (595, 7));
    assert_eq!((sum(|w| w.started), sum(|w| w.recycled)), (10, 0));
}

fn the_report_knows_workers_that_have_left() {
    let pool = pool(3);
    assert_eq!(pool.map(vec![Order::Sleep(20); 9]).count(), 9);
    pool.resize(1).unwrap();
    assert_eq!(pool.statistics().len(), 1);
    assert!(pool.map((0..50).map(Order::Echo)).map(number).eq(0..50));
    let report = pool.shutdown().unwrap();
    assert_eq!((report.tasks, report.started, report.died), (59, 3, 0));
    assert_eq!(report.workers.len(), 3);
    assert!(
        report.workers.iter().all(|place| place.tasks > 0),
        "{report:?}"
    );
}

fn recycled_workers_are_counted_and_not_as_dead() {
    let builder = Pool::<Obey>::builder().workers(1);
    let pool = builder.max_tasks_per_worker(10).start(()).unwrap();
    assert!(pool.map((0..95).map(Order::Echo)).map(number).eq(0..95));
    let statistics = only(&pool);
    assert_eq!((statistics.recycled, statistics.started), (9, 10));
    let report = pool.shutdown().unwrap();
    assert_eq!((report.tasks, report.died), (95, 0));
    assert_eq!((report.recycled, report.started), (9, 10));
}

fn cpu_time_is_counted_also_of_processes_that_have_ended() {
    // How much of the time it really gets is up to the machine; a tick of the system is 10 ms.
    let (spin, least) = (Order::Spin(400_000, 0), Duration::from_millis(10));
    let (pool, began) = (try_pool(1, 0).unwrap(), Instant::now());
    assert_eq!(number(pool.submit(spin.clone()).wait()), 0);
    let alive = only(&pool).cpu;
    assert!(alive >= least, "{alive:?}");
    assert!(pool.submit(Order::Exit(1)).wait().is_err());
    eventually("another worker", || pool.worker_ids().len() == 1);
    let dead = only(&pool).cpu;
    assert!(dead + least >= alive, "{alive:?} {dead:?}");
    assert_eq!(number(pool.submit(spin).wait()), 0);
    let both = only(&pool).cpu;
    assert!(both >= dead + least, "{dead:?} {both:?}");
    let report = pool.shutdown().unwrap();
    let all = report.workers[0].cpu;
    assert!(all >= both, "{both:?} {all:?}");
    // Its own threads hardly do anything, and start-ups do little.
    assert!(all <= 2 * began.elapsed(), "{all:?}");
}

/// The bytes are touched one after the other, and are gone again when the peak is asked for.
fn peak_memory_is_that_of_the_worker() {
    if !cfg!(target_os = "linux") {
        println!("skipped: no peak of memory is known here");
        return;
    }
    let pool = pool(2);
    let peak = |place: &WorkerStatistics| place.peak_memory.unwrap();
    let before = pool.statistics();
    assert!(
        before
            .iter()
            .map(peak)
            .all(|peak| (MIB..64 * MIB).contains(&peak)),
        "{before:?}"
    );
    assert!(pool.submit(Order::Touch(64 << 20)).wait().is_ok());
    let peaks: Vec<_> = pool.statistics().iter().map(peak).collect();
    let large = |peaks: &[u64]| peaks.iter().filter(|&&peak| peak >= 64 * MIB).count();
    assert_eq!(large(&peaks), 1, "{peaks:?}");
    assert!(peaks.iter().all(|&peak| peak < 128 * MIB), "{peaks:?}");
    let report = pool.shutdown().unwrap();
    let afterwards: Vec<_> = report.workers.iter().map(peak).collect();
    assert_eq!(large(&afterwards), 1, "{afterwards:?}");
    assert!(
        afterwards.iter().all(|&peak| peak < 128 * MIB),
        "{afterwards:?}"
    );
}

fn peak_memory_stays_when_the_worker_is_replaced() {
    let builder = Pool::<Obey>::builder().workers(1);
    let pool = builder.max_tasks_per_worker(1).start(()).unwrap();
    let orders = [Order::Touch(64 << 20), Order::Echo(1), Order::Echo(2)];
    assert!(pool.map(orders).all(|outcome| outcome.is_ok()));
    let peak = only(&pool).peak_memory;
    if cfg!(target_os = "linux") {
        let right = 64 * MIB..128 * MIB;
        assert!(peak.is_some_and(|peak| right.contains(&peak)), "{peak:?}");
        assert_eq!(pool.shutdown().unwrap().workers[0].peak_memory, peak);
    }
}

fn a_worker_is_busy_or_idle_from_the_start_of_the_pool() {
    let (nap, before) = (Duration::from_millis(100), Instant::now());
    let pool = pool(1);
    let started = Instant::now();
    thread::sleep(nap);
    assert_eq!(pool.map(vec![Order::Sleep(100); 3]).count(), 3);
    let shortest = started.elapsed();
    let worker = only(&pool);
    let longest = before.elapsed();
    assert!(worker.busy >= 3 * nap, "{worker:?}");
    assert!(worker.idle >= nap, "{worker:?}");
    let all = worker.busy + worker.idle;
    assert!(shortest <= all && all <= longest, "{worker:?}");
    thread::sleep(nap);
    let later = only(&pool);
    assert_eq!(later.busy, worker.busy, "it has had nothing to do");
    assert!(later.idle >= worker.idle + nap);
}
