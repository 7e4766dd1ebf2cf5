//! A task that is given up has its result at once, and costs nobody else anything.

use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Handle, Pool};

use super::held::Held;
use super::{is_cancelled, submit_all};
use crate::job::{Gate, Notes, Obey, Order, number, pool, try_pool};
use crate::process::{eventually, lives};

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        a_task_cancelled_in_the_queue_never_begins,
        a_task_cancelled_with_its_worker_before_it_begins_never_does,
        a_task_cancelled_while_it_runs_is_done_at_once_and_costs_its_worker,
        tasks_that_share_the_worker_with_a_cancelled_one_are_not_charged,
        maps_that_share_the_worker_with_a_cancelled_task_are_not_charged,
        a_task_that_is_done_is_not_cancelled,
        a_task_is_cancelled_once_however_often,
        a_task_may_be_cancelled_at_any_moment,
        a_task_may_be_cancelled_when_the_pool_is_gone,
    ]
}

fn assert_cancelled(handle: Handle<Obey>) {
    assert!(handle.is_done(), "at once");
    let outcome = handle.wait();
    assert!(is_cancelled(&outcome), "{outcome:?}");
    assert_eq!(outcome.unwrap_err().to_string(), "cancelled");
}

fn a_task_cancelled_in_the_queue_never_begins() {
    let held = Held::new();
    let holder = held.hold();
    let handles = submit_all(&held.pool, (0..40).map(|n| held.noted(n)));
    let unwanted = |n: usize| n.is_multiple_of(3);
    let mut kept = Vec::new();
    for (n, handle) in handles.into_iter().enumerate() {
        if unwanted(n) {
            handle.cancel();
            assert_cancelled(handle);
        } else {
            kept.push((n, handle));
        }
    }
    held.gate.open();
    assert_eq!(number(holder.wait()), 1000);
    for (n, handle) in kept {
        assert_eq!(number(handle.wait()), n as u64);
    }
    let runs = |n: usize| held.notes.count(&Order::Echo(n as u64));
    assert!((0..40).all(|n| runs(n) == usize::from(!unwanted(n))));
    assert_eq!(held.pool.shutdown().unwrap().died, 0);
}

fn a_task_cancelled_with_its_worker_before_it_begins_never_does() {
    let held = Held::new();
    let (first, second) = (held.hold(), Gate::new());
    // So many short tasks that those behind them become one batch. The first of it goes on until the
    // second gate opens.
    let short = submit_all(&held.pool, (0..500).map(Order::Echo));
    let waiting = second.before(Order::Echo(0));
    let head = held.pool.submit(held.notes.of(waiting.clone()));
    let mut rest = submit_all(&held.pool, (1..20).map(|n| held.noted(n)));
    held.gate.open();
    assert_eq!(number(first.wait()), 1000);
    assert!(short.into_iter().map(|h| number(h.wait())).eq(0..500));
    eventually("it runs", || held.notes.count(&waiting) == 1);
    for at in [18, 7, 6, 1, 0] {
        let unwanted = rest.remove(at);
        unwanted.cancel();
        assert_cancelled(unwanted);
    }
    second.open();
    assert_eq!(number(head.wait()), 0);
    for handle in rest {
        let n = handle.index() - 501;
        assert_eq!(number(handle.wait()), n);
    }
    let begun = (1..20).map(|n| held.notes.count(&Order::Echo(n)));
    let wanted = |n: u64| usize::from(![1, 2, 7, 8, 19].contains(&n));
    assert!(begun.eq((1..20).map(wanted)), "{:?}", held.notes.all());
    // Nobody was killed for it.
    assert_eq!(held.pool.shutdown().unwrap().died, 0);
}

fn a_task_cancelled_while_it_runs_is_done_at_once_and_costs_its_worker() {
    for order in [Order::SpinForEver, Order::Sleep(u64::MAX)] {
        let (pool, notes) = (pool(2), Notes::new());
        let before = pool.worker_ids();
        let handle = pool.submit(notes.of(order.clone()));
        eventually("it runs", || notes.count(&order) == 1);
        handle.cancel();
        assert_cancelled(handle);
        eventually("one worker is another", || {
            let now = pool.worker_ids();
            now.len() == 2 && now != before
        });
        let gone = before.iter().filter(|&&pid| !lives(pid)).count();
        assert_eq!(gone, 1);
        assert!(pool.map((0..100).map(Order::Echo)).map(number).eq(0..100));
        assert_eq!(notes.count(&order), 1, "it is not tried again");
        let report = pool.shutdown().unwrap();
        assert_eq!((report.died, report.started), (1, 3));
    }
}

fn tasks_that_share_the_worker_with_a_cancelled_one_are_not_charged() {
    let held = Held::new();
    let order = |n| match n {
        10 => held.notes.of(Order::SpinForEver),
        n => held.noted(n),
    };
    let mut handles = held.give_together((0..20).map(order));
    let unwanted = handles.remove(10);
    unwanted.cancel();
    assert_cancelled(unwanted);
    for handle in handles {
        let n = handle.index() - 1;
        assert_eq!(number(handle.wait()), n);
    }
    let behind = (11..20).map(|n| held.notes.count(&Order::Echo(n)));
    assert!(behind.eq([1; 9]), "they had not begun");
    assert_eq!(held.pool.shutdown().unwrap().died, 1);
}

fn maps_that_share_the_worker_with_a_cancelled_task_are_not_charged() {
    let (pool, notes) = (try_pool(2, 0).unwrap(), Notes::new());
    let mut map = pool.map((0..3000).map(|n| Order::Spin(100, n)));
    for n in 0..1000 {
        assert_eq!(number(map.next().unwrap()), n);
        if n % 200 == 0 {
            let handle = pool.submit(notes.of(Order::SpinForEver));
            let begun = n as usize / 200 + 1;
            eventually("it runs", || notes.all().len() == begun);
            handle.cancel();
            assert_cancelled(handle);
        }
    }
    assert!(map.map(number).eq(1000..3000));
    assert_eq!(pool.shutdown().unwrap().died, 5);
}

fn a_task_that_is_done_is_not_cancelled() {
    let pool = pool(1);
    let before = pool.worker_ids();
    let handle = pool.submit(Order::Echo(7));
    eventually("it is done", || handle.is_done());
    handle.cancel();
    assert_eq!(number(handle.wait()), 7);
    assert_eq!(pool.worker_ids(), before);
    assert_eq!(pool.shutdown().unwrap().died, 0);
}

fn a_task_is_cancelled_once_however_often() {
    let (pool, notes) = (pool(1), Notes::new());
    let handle = pool.submit(notes.of(Order::SpinForEver));
    eventually("it runs", || notes.all().len() == 1);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| handle.cancel());
        }
    });
    let next = pool.submit(notes.of(Order::Sleep(50)));
    handle.cancel();
    eventually("the next one runs", || notes.all().len() == 2);
    handle.cancel();
    assert_cancelled(handle);
    assert!(next.wait().is_ok());
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

/// Before it is sent, while it is on its way, while it runs, while its output is on its way back.
fn a_task_may_be_cancelled_at_any_moment() {
    let pool = try_pool(2, 0).unwrap();
    for round in 0..200 {
        let handles = submit_all(&pool, (0..6).map(|n| Order::Spin(n * 30, n)));
        thread::sleep(Duration::from_micros(round * 3));
        for handle in handles.iter().skip(1).step_by(2) {
            handle.cancel();
        }
        for (n, handle) in (0..).zip(handles) {
            match handle.wait() {
                outcome if n % 2 == 1 && is_cancelled(&outcome) => {}
                outcome => assert_eq!(number(outcome), n),
            }
        }
    }
    assert!(pool.map((0..100).map(Order::Echo)).map(number).eq(0..100));
}

fn a_task_may_be_cancelled_when_the_pool_is_gone() {
    let pool = pool(1);
    let done = pool.submit(Order::Echo(7));
    eventually("it is done", || done.is_done());
    let builder = Pool::<Obey>::builder().workers(1);
    let hasty = builder.grace(Duration::ZERO).start(()).unwrap();
    let running = hasty.submit(Order::SpinForEver);
    drop((pool, hasty));
    done.cancel();
    running.cancel();
    assert_eq!(number(done.wait()), 7);
    assert_cancelled(running);
}
