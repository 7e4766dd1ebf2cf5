//! Faults on the caller's side of the pool.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{MIDDLE, Test, Way, for_each_way, orders, orders_around};
use crate::job::{Order, Startling, number, pool};

pub(super) const TESTS: &[Test] =
    for_each_way![a_task_whose_encoding_panics_is_the_callers_own_affair];

fn a_task_whose_encoding_panics_is_the_callers_own_affair(way: Way) {
    let pool = pool(2);
    let mut came = 0;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let orders = orders_around(&Order::Startling(Startling));
        way.run(&pool, orders.into_iter(), |at, result| {
            assert_eq!(number(result), at);
            came += 1;
        });
    }));
    let payload = panicked.expect_err("it reaches the caller");
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"boo"));
    assert!(came <= MIDDLE);
    // What was handed in before is finished, and the pool is as good as new.
    let mut numbers = Vec::new();
    way.run(&pool, orders(400, |_| None).into_iter(), |_, result| {
        numbers.push(number(result));
    });
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..400));
    assert_eq!(pool.shutdown().unwrap().died, 0);
}
