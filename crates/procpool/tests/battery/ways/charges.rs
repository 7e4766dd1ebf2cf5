//! Who pays for a death: the task that was running, and nobody who shared the worker with it.

use std::fs;
use std::path::Path;
use std::thread;

use procpool::{Builder, Cause, Pool, WorkerEnd};

use super::table::{FAULTS, Fate, Fault, LIMIT, assert_shows_the_job};
use super::{MIDDLE, Test, Way, for_each_way, numbers, orders, orders_around};
use crate::job::{Obey, Order, number, pool, try_pool};
use crate::process::{eventually, kill_worker};

pub(super) const OF_ONE: &[Test] = for_each_way![
    a_poison_task_runs_as_often_as_it_may_and_is_given_up,
    killers_alone_are_each_given_up,
    a_task_whose_worker_was_killed_once_succeeds_at_the_second_try,
    a_panic_may_carry_what_panics_when_dropped,
];

pub(super) const OF_MANY: &[Test] = for_each_way![
    tasks_that_share_the_worker_with_a_killer_are_not_charged,
    tasks_that_share_the_worker_with_one_that_times_out_are_not_charged,
    many_faults_of_all_kinds_are_each_told_apart,
    time_limits_and_deaths_at_once_are_each_told_apart,
];

/// The lines that a task has written: one for each time that it ran.
fn runs(path: &Path) -> usize {
    fs::read_to_string(path).unwrap_or_default().lines().count()
}

fn a_poison_task_runs_as_often_as_it_may_and_is_given_up(way: Way) {
    for retries in [0, 1, 4] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("runs");
        let poison = Order::Note(path.clone(), Box::new(Order::Signal(9)));
        let pool = try_pool(2, retries).unwrap();
        let errors = way.errors(&pool, orders_around(&poison));
        let [error] = &errors[..] else {
            panic!("{errors:?}")
        };
        assert_eq!((error.index, &error.task), (MIDDLE, &poison));
        let (text, last) = match &error.cause {
            Cause::WorkerDied(death) if retries == 0 => ("worker ".to_owned(), death),
            Cause::GivenUp { attempts, last } if retries > 0 && *attempts == retries + 1 => {
                let text = format!("given up after {attempts} attempts; last: worker ");
                (text, last)
            }
            other => panic!("{other:?}"),
        };
        assert!(error.to_string().starts_with(&text), "{error}");
        assert_eq!(last.end, WorkerEnd::Killed(9));
        assert_eq!(runs(&path), retries as usize + 1);
        assert_eq!(pool.shutdown().unwrap().died, u64::from(retries) + 1);
    }
}

fn killers_alone_are_each_given_up(way: Way) {
    let pool = try_pool(2, 1).unwrap();
    let errors = way.errors(&pool, vec![Order::Exit(1); 20]);
    assert_eq!(errors.len(), 20);
    for error in errors {
        let twice = matches!(error.cause, Cause::GivenUp { attempts: 2, .. });
        assert!(twice, "{error:?}");
    }
    assert_eq!(pool.shutdown().unwrap().died, 40);
}

fn a_task_whose_worker_was_killed_once_succeeds_at_the_second_try(way: Way) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runs");
    let pool = pool(1);
    let victim = pool.worker_ids()[0];
    let order = Order::Note(path.clone(), Box::new(Order::SleepPid(300)));
    thread::scope(|scope| {
        scope.spawn(|| {
            eventually("the task runs", || runs(&path) == 1);
            kill_worker(victim);
        });
        let mut results = way.results(&pool, vec![order]);
        assert_ne!(number(results.remove(0)), u64::from(victim));
    });
    assert_eq!(runs(&path), 2);
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

fn a_panic_may_carry_what_panics_when_dropped(way: Way) {
    let pool = try_pool(2, 0).unwrap();
    let errors = way.errors(&pool, orders_around(&Order::PanicWithTrap));
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    let Cause::Panicked {
        message, backtrace, ..
    } = &error.cause
    else {
        panic!("{error:?}")
    };
    assert_eq!((error.index, message.as_str()), (MIDDLE, "(no message)"));
    assert_shows_the_job(backtrace.as_deref().unwrap());
    assert_eq!(pool.shutdown().unwrap().died, 0);
}

/// Side by side, and at the end.
const KILLERS: [u64; 5] = [150, 151, 152, 300, 399];

fn tasks_that_share_the_worker_with_a_killer_are_not_charged(way: Way) {
    // With one worker, everything that is under way is with the killer.
    for workers in [1, 2] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("runs");
        let noted = |n| Order::Note(path.clone(), Box::new(Order::Echo(n)));
        let order = |n| match n {
            n if KILLERS.contains(&n) => Order::Signal(11),
            n => noted(n),
        };
        let pool = try_pool(workers, 0).unwrap();
        let errors = way.errors(&pool, orders(400, |n| Some(order(n))));
        assert!(errors.iter().map(|error| error.index).eq(KILLERS));
        for error in &errors {
            let once = matches!(&error.cause, Cause::WorkerDied(_));
            assert!(once, "{error:?}");
        }
        assert!(runs(&path) >= 395, "each has run, some once more");
        assert_eq!(pool.shutdown().unwrap().died, 5);
    }
}

fn tasks_that_share_the_worker_with_one_that_times_out_are_not_charged(way: Way) {
    let builder = Pool::<Obey>::builder().workers(1).retries(0);
    let pool = builder.task_timeout(LIMIT).start(()).unwrap();
    let errors = way.errors(&pool, orders_around(&Order::Sleep(u64::MAX)));
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert_eq!(error.index, MIDDLE);
    assert!(matches!(error.cause, Cause::TimedOut { .. }), "{error:?}");
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

/// Every 37th task has one of these faults.
fn tell_apart(way: Way, builder: Builder<Obey>, count: u64, kinds: &[&Fault]) {
    let faults: Vec<_> = numbers(37)
        .map(|number| kinds[number % kinds.len()])
        .take(count.div_ceil(37) as usize)
        .collect();
    let fault = |n: u64| n.is_multiple_of(37).then(|| faults[n as usize / 37]);
    let pool = builder.workers(2).retries(0).start(()).unwrap();
    let orders = orders(count, |n| fault(n).map(|fault| (fault.order)()));
    let errors = way.errors(&pool, orders);
    let indices = errors.iter().map(|error| error.index);
    assert!(indices.eq((0..count).step_by(37)), "{errors:?}");
    for (fault, error) in faults.iter().zip(&errors) {
        assert_eq!(error.task, (fault.order)());
        fault.assert_explains(error);
    }
}

fn many_faults_of_all_kinds_are_each_told_apart(way: Way) {
    let quick = |fault: &&Fault| fault.fate != Fate::TimedOut;
    let kinds: Vec<_> = FAULTS.iter().filter(quick).collect();
    // Looking up names for backtraces would take most of the time.
    let builder = Pool::builder().backtraces(false);
    tell_apart(way, builder, 2000, &kinds);
}

fn time_limits_and_deaths_at_once_are_each_told_apart(way: Way) {
    // Not with panics: looking up names may take longer than the limit.
    use WorkerEnd::{Exited, Killed};
    let quiet = |fault: &&Fault| {
        matches!(
            fault.fate,
            Fate::Died(Killed(9) | Exited(_)) | Fate::TimedOut
        )
    };
    let kinds: Vec<_> = FAULTS.iter().filter(quiet).collect();
    tell_apart(way, Pool::builder().task_timeout(LIMIT), 500, &kinds);
}
