//! Faults that the pool does not survive yet: ignored, to be tried by `--ignored`.

use procpool::Cause;

use super::table::assert_shows_the_job;
use super::{MIDDLE, Test, Way, for_each_way, orders_around};
use crate::job::{Answer, Channel, Order, pool};

pub(super) const TESTS: &[Test] = for_each_way![
    a_task_that_shuts_the_outputs_and_returns_harms_nobody_else,
    a_task_that_sends_nonsense_and_returns_harms_nobody_else,
    a_worker_without_memory_for_a_large_task_is_replaced,
    a_panic_with_a_payload_has_a_backtrace,
];

/// Its output can never be sent. So the death is its own, though it has returned.
fn harms_nobody_else(way: Way, order: &Order) {
    let errors = way.errors(&pool(2), orders_around(order));
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert_eq!((error.index, &error.task), (MIDDLE, order));
    let died = matches!(error.cause, Cause::WorkerDied(_) | Cause::GivenUp { .. });
    assert!(died, "{error:?}");
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

fn a_panic_with_a_payload_has_a_backtrace(way: Way) {
    let mut results = way.results(&pool(1), vec![Order::PanicWithTrap]);
    let error = results.remove(0).unwrap_err();
    let Cause::Panicked { backtrace, .. } = &error.cause else {
        panic!("{error:?}")
    };
    assert_shows_the_job(backtrace.as_deref().unwrap());
}
