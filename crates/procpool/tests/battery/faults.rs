//! Faults that no task is to blame for, and what a dead worker leaves to read. What tasks do to their
//! workers, and what becomes of them, is tried in `ways`.

use libtest_mimic::Trial;
use procpool::Cause;

use crate::job::{Order, number, pool, try_pool};
use crate::process::{eventually, kill_worker};

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        the_last_lines_of_a_dead_worker_come_with_the_error,
        an_idle_worker_that_dies_is_replaced,
    ]
}

fn the_last_lines_of_a_dead_worker_come_with_the_error() {
    let pool = try_pool(1, 0).unwrap();
    let order = Order::Say("farewell".into(), Box::new(Order::Exit(1)));
    let error = pool.map([order]).next().unwrap().unwrap_err();
    let Cause::WorkerDied(death) = &error.cause else {
        panic!("{error:?}")
    };
    assert_eq!(death.stderr, ["farewell (out)", "farewell (err)"]);
    let last = r#"(its last line: "farewell (err)")"#;
    assert!(error.to_string().ends_with(last), "{error}");
}

fn an_idle_worker_that_dies_is_replaced() {
    let pool = pool(2);
    assert!(pool.map((0..10).map(Order::Echo)).map(number).eq(0..10));
    let before = pool.worker_ids();
    for &pid in &before {
        kill_worker(pid);
    }
    eventually("two new workers", || {
        let now = pool.worker_ids();
        now.len() == 2 && now.iter().all(|pid| !before.contains(pid))
    });
    assert!(pool.map((0..10).map(Order::Echo)).map(number).eq(0..10));
}
