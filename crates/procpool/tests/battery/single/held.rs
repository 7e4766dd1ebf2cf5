//! A pool of one worker that is held up, so that it is known what waits behind.

use procpool::{Handle, Pool};

use super::submit_all;
use crate::job::{Gate, Notes, Obey, Order, number, try_pool};
use crate::process::eventually;

/// So that it is clear what a worker is doing, and what it has done.
pub(super) struct Held {
    pub(super) notes: Notes,
    pub(super) gate: Gate,
    pub(super) pool: Pool<Obey>,
}

impl Held {
    /// Tasks need their worker's life: none is charged for a death.
    pub(super) fn new() -> Held {
        Held {
            notes: Notes::new(),
            gate: Gate::new(),
            pool: try_pool(1, 0).unwrap(),
        }
    }

    /// The only worker is busy with this; what comes next waits in the queue.
    pub(super) fn hold(&self) -> Handle<Obey> {
        let order = self.gate.before(Order::Echo(1000));
        let holder = self.pool.submit(self.notes.of(order.clone()));
        eventually("the worker is busy", || self.notes.count(&order) == 1);
        holder
    }

    /// Lets the worker get these all at once, and waits until it has begun the one that never ends.
    pub(super) fn give_together(&self, orders: impl Iterator<Item = Order>) -> Vec<Handle<Obey>> {
        let holder = self.hold();
        let handles = submit_all(&self.pool, orders);
        self.gate.open();
        assert_eq!(number(holder.wait()), 1000);
        let runs = || self.notes.count(&Order::SpinForEver) == 1;
        eventually("it runs", runs);
        handles
    }

    pub(super) fn noted(&self, n: u64) -> Order {
        self.notes.of(Order::Echo(n))
    }
}
