//! One battery of faults for all ways to use a pool: what holds for one holds for the others.
//!
//! One fault is not here: a worker that dies before it has connected is no matter of tasks, see
//! `starting`.

mod callers;
mod channels;
mod charges;
mod delivery;
mod fire;
mod large;
mod noise;
mod table;

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{panic, thread};

use libtest_mimic::{Failed, Trial};
use procpool::{Job, Pool, TaskError};

use crate::job::{Answer, Obey, Order};
pub(crate) use fire::under_fire;
pub(crate) use noise::act_as_noisy_parent;

/// A test that takes longer hangs, however slow the machine is.
pub(crate) const HANGS: Duration = Duration::from_mins(2);

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Ordered,
    Unordered,
    /// All at once, then waited for.
    Submitted,
    /// Each waited for before the next is submitted. Whoever waits reads what the worker sends; what
    /// tasks do to those that share a worker with them does not come up.
    OneByOne,
}

const WAYS: [(&str, Way); 4] = [
    ("ordered", Way::Ordered),
    ("unordered", Way::Unordered),
    ("submitted", Way::Submitted),
    ("one_by_one", Way::OneByOne),
];

pub(crate) fn tests() -> Vec<Trial> {
    WAYS.into_iter().flat_map(tests_of).collect()
}

/// Tests of other modules, each for all ways.
pub(crate) fn in_each_way(tests: &[Test]) -> Vec<Trial> {
    let of = |(name, way)| {
        let make = move |&(test, run): &Test| trial(format!("{name}::{test}"), move || run(way));
        tests.iter().map(make)
    };
    WAYS.into_iter().flat_map(of).collect()
}

fn tests_of((way_name, way): (&str, Way)) -> Vec<Trial> {
    let name = |test| format!("{way_name}::{test}");
    let sharing = way != Way::OneByOne;
    let faults = table::FAULTS.iter();
    let faults = faults.filter(|fault| sharing || fault.fate != table::Fate::TimedOut);
    let mut tests = [charges::OF_ONE, callers::TESTS, delivery::TESTS].concat();
    if sharing {
        let more = [channels::TESTS, charges::OF_MANY, fire::TESTS, large::TESTS];
        tests.extend(more.concat());
        tests.extend(noise::TESTS);
    }
    let make = |(test, run): Test| trial(name(test), move || run(way));
    let tests = tests.into_iter().map(make);
    let faults = faults.map(|fault| trial(name(fault.name), move || fault.try_in(way)));
    faults.chain(tests).collect()
}

/// A test for each way, named after itself.
pub(crate) type Test = (&'static str, fn(Way));

macro_rules! for_each_way {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), $name)),*]
    };
}
pub(crate) use for_each_way;

pub(crate) fn trial(name: String, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, || within(HANGS, test))
}

/// A fault that is not survived may well show as a result that never comes.
pub(crate) fn within(limit: Duration, test: impl FnOnce() + Send + 'static) -> Result<(), Failed> {
    let (ended, end) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let _ended = ended;
        test();
    });
    if let Err(RecvTimeoutError::Timeout) = end.recv_timeout(limit) {
        return Err("it hangs".into());
    }
    thread
        .join()
        .unwrap_or_else(|cause| panic::resume_unwind(cause));
    Ok(())
}

impl Way {
    /// Does the orders and passes on each result as it comes, with the position of its order.
    pub(crate) fn run<J: Job>(
        self,
        pool: &Pool<J>,
        orders: impl Iterator<Item = J::Task>,
        mut result: impl FnMut(u64, Result<J::Output, TaskError<J>>),
    ) {
        match self {
            Way::Ordered => {
                let mut map = pool.map(orders);
                (0..)
                    .zip(&mut map)
                    .for_each(|(at, outcome)| result(at, outcome));
                assert!(map.next().is_none());
            }
            Way::Unordered => {
                let mut map = pool.map_unordered(orders);
                for (at, outcome) in &mut map {
                    result(at, outcome);
                }
                assert!(map.next().is_none());
            }
            Way::Submitted => {
                let handles: Vec<_> = orders.map(|order| pool.submit(order)).collect();
                for handle in handles {
                    result(handle.index(), handle.wait());
                }
            }
            Way::OneByOne => {
                for order in orders {
                    let handle = pool.submit(order);
                    result(handle.index(), handle.wait());
                }
            }
        }
    }

    /// The results in the order of the orders: one for each. Of a pool that has done nothing before.
    pub(crate) fn results<J: Job>(
        self,
        pool: &Pool<J>,
        orders: Vec<J::Task>,
    ) -> Vec<Result<J::Output, TaskError<J>>> {
        let (count, mut results) = (orders.len() as u64, BTreeMap::new());
        self.run(pool, orders.into_iter(), |at, outcome| {
            if let Err(error) = &outcome {
                assert_eq!(error.index, at);
            }
            assert!(results.insert(at, outcome).is_none(), "{at} came twice");
        });
        assert!(results.keys().copied().eq(0..count), "{:?}", results.keys());
        results.into_values().collect()
    }

    /// The errors; all other results must be those of [`orders`].
    fn errors(self, pool: &Pool<Obey>, orders: Vec<Order>) -> Vec<TaskError<Obey>> {
        let mut errors = Vec::new();
        for (n, result) in (0..).zip(self.results(pool, orders)) {
            match result {
                Ok(answer) => assert_eq!(answer, Answer::Number(n)),
                Err(error) => errors.push(error),
            }
        }
        errors
    }
}

/// Orders so short that many share a batch and a second batch waits with each worker; here and there
/// another one.
fn orders(count: u64, other: impl Fn(u64) -> Option<Order>) -> Vec<Order> {
    let short = |n| Order::Spin(n % 4 * 10, n);
    (0..count)
        .map(|n| other(n).unwrap_or_else(|| short(n)))
        .collect()
}

/// Short orders with one other in the middle.
fn orders_around(other: &Order) -> Vec<Order> {
    orders(2 * MIDDLE, |n| (n == MIDDLE).then(|| other.clone()))
}

const MIDDLE: u64 = 200;

/// Numbers that look random, the same each time.
pub(crate) fn numbers(mut seed: u64) -> impl Iterator<Item = usize> {
    std::iter::repeat_with(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize
    })
}
