//! What `on_event` is told: each worker's life, and each task once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use procpool::{Ended, Event, Pool, WorkerEnd};

use super::log::{Life, Log};
use crate::job::{Answer, Notes, Obey, Order, number};
use crate::process::eventually;

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        every_task_is_told_of_once_within_its_workers_life,
        the_tasks_of_a_worker_are_spans_that_do_not_overlap,
        the_span_of_a_task_is_when_it_ran,
        a_start_is_told_with_the_time_that_it_took,
        a_start_is_told_before_what_the_worker_does,
        a_death_is_told_and_its_task_is_not,
        a_cancelled_task_ends_its_worker_by_a_signal,
        a_recycled_worker_is_told_as_such,
        a_worker_that_is_not_needed_any_more_is_stopped,
        a_hook_that_panics_is_called_again_and_harms_nobody,
    ]
}

fn every_task_is_told_of_once_within_its_workers_life() {
    let log = Log::default();
    let pool = log.builder(2).start(()).unwrap();
    let ids = pool.worker_ids();
    assert!(pool.map((0..5000).map(Order::Echo)).map(number).eq(0..5000));
    let errors = [Order::Fail("no".into()), Order::Panic("no".into())];
    assert_eq!(pool.map_unordered(errors).count(), 2);
    for n in 0..50 {
        assert_eq!(number(pool.submit(Order::Echo(n)).wait()), n);
    }
    assert_eq!(log.tasks(), 5052, "told before the result is there");
    assert_eq!(pool.shutdown().unwrap().tasks, 5052);
    let lives = log.lives();
    assert!(lives.keys().copied().eq((0..).zip(ids)));
    for life in lives.values() {
        assert!(life.took.is_some_and(|took| took > Duration::ZERO));
        assert!(matches!(life.end, Some(Ended::Stopped)));
    }
}

fn the_tasks_of_a_worker_are_spans_that_do_not_overlap() {
    let (log, before) = (Log::default(), Instant::now());
    let pool = log.builder(2).start(()).unwrap();
    let uneven = |n| Order::Spin(n % 9 * 100, n);
    assert!(pool.map((0..2000).map(uneven)).map(number).eq(0..2000));
    drop(pool);
    for life in log.lives().values() {
        assert!(life.spans.len() > 1);
        assert!(life.spans.iter().all(|&(began, _)| began >= before));
        assert!(life.spans.iter().all(|&(_, ended)| ended <= Instant::now()));
        // They may touch.
        let overlap = life.spans.windows(2).find(|pair| pair[0].1 > pair[1].0);
        assert_eq!(overlap, None);
    }
}

fn the_span_of_a_task_is_when_it_ran() {
    let log = Log::default();
    let pool = log.builder(1).start(()).unwrap();
    let pid = pool.worker_ids()[0];
    let before = Instant::now();
    assert_eq!(
        pool.submit(Order::Sleep(100)).wait().unwrap(),
        Answer::Nothing
    );
    let after = Instant::now();
    let [(began, ended)] = log.lives()[&(0, pid)].spans[..] else {
        panic!("one task, one span")
    };
    assert!(before <= began && ended <= after);
    assert!(ended - began >= Duration::from_millis(100));
}

fn a_start_is_told_with_the_time_that_it_took() {
    let (log, before) = (Log::default(), Instant::now());
    let pool = log.builder(3).start(()).unwrap();
    pool.resize(4).unwrap();
    let all_told = || {
        log.lives()
            .values()
            .filter(|life| life.took.is_some())
            .count()
            == 4
    };
    eventually("four starts are told", all_told);
    let longest = before.elapsed();
    let ids = pool.worker_ids();
    let lives = log.lives();
    assert!(lives.keys().copied().eq((0..).zip(ids)));
    assert!(lives.values().all(|life| life.took.unwrap() <= longest));
}

fn a_start_is_told_before_what_the_worker_does() {
    for _ in 0..100 {
        let log = Log::default();
        let pool = log.builder(1).start(()).unwrap();
        assert_eq!(number(pool.submit(Order::Echo(1)).wait()), 1);
        drop(pool);
        let first = log.first();
        assert!(matches!(first, Event::WorkerStarted { .. }), "{first:?}");
    }
}

fn a_death_is_told_and_its_task_is_not() {
    let log = Log::default();
    let pool = log.builder(1).start(()).unwrap();
    let pid = pool.worker_ids()[0];
    let order = Order::Say("farewell".into(), Box::new(Order::Exit(3)));
    let orders = [Order::Echo(0), order, Order::Echo(2)];
    let outcomes: Vec<_> = pool.map(orders).map(|outcome| outcome.is_ok()).collect();
    assert_eq!(outcomes, [true, false, true]);
    let Ended::Died(death) = log.first_end(0, pid) else {
        panic!("it died")
    };
    assert_eq!((death.pid, death.end), (pid, WorkerEnd::Exited(3)));
    assert_eq!(death.stderr.last().unwrap(), "farewell (err)");
    let report = pool.shutdown().unwrap();
    assert_eq!((log.tasks(), report.tasks), (2, 2));
    assert_eq!(log.lives().len(), 2, "it was replaced");
}

fn a_cancelled_task_ends_its_worker_by_a_signal() {
    let (log, notes) = (Log::default(), Notes::new());
    let pool = log.builder(1).start(()).unwrap();
    let pid = pool.worker_ids()[0];
    let handle = pool.submit(notes.of(Order::SpinForEver));
    eventually("it runs", || notes.all().len() == 1);
    handle.cancel();
    let killed = |life: &Life| match &life.end {
        Some(Ended::Died(death)) => death.end == WorkerEnd::Killed(9),
        _ => false,
    };
    eventually("its end is told", || killed(&log.lives()[&(0, pid)]));
    assert_eq!(log.tasks(), 0);
}

fn a_recycled_worker_is_told_as_such() {
    let log = Log::default();
    let builder = log.builder(2).max_tasks_per_worker(10);
    let pool = builder.start(()).unwrap();
    assert!(pool.map((0..200).map(Order::Echo)).map(number).eq(0..200));
    let report = pool.shutdown().unwrap();
    let lives = log.lives();
    let recycled = |life: &&Life| matches!(life.end, Some(Ended::Recycled));
    assert_eq!(
        lives.values().filter(recycled).count() as u64,
        report.recycled
    );
    assert!(lives.values().all(|life| life.tasks <= 10));
    assert!(report.recycled >= 18, "{report:?}");
    let full = lives.values().filter(recycled).all(|life| life.tasks == 10);
    assert!(full, "none goes before its time");
}

fn a_worker_that_is_not_needed_any_more_is_stopped() {
    let log = Log::default();
    let pool = log.builder(2).start(()).unwrap();
    let pid = pool.worker_ids()[1];
    pool.resize(1).unwrap();
    let stopped = |life: &Life| matches!(life.end, Some(Ended::Stopped));
    eventually("its end is told", || {
        log.lives().get(&(1, pid)).is_some_and(stopped)
    });
    let ends = log
        .lives()
        .values()
        .filter(|life| life.end.is_some())
        .count();
    assert_eq!(ends, 1);
}

fn a_hook_that_panics_is_called_again_and_harms_nobody() {
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    let hook = move |_: &Event| {
        counted.fetch_add(1, Ordering::Relaxed);
        panic!("the hook has had enough");
    };
    let builder = Pool::<Obey>::builder().workers(2).retries(0).on_event(hook);
    let pool = builder.start(()).unwrap();
    assert!(pool.map((0..100).map(Order::Echo)).map(number).eq(0..100));
    assert!(pool.submit(Order::Exit(1)).wait().is_err());
    for n in 0..20 {
        assert_eq!(number(pool.submit(Order::Echo(n)).wait()), n);
    }
    let report = pool.shutdown().unwrap();
    assert_eq!((report.tasks, report.died), (120, 1));
    // Starts, ends, at least one message of the map, and the single tasks.
    assert!(calls.load(Ordering::Relaxed) >= 2 + 3 + 1 + 20);
}
