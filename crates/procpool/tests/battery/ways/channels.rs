//! What a task does to the channels of its worker.

use procpool::{Pool, WorkerEnd};

use super::table::{Fate, LIMIT};
use super::{Test, Way, for_each_way, orders};
use crate::job::{Answer, Channel, Obey, Order, pool};

pub(super) const TESTS: &[Test] = for_each_way![
    a_worker_without_channels_is_ended_and_harms_nobody_else,
    a_worker_without_descriptors_harms_nobody,
];

const BROKEN: Fate = Fate::Died(WorkerEnd::Broken);
const KILLED: Fate = Fate::Died(WorkerEnd::Killed(9));

/// What may become of each. Where there is a choice, the pool may have a task to send just then, and
/// kills a worker that does not take it; or it may notice nothing.
fn faults() -> [(Order, &'static [Fate]); 5] {
    let for_ever = || Box::new(Order::Sleep(u64::MAX));
    let hang_up = |channel| Order::HangUp(channel, for_ever());
    [
        (Order::CloseChannels, &[BROKEN, KILLED]),
        (Order::Babble(for_ever()), &[BROKEN]),
        (hang_up(Channel::Outputs), &[BROKEN]),
        // It takes that for the end of its parent.
        (hang_up(Channel::Lifeline), &[KILLED]),
        (hang_up(Channel::Tasks), &[KILLED, Fate::TimedOut]),
    ]
}

/// All at once: a worker that lives on without channels is given a second to end by itself.
fn a_worker_without_channels_is_ended_and_harms_nobody_else(way: Way) {
    let faults = faults();
    let fault = |n: u64| {
        let at = n.is_multiple_of(100).then_some(n as usize / 100)?;
        faults.get(at).map(|(order, _)| order.clone())
    };
    let builder = Pool::<Obey>::builder().workers(5).retries(0);
    let pool = builder.task_timeout(LIMIT).start(()).unwrap();
    let errors = way.errors(&pool, orders(600, fault));
    let indices = errors.iter().map(|error| error.index);
    assert!(indices.eq([0, 100, 200, 300, 400]), "{errors:?}");
    for ((order, fates), error) in faults.iter().zip(&errors) {
        assert_eq!(error.task, *order);
        let right = fates.iter().any(|fate| fate.is(&error.cause));
        assert!(right, "{order:?}: {error:?}");
    }
}

/// Large tasks come in memory that is sent as a descriptor.
fn a_worker_without_descriptors_harms_nobody(way: Way) {
    let piece = |n: u64| vec![n as u8; 200_000].into();
    let order = |n| match n {
        5 => Order::UseUpDescriptors,
        n => Order::Piece(piece(n)),
    };
    let results = way.results(&pool(1), (0..10).map(order).collect());
    for (n, result) in (0..).zip(results) {
        let right = match n {
            5 => Answer::Nothing,
            n => Answer::Piece(piece(n)),
        };
        assert!(matches!(result, Ok(answer) if answer == right), "{n}");
    }
}
