//! Workers that have reached a limit are replaced, and no task notices.

use std::collections::BTreeMap;
use std::process;
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Builder, Job, Never, Pool};

use crate::job::{Notes, Obey, Order, number};
use crate::process::eventually;
use crate::ways::{Test, Way, for_each_way, in_each_way, numbers, under_fire};

pub(crate) fn tests() -> Vec<Trial> {
    let once = crate::trials![
        a_worker_that_is_too_large_from_the_start_does_at_least_one_task,
        a_worker_that_only_waits_is_not_replaced_for_its_size,
    ];
    in_each_way(IN_EACH_WAY).into_iter().chain(once).collect()
}

const IN_EACH_WAY: &[Test] = for_each_way![
    each_process_does_exactly_so_many_tasks,
    each_process_does_exactly_so_many_tasks_also_if_some_are_taken_back,
    no_task_runs_twice_because_of_a_limit,
    a_limit_of_no_tasks_is_one_task,
    a_process_that_leaks_is_replaced_when_it_is_too_large_and_not_before,
    both_limits_hold_while_workers_are_killed,
];

/// Keeps what it is told to keep, as a job with a leak does. Fills the memory: pages that were never
/// written are not resident.
pub(crate) struct Hoarder(Vec<Vec<u8>>);

impl Job for Hoarder {
    const NAME: &'static str = "hoarder";
    /// Bytes to keep from the start.
    type Setup = usize;
    /// A number, and bytes to keep from then on.
    type Task = (u64, usize);
    /// The number, and by which process.
    type Output = (u64, u32);
    type Error = Never;

    fn new(bytes: usize) -> Result<Self, Never> {
        Ok(Hoarder(vec![vec![7; bytes]]))
    }

    fn run(&mut self, (number, bytes): (u64, usize)) -> Result<(u64, u32), Never> {
        self.0.push(vec![7; bytes]);
        // So that only so many fit between two looks at its memory.
        thread::sleep(Duration::from_millis(5));
        Ok((number, process::id()))
    }
}

/// How many tasks each process has done.
fn shares(pids: impl IntoIterator<Item = u64>) -> BTreeMap<u64, u64> {
    let mut shares = BTreeMap::new();
    pids.into_iter()
        .for_each(|pid| *shares.entry(pid).or_default() += 1);
    shares
}

/// Waits until the pool has counted so many recycled workers and has replaced them, and checks the
/// other figures of its report.
fn assert_reports<J: Job>(pool: Pool<J>, tasks: u64, recycled: u64) {
    let sum = || pool.statistics().iter().map(|worker| worker.recycled).sum();
    let size = pool.workers();
    eventually("all are counted and replaced", || {
        recycled == sum() && pool.worker_ids().len() == size
    });
    let report = pool.shutdown().unwrap();
    assert_eq!(
        (report.tasks, report.died, report.recycled),
        (tasks, 0, recycled)
    );
    assert_eq!(report.started, recycled + size as u64);
}

/// Each process has done the limit, but for those that are there at the end.
fn assert_exact(way: Way, builder: Builder<Obey>, limit: u64, orders: Vec<Order>) {
    let tasks = orders.len() as u64;
    let builder = builder.retries(0).max_tasks_per_worker(limit);
    let pool = builder.start(()).unwrap();
    let shares = shares(way.results(&pool, orders).into_iter().map(number));
    let full = shares.values().filter(|&&share| share == limit).count();
    assert!(shares.values().all(|&share| share <= limit), "{shares:?}");
    assert!(shares.len() - full <= pool.workers(), "{shares:?}");
    assert_reports(pool, tasks, full as u64);
}

fn each_process_does_exactly_so_many_tasks(way: Way) {
    for (workers, limit) in [(1, 7), (2, 7), (2, 50), (3, 2)] {
        let builder = Pool::builder().workers(workers);
        assert_exact(way, builder, limit, vec![Order::Pid; 100]);
    }
}

fn each_process_does_exactly_so_many_tasks_also_if_some_are_taken_back(way: Way) {
    // What waits behind a sleeper goes to somebody else, and does not count for its worker.
    let order = |n| match n % 40 {
        20 => Order::SleepPid(40),
        _ => Order::Pid,
    };
    let orders = (0..400).map(order).collect();
    assert_exact(way, Pool::builder().workers(2), 30, orders);
}

fn no_task_runs_twice_because_of_a_limit(way: Way) {
    let notes = Notes::new();
    let builder = Pool::builder().workers(2).retries(0);
    let pool = builder.max_tasks_per_worker(11).start(()).unwrap();
    let orders = (0..300).map(|n| notes.of(Order::Echo(n))).collect();
    let numbers = way.results(&pool, orders).into_iter().map(number);
    assert!(numbers.eq(0..300));
    let mut ran = notes.all();
    ran.sort_unstable();
    let mut once: Vec<_> = (0..300).map(|n| format!("{:?}", Order::Echo(n))).collect();
    once.sort_unstable();
    assert_eq!(ran, once);
}

fn a_limit_of_no_tasks_is_one_task(way: Way) {
    assert_exact(way, Pool::builder().workers(2), 1, vec![Order::Pid; 6]);
    let pool = Pool::builder().workers(2).max_tasks_per_worker(0);
    let pool = pool.start(()).unwrap();
    let pids = way.results(&pool, vec![Order::Pid; 12]);
    assert_eq!(shares(pids.into_iter().map(number)).len(), 12);
    assert_reports(pool, 12, 12);
}

const MIB: usize = 1 << 20;

fn a_process_that_leaks_is_replaced_when_it_is_too_large_and_not_before(way: Way) {
    let builder = Pool::<Hoarder>::builder().workers(2).retries(0);
    let pool = builder.max_memory_per_worker(48 << 20).start(0).unwrap();
    let results = way.results(&pool, (0..250).map(|n| (n, MIB)).collect());
    let outputs = results.into_iter().map(|result| result.unwrap());
    let shares = shares(outputs.zip(0..).map(|((number, pid), n)| {
        assert_eq!(number, n);
        u64::from(pid)
    }));
    // 48 MiB less what the program itself takes, more what fits into 50 ms and two batches.
    let replaced = shares.values().filter(|&&share| share >= 16).count();
    assert!(shares.values().all(|&share| share <= 80), "{shares:?}");
    assert!(shares.len() - replaced <= 2, "{shares:?}");
    let report = pool.shutdown().unwrap();
    assert!(report.recycled + 2 >= shares.len() as u64, "{report:?}");
    assert_eq!((report.tasks, report.died), (250, 0));
    let peak = report
        .workers
        .iter()
        .filter_map(|worker| worker.peak_memory);
    assert!(peak.max().unwrap() < 128 << 20, "{report:?}");
}

fn too_large_from_the_start() -> Pool<Hoarder> {
    let builder = Pool::builder().workers(2).retries(0);
    let limit = 16 << 20;
    builder
        .max_memory_per_worker(limit)
        .start(32 * MIB)
        .unwrap()
}

fn a_worker_that_is_too_large_from_the_start_does_at_least_one_task() {
    let pool = too_large_from_the_start();
    let outputs = pool.map((0..40).map(|n| (n, 0))).map(Result::unwrap);
    let pids: Vec<_> = outputs.map(|(_, pid)| u64::from(pid)).collect();
    let processes = shares(pids).len() as u64;
    let report = pool.shutdown().unwrap();
    assert!((2..=42).contains(&processes), "{processes}");
    assert!(report.started <= processes + 2, "{report:?}");
    assert_eq!((report.tasks, report.died), (40, 0));
    assert!(report.recycled > 0, "{report:?}");
}

fn a_worker_that_only_waits_is_not_replaced_for_its_size() {
    let pool = too_large_from_the_start();
    let ids = pool.worker_ids();
    // Several looks at it.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(pool.worker_ids(), ids);
    assert_eq!(pool.shutdown().unwrap().started, 2);
}

fn both_limits_hold_while_workers_are_killed(way: Way) {
    let builder = Pool::<Hoarder>::builder().workers(3).retries(1000);
    let builder = builder.max_tasks_per_worker(25);
    let pool = builder.max_memory_per_worker(32 << 20).start(0).unwrap();
    let sizes: Vec<_> = numbers(99)
        .map(|number| number % (2 * MIB))
        .take(300)
        .collect();
    let mut outputs = BTreeMap::new();
    under_fire(&pool, Duration::from_millis(40), || {
        way.run(&pool, (0..).zip(sizes), |at, result| {
            let (number, pid) = result.unwrap();
            assert_eq!(number, at);
            assert!(
                outputs.insert(at, u64::from(pid)).is_none(),
                "{at} came twice"
            );
        });
    });
    assert!(outputs.keys().copied().eq(0..300));
    let shares = shares(outputs.into_values());
    assert!(shares.values().all(|&share| share <= 25), "{shares:?}");
    eventually("three workers", || pool.worker_ids().len() == 3);
    let report = pool.shutdown().unwrap();
    assert!(report.died > 0 && report.recycled > 0, "{report:?}");
    assert_eq!(report.started, report.died + report.recycled + 3);
}
