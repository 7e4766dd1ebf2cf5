//! Workers are killed from outside, at any moment.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use procpool::{Bytes, Job, Pool};

use super::{Test, Way, for_each_way, numbers};
use crate::job::{Answer, Order, Outcome, try_pool};
use crate::process::kill_worker;

pub(super) const TESTS: &[Test] = for_each_way![
    kills_from_outside_lose_no_task,
    kills_from_outside_while_large_messages_travel,
    kills_from_outside_while_bytes_travel_in_shared_memory,
];

/// Kills random workers until it is done, in a sequence that is the same each time.
fn kill_at_random<J: Job>(pool: &Pool<J>, pause: Duration, done: &AtomicBool) {
    let mut seen = 0;
    for number in numbers(12_345) {
        thread::sleep(pause);
        if done.load(Ordering::Relaxed) {
            return;
        }
        let now: u64 = pool.statistics().iter().map(|worker| worker.tasks).sum();
        let workers = pool.worker_ids();
        // On a slow machine a kill each `pause` might leave no time for any task.
        if now != seen && !workers.is_empty() {
            seen = now;
            kill_worker(workers[number % workers.len()]);
        }
    }
}

/// Does the orders under fire, and calls `right` for each answer.
fn survive(
    way: Way,
    pause: Duration,
    orders: impl Iterator<Item = Order>,
    mut right: impl FnMut(u64, Answer) -> bool,
) -> usize {
    // A kill charges the task that runs, so some may be charged more than once.
    let pool = try_pool(2, 1000).unwrap();
    let mut came = Vec::new();
    under_fire(&pool, pause, || {
        way.run(&pool, orders, |at, outcome: Outcome| {
            assert!(right(at, outcome.unwrap()), "{at} is wrong");
            came.push(at);
        });
    });
    came.sort_unstable();
    assert!(came.iter().copied().eq(0..came.len() as u64));
    assert!(pool.shutdown().unwrap().died > 0);
    came.len()
}

/// Uses a pool while its workers are killed at random.
pub(crate) fn under_fire<J: Job>(pool: &Pool<J>, pause: Duration, use_pool: impl FnOnce()) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| kill_at_random(pool, pause, &done));
        let _done = SetWhenDropped(&done);
        use_pool();
    });
}

/// A scope waits for its threads, also when it ends by a panic.
struct SetWhenDropped<'a>(&'a AtomicBool);

impl Drop for SetWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn kills_from_outside_lose_no_task(way: Way) {
    let orders = (0..10_000).map(|n| Order::Spin(30, n));
    let pause = Duration::from_millis(8);
    let came = survive(way, pause, orders, |at, answer| {
        answer == Answer::Number(at)
    });
    assert_eq!(came, 10_000);
}

const LARGE: usize = 2 << 20;
const PAUSE: Duration = Duration::from_millis(15);

fn kills_from_outside_while_large_messages_travel(way: Way) {
    let bytes = |n: u64| vec![n as u8; LARGE];
    let orders = (0..16).map(|n| Order::Bytes(bytes(n)));
    let came = survive(way, PAUSE, orders, |at, answer| {
        answer == Answer::Bytes(bytes(at))
    });
    assert_eq!(came, 16);
}

fn kills_from_outside_while_bytes_travel_in_shared_memory(way: Way) {
    let bytes = |n: u64| Bytes::from(vec![n as u8; LARGE]);
    let orders = (0..100).map(|n| Order::Piece(bytes(n)));
    let came = survive(way, PAUSE, orders, |at, answer| {
        answer == Answer::Piece(bytes(at))
    });
    assert_eq!(came, 100);
}
