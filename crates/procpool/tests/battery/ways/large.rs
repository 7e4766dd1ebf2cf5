//! Large tasks and outputs that fail when most of them is written already.

use super::table::Fate;
use super::{Test, Way, for_each_way};
use crate::job::{Answer, OneWay, Order, Silent, try_pool};

pub(super) const TESTS: &[Test] =
    for_each_way![what_fails_half_way_harms_no_neighbour_in_shared_memory];

/// From 64 KiB on they travel in shared memory; of those here, several share a region.
const LARGE: usize = 40_000;

fn failing() -> [(Order, Fate); 5] {
    let carry = |order| Order::Carry(vec![8; LARGE].into(), Box::new(order));
    let fetch = |order| Order::Fetch(LARGE, Box::new(order));
    [
        (carry(Order::Unencodable(Silent)), Fate::TaskNotEncoded),
        (carry(Order::Undecodable(OneWay)), Fate::TaskNotDecoded),
        (fetch(Order::UnencodableOutput), Fate::OutputNotEncoded),
        (fetch(Order::UndecodableOutput), Fate::OutputNotDecoded),
        (fetch(Order::StartlingOutput), Fate::Panicked),
    ]
}

/// Half of them large as tasks, half of them as outputs.
fn right_one(n: u64) -> (Order, Answer) {
    let (order, answer) = (Box::new(Order::Echo(n)), Answer::Number(n));
    if n.is_multiple_of(2) {
        (Order::Carry(vec![n as u8; LARGE].into(), order), answer)
    } else {
        let bytes = vec![7; LARGE].into();
        (
            Order::Fetch(LARGE, order),
            Answer::Fetched(bytes, Box::new(answer)),
        )
    }
}

fn what_fails_half_way_harms_no_neighbour_in_shared_memory(way: Way) {
    let failing = failing();
    let fault = |n: u64| {
        let nth = n.is_multiple_of(9).then_some(n as usize / 9)?;
        Some(&failing[nth % failing.len()])
    };
    let order = |n| fault(n).map_or_else(|| right_one(n).0, |(order, _)| order.clone());
    let pool = try_pool(2, 0).unwrap();
    let results = way.results(&pool, (0..200).map(order).collect());
    for (n, result) in (0..).zip(results) {
        match (fault(n), result) {
            (None, Ok(answer)) => assert!(answer == right_one(n).1, "{n}"),
            (Some((order, fate)), Err(error)) => {
                assert!(error.task == *order, "{n}");
                assert!(fate.is(&error.cause), "{n}: {error:?}");
            }
            (_, other) => panic!("{n}: {other:?}"),
        }
    }
    assert_eq!(pool.shutdown().unwrap().died, 0);
}
