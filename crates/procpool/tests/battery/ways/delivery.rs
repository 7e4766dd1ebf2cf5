//! What goes wrong while no task is running: outputs that cannot be delivered, and memory of tasks that
//! cannot be had, or is kept.

use procpool::{Bytes, Cause};

use super::{MIDDLE, Test, Way, for_each_way, orders_around};
use crate::job::{Answer, Channel, Order, pool};

pub(super) const TESTS: &[Test] = for_each_way![
    a_task_that_shuts_the_outputs_and_returns_harms_nobody_else,
    a_task_that_sends_nonsense_and_returns_harms_nobody_else,
    a_worker_without_memory_for_a_large_task_is_replaced,
    bytes_that_a_job_keeps_stay_as_they_were,
];

/// Its output can never be sent. So the death is its own, though it has returned.
fn harms_nobody_else(way: Way, order: &Order) {
    let pool = pool(2);
    let errors = way.errors(&pool, orders_around(order));
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert_eq!((error.index, &error.task), (MIDDLE, order));
    let died = matches!(error.cause, Cause::WorkerDied(_) | Cause::GivenUp { .. });
    assert!(died, "{error:?}");
    // Once with the others, and twice alone.
    assert!(pool.shutdown().unwrap().died <= 3);
}

fn a_task_that_shuts_the_outputs_and_returns_harms_nobody_else(way: Way) {
    let next = Box::new(Order::Echo(MIDDLE));
    harms_nobody_else(way, &Order::HangUp(Channel::Outputs, next));
}

fn a_task_that_sends_nonsense_and_returns_harms_nobody_else(way: Way) {
    harms_nobody_else(way, &Order::Babble(Box::new(Order::Echo(MIDDLE))));
}

fn a_worker_without_memory_for_a_large_task_is_replaced(way: Way) {
    let piece = || Order::Piece(vec![7; 30 << 20].into());
    let orders = vec![Order::Confine(8 << 20), piece(), piece()];
    let results = way.results(&pool(1), orders);
    for result in &results[1..] {
        assert!(matches!(result, Ok(Answer::Piece(_))));
    }
}

/// Large ones are read where the parent wrote them, and where it might write the next.
fn bytes_that_a_job_keeps_stay_as_they_were(way: Way) {
    let piece = |n: u8| -> Bytes { vec![n; 100_000].into() };
    // More than may stay there: the last ones are copied.
    let mut orders: Vec<_> = (0..40)
        .flat_map(|n| [Order::Keep(piece(n)), Order::Piece(piece(200 + n))])
        .collect();
    orders.push(Order::Kept);
    let last = way.results(&pool(1), orders).pop().unwrap();
    let right = (0..40).map(|n| (n, 100_000)).collect();
    assert_eq!(last.unwrap(), Answer::Kept(right));
}
