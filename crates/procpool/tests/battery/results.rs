//! A map of a pool is a map: same results, same order, no more pulled than needed.

use std::cell::Cell;
use std::rc::Rc;

use libtest_mimic::Trial;
use procpool::Cause;

use crate::job::{Answer, OneWay, Order, number, pool};

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        results_come_in_the_order_of_the_tasks,
        many_short_tasks_all_come_back,
        no_tasks_no_results,
        an_endless_iterator_gives_what_is_taken,
        a_consumer_that_pauses_stops_the_iterator,
        one_long_task_does_not_pull_everything_in,
        the_jobs_own_error_comes_back_with_its_task,
        tasks_and_outputs_that_cannot_be_encoded_are_errors_of_their_own,
        large_tasks_and_outputs_arrive_whole,
        two_maps_at_once_do_not_mix,
        maps_from_several_threads_do_not_mix,
        a_dropped_map_leaves_the_pool_usable,
        one_worker_is_enough,
        an_iterator_that_panics_does_not_hang_the_map,
        long_tasks_behind_a_mistaken_batch_are_shared_out,
    ]
}

fn results_come_in_the_order_of_the_tasks() {
    let pool = pool(2);
    let uneven = |n| Order::Spin(if n % 17 == 0 { 3000 } else { n % 5 * 20 }, n);
    let numbers: Vec<u64> = pool.map((0..2000).map(uneven)).map(number).collect();
    assert!(numbers.into_iter().eq(0..2000));
}

fn many_short_tasks_all_come_back() {
    let numbers = pool(2)
        .map((0..200_000).map(Order::Echo))
        .map(number)
        .enumerate()
        .filter(|&(at, n)| at as u64 == n)
        .count();
    assert_eq!(numbers, 200_000);
}

fn no_tasks_no_results() {
    let pool = pool(2);
    let mut map = pool.map([]);
    assert!(map.next().is_none());
    assert!(map.next().is_none());
}

fn an_endless_iterator_gives_what_is_taken() {
    let pool = pool(2);
    let numbers: Vec<u64> = pool
        .map((0..).map(Order::Echo))
        .map(number)
        .take(5000)
        .collect();
    assert!(numbers.into_iter().eq(0..5000));
}

/// Not `Send`: the iterator is pulled on the caller's thread.
fn counted(tasks: impl Iterator<Item = Order>) -> (Rc<Cell<usize>>, impl Iterator<Item = Order>) {
    let pulled = Rc::new(Cell::new(0));
    let count = Rc::clone(&pulled);
    (pulled, tasks.inspect(move |_| count.set(count.get() + 1)))
}

fn a_consumer_that_pauses_stops_the_iterator() {
    let pool = pool(2);
    let (pulled, tasks) = counted((0..).map(|n| Order::Spin(2000, n)));
    let mut map = pool.map(tasks);
    assert_eq!(
        pulled.get(),
        0,
        "nothing is pulled before the first result is asked for"
    );
    for n in 0..50 {
        assert_eq!(number(map.next().unwrap()), n);
        // Long tasks go alone: two workers with at most two each, and a short queue.
        let ahead = pulled.get() - n as usize;
        assert!(ahead < 40, "{ahead} tasks pulled ahead of the consumer");
    }
}

fn one_long_task_does_not_pull_everything_in() {
    let pool = pool(2);
    // Behind the sleeper everything is free: only the bound stops the iterator.
    let first = std::iter::once(Order::Sleep(700));
    let (pulled, tasks) = counted(first.chain((0..).map(Order::Echo)));
    let mut map = pool.map(tasks);
    assert_eq!(map.next().unwrap().unwrap(), Answer::Nothing);
    assert!(pulled.get() < 100_000, "{} tasks pulled", pulled.get());
}

fn the_jobs_own_error_comes_back_with_its_task() {
    let pool = pool(2);
    let orders = [Order::Echo(1), Order::Fail("no".into()), Order::Echo(2)];
    let mut map = pool.map(orders.clone());
    assert_eq!(number(map.next().unwrap()), 1);
    let error = map.next().unwrap().unwrap_err();
    assert_eq!((error.index, &error.task), (1, &orders[1]));
    assert_eq!(error.to_string(), "refused: no");
    assert!(matches!(error.cause, Cause::Job(_)));
    assert_eq!(number(map.next().unwrap()), 2);
    assert!(map.next().is_none());
}

fn tasks_and_outputs_that_cannot_be_encoded_are_errors_of_their_own() {
    let pool = pool(2);
    let orders = [
        Order::Undecodable(OneWay),
        Order::UnencodableOutput,
        Order::UndecodableOutput,
        Order::Echo(3),
    ];
    let errors: Vec<_> = pool.map(orders.clone()).collect();
    let cause = |at: usize| &errors[at].as_ref().unwrap_err().cause;
    assert!(
        matches!(cause(0), Cause::TaskNotDecoded(_)),
        "{:?}",
        cause(0)
    );
    assert!(
        matches!(cause(1), Cause::OutputNotEncoded(_)),
        "{:?}",
        cause(1)
    );
    assert!(
        matches!(cause(2), Cause::OutputNotDecoded(_)),
        "{:?}",
        cause(2)
    );
    assert_eq!(
        errors[0].as_ref().unwrap_err().task,
        orders[0],
        "given back though it cannot be decoded"
    );
    assert!(matches!(errors[3], Ok(Answer::Number(3))));
}

fn large_tasks_and_outputs_arrive_whole() {
    let pool = pool(2);
    let payload = |n: u8| {
        (0..3_000_000 + usize::from(n))
            .map(|i| (i % 253) as u8 ^ n)
            .collect()
    };
    let orders: Vec<Order> = (0..12).map(|n| Order::Bytes(payload(n))).collect();
    for (order, answer) in orders.iter().zip(pool.map(orders.clone())) {
        let Order::Bytes(sent) = order else {
            unreachable!()
        };
        assert!(matches!(answer.unwrap(), Answer::Bytes(bytes) if bytes == *sent));
    }
}

fn two_maps_at_once_do_not_mix() {
    let pool = pool(2);
    let even = pool.map((0..3000).map(|n| Order::Echo(2 * n))).map(number);
    let odd = pool
        .map((0..3000).map(|n| Order::Spin(10, 2 * n + 1)))
        .map(number);
    for (n, (even, odd)) in even.zip(odd).enumerate() {
        assert_eq!((even, odd), (2 * n as u64, 2 * n as u64 + 1));
    }
}

fn maps_from_several_threads_do_not_mix() {
    let pool = pool(2);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let pool = &pool;
            scope.spawn(move || {
                let orders = (0..2000).map(|n| Order::Spin(5, n * 4 + thread));
                let right = (0..2000).map(|n| n * 4 + thread);
                assert!(pool.map(orders).map(number).eq(right));
            });
        }
    });
}

fn a_dropped_map_leaves_the_pool_usable() {
    let pool = pool(2);
    for round in 0..20 {
        let mut map = pool.map((0..).map(|n| Order::Spin(50, n)));
        (0..round * 10).for_each(|n| assert_eq!(number(map.next().unwrap()), n));
    }
    assert!(pool.map((0..100).map(Order::Echo)).map(number).eq(0..100));
}

fn an_iterator_that_panics_does_not_hang_the_map() {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    let pool = pool(2);
    let mut map = pool.map((0..).map(|n| {
        assert!(n != 1000, "no more");
        Order::Echo(n)
    }));
    let mut next = || catch_unwind(AssertUnwindSafe(|| map.next()));
    let given = std::iter::from_fn(|| next().ok().flatten()).map(number);
    assert!(given.count() <= 1000);
    assert!(next().is_err(), "it says so again");
    drop(map);
    assert!(pool.map((0..100).map(Order::Echo)).map(number).eq(0..100));
}

fn one_worker_is_enough() {
    assert!(
        pool(1)
            .map((0..1000).map(|n| Order::Spin(20, n)))
            .map(number)
            .eq(0..1000)
    );
}

fn long_tasks_behind_a_mistaken_batch_are_shared_out() {
    let pool = pool(2);
    // Short tasks make the batches large; then long ones come, which then share a batch.
    let short = (0..5000).map(Order::Echo);
    let long = (0..6).map(|_| Order::SleepPid(60));
    let more = (0..4000).map(Order::Echo);
    let numbers: Vec<u64> = pool
        .map(short.chain(long).chain(more))
        .map(number)
        .collect();
    let sleepers = &numbers[5000..5006];
    assert!(
        sleepers.iter().any(|pid| *pid != sleepers[0]),
        "all slept in one worker: {sleepers:?}"
    );
    assert!(numbers[5006..].iter().copied().eq(0..4000));
}
