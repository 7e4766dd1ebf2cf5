//! A pool can be made larger and smaller while it is used.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Pool, PoolError};

use crate::job::{Gate, Notes, Obey, Order, number, pool, try_pool};
use crate::process::{children, descriptors, eventually, kill_worker};
use crate::starting::{Mood, Picky};
use crate::ways::{Test, Way, for_each_way, in_each_way, numbers};

pub(crate) fn tests() -> Vec<Trial> {
    let once = crate::trials![
        the_size_is_what_was_asked_for,
        workers_that_leave_finish_what_they_hold,
        new_workers_take_tasks_at_once,
        a_pool_that_ends_while_workers_leave_leaves_nothing,
        growth_that_fails_leaves_the_size,
        a_pool_that_has_lost_its_workers_cannot_grow,
    ];
    in_each_way(IN_EACH_WAY).into_iter().chain(once).collect()
}

const IN_EACH_WAY: &[Test] = for_each_way![
    nothing_is_lost_while_several_threads_resize_the_pool,
    shrinking_below_what_is_under_way_runs_nothing_twice,
];

fn nothing_is_lost_while_several_threads_resize_the_pool(way: Way) {
    let pool = try_pool(2, 0).unwrap();
    let before = descriptors("self").len();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for seed in 0..3 {
            let (pool, done) = (&pool, &done);
            scope.spawn(move || {
                let sizes = numbers(seed).map(|number| 1 + number % 6);
                for size in sizes.take_while(|_| !done.load(Ordering::Relaxed)) {
                    pool.resize(size).unwrap();
                }
            });
        }
        let orders = (0..4000).map(|n| Order::Spin(100, n)).collect();
        let results = way.results(&pool, orders);
        done.store(true, Ordering::Relaxed);
        assert!(results.into_iter().map(number).eq(0..4000));
    });
    pool.resize(2).unwrap();
    assert_eq!((pool.workers(), pool.worker_ids().len()), (2, 2));
    eventually("only two processes, and no more files", || {
        children().len() == 2 && descriptors("self").len() <= before
    });
    let report = pool.shutdown().unwrap();
    assert_eq!((report.tasks, report.died), (4000, 0));
}

fn shrinking_below_what_is_under_way_runs_nothing_twice(way: Way) {
    let notes = Notes::new();
    let pool = try_pool(4, 0).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            eventually("some have begun", || notes.all().len() > 20);
            pool.resize(1).unwrap();
        });
        let orders = (0..600).map(|n| notes.of(Order::Spin(50, n))).collect();
        let results = way.results(&pool, orders);
        assert!(results.into_iter().map(number).eq(0..600));
    });
    assert_eq!(notes.all().len(), 600);
    eventually("one process", || children().len() == 1);
    assert_eq!(pool.shutdown().unwrap().died, 0);
}

fn the_size_is_what_was_asked_for() {
    let pool = pool(2);
    let default = thread::available_parallelism().unwrap().get();
    for (asked, size) in [(5, 5), (1, 1), (0, default), (12, 12), (2, 2)] {
        pool.resize(asked).unwrap();
        assert_eq!((pool.workers(), pool.worker_ids().len()), (size, size));
        let places = pool.statistics().into_iter().map(|worker| worker.worker);
        assert!(places.eq(0..size));
        eventually("nobody else", || children().len() == size);
        assert!(pool.map((0..50).map(Order::Echo)).map(number).eq(0..50));
    }
    let report = pool.shutdown().unwrap();
    assert_eq!((report.tasks, report.died), (250, 0));
}

fn workers_that_leave_finish_what_they_hold() {
    let (gate, notes, pool) = (Gate::new(), Notes::new(), try_pool(4, 0).unwrap());
    let mut ids = pool.worker_ids();
    let handles: Vec<_> = (0..4)
        .map(|_| pool.submit(notes.of(gate.before(Order::Pid))))
        .collect();
    eventually("all are busy", || notes.all().len() == 4);
    pool.resize(1).unwrap();
    assert_eq!(pool.workers(), 1);
    assert_eq!(children().len(), 4, "nobody is called off");
    gate.open();
    let mut pids: Vec<_> = handles
        .into_iter()
        .map(|handle| number(handle.wait()) as u32)
        .collect();
    pids.sort_unstable();
    ids.sort_unstable();
    assert_eq!(pids, ids);
    eventually("one is left", || children() == pool.worker_ids());
    assert_eq!(pool.shutdown().unwrap().died, 0);
}

fn new_workers_take_tasks_at_once() {
    let (gate, notes, pool) = (Gate::new(), Notes::new(), try_pool(1, 0).unwrap());
    let handles: Vec<_> = (0..4)
        .map(|n| pool.submit(notes.of(gate.before(Order::Echo(n)))))
        .collect();
    eventually("one is busy", || notes.all().len() == 1);
    pool.resize(4).unwrap();
    eventually("all are busy", || notes.all().len() == 4);
    gate.open();
    assert!(
        handles
            .into_iter()
            .map(|handle| number(handle.wait()))
            .eq(0..4)
    );
}

fn a_pool_that_ends_while_workers_leave_leaves_nothing() {
    for size in [1, 3, 6] {
        let builder = Pool::<Obey>::builder()
            .workers(3)
            .grace(Duration::from_millis(50));
        let pool = builder.start(()).unwrap();
        let (gate, notes) = (Gate::new(), Notes::new());
        let busy: Vec<_> = (0..3)
            .map(|_| pool.submit(notes.of(gate.before(Order::SpinForEver))))
            .collect();
        eventually("all are busy", || notes.all().len() == 3);
        pool.resize(size).unwrap();
        drop(pool);
        assert_eq!(children(), []);
        assert!(busy.into_iter().all(|handle| handle.wait().is_err()));
    }
}

/// Two workers, and none that could follow.
fn without_successors() -> Pool<Picky> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mood = Mood::While(file.path().to_owned());
    Pool::builder().workers(2).start(mood).unwrap()
}

fn growth_that_fails_leaves_the_size() {
    let pool = without_successors();
    let ids = pool.worker_ids();
    let error = pool.resize(5).unwrap_err();
    assert!(matches!(error, PoolError::SetupFailed { .. }), "{error}");
    assert_eq!((pool.workers(), pool.worker_ids()), (2, ids));
    eventually("two processes", || children().len() == 2);
    let mut results = pool.map((0..20).map(Order::Echo));
    assert!(results.all(|result| result.is_ok()));
}

fn a_pool_that_has_lost_its_workers_cannot_grow() {
    let pool = without_successors();
    pool.worker_ids().into_iter().for_each(kill_worker);
    eventually("it is lost", || {
        matches!(pool.resize(2), Err(PoolError::Lost(_)))
    });
    let error = pool.resize(4).unwrap_err();
    assert!(error.to_string().contains("the file is gone"), "{error}");
    assert_eq!(children(), []);
}
