//! Who uses the pool: one operation after the other, each drawn, every result checked.

use std::thread;
use std::time::Duration;

use procpool::{Handle, Pool};

use super::board::{Board, add_one};
use super::job::{Order, Outcome, Soak, Task};
use super::random::Random;

pub(crate) struct Client<'a> {
    pub(crate) name: &'static str,
    pub(crate) pool: &'a Pool<Soak>,
    pub(crate) board: &'a Board,
    pub(crate) random: Random,
}

/// The tasks of one operation.
#[derive(Debug)]
struct Plan {
    seed: u64,
    count: u64,
    weights: [u64; 6],
}

impl Plan {
    fn draw(random: &mut Random) -> Plan {
        // In the order of `job::KINDS`.
        let (most, weights) = match random.below(6) {
            0 => (5000, [2000, 20, 1, 10, 10, 1]),
            1 => (60, [2, 1, 1, 20, 1, 0]),
            2 => (40, [4, 10, 10, 1, 1, 1]),
            3 => (400, [40, 1, 1, 20, 1, 0]),
            _ => (400, [200, 20, 10, 20, 20, 2]),
        };
        Plan {
            seed: random.number(),
            count: random.of_any_size(most),
            weights,
        }
    }

    fn order(&self, index: u64) -> Order {
        let mut random = Random::new(self.seed, index);
        let number = random.number();
        Order::draw(&mut random, number, self.weights)
    }

    fn tasks(&self) -> impl Iterator<Item = Task> {
        (0..self.count).map(|index| self.order(index).task())
    }
}

impl Client<'_> {
    /// Until it is over, or so many operations are done.
    pub(crate) fn work(&mut self, operations: u64) {
        for _ in 0..operations {
            if self.board.is_over() {
                break;
            }
            let plan = Plan::draw(&mut self.random);
            match self.random.below(3) {
                0 => self.map(&plan),
                1 => self.map_unordered(&plan),
                _ => self.submit(&plan),
            }
        }
        self.board.doing(self.name, "done".into());
    }

    fn map(&mut self, plan: &Plan) {
        self.board.doing(self.name, format!("map {plan:?}"));
        let leave = self.leave_at(plan);
        let mut map = self.pool.map(plan.tasks());
        for index in 0..leave.unwrap_or(plan.count) {
            let Some(outcome) = map.next() else {
                return self.lost(plan, index);
            };
            self.check(plan, index, index, &outcome);
            self.linger();
        }
        if leave.is_none() {
            let more = map.next().is_some();
            self.board
                .demand(!more, || format!("{plan:?}: more results than tasks"));
        }
    }

    fn map_unordered(&mut self, plan: &Plan) {
        self.board.doing(self.name, format!("unordered {plan:?}"));
        let leave = self.leave_at(plan);
        let mut seen = vec![false; plan.count as usize];
        let mut map = self.pool.map_unordered(plan.tasks());
        for at in 0..leave.unwrap_or(plan.count) {
            let Some((index, outcome)) = map.next() else {
                return self.lost(plan, at);
            };
            let before = seen
                .get_mut(index as usize)
                .map(|seen| std::mem::replace(seen, true));
            self.board.demand(before == Some(false), || {
                format!("{plan:?}: result {index} came twice, or is of no task")
            });
            self.check(plan, index, index, &outcome);
            self.linger();
        }
        if leave.is_none() {
            let more = map.next().is_some();
            self.board
                .demand(!more, || format!("{plan:?}: more results than tasks"));
        }
    }

    /// Hands all in, cancels some, and waits for the rest in any order.
    fn submit(&mut self, plan: &Plan) {
        self.board.doing(self.name, format!("submit {plan:?}"));
        let mut handles = Vec::new();
        let cancel_one_in = 1 + self.random.of_any_size(100);
        for (index, task) in plan.tasks().enumerate() {
            let handle = self.pool.submit(task);
            if self.random.one_in(4) {
                // As a program that asks one question after the other.
                self.wait(plan, index as u64, false, handle);
                continue;
            }
            if self.random.one_in(50) {
                add_one(&self.board.abandoned);
                continue;
            }
            handles.push((index as u64, false, handle));
            if self.random.one_in(cancel_one_in) {
                self.cancel_one_of(&mut handles);
            }
        }
        while !handles.is_empty() {
            if self.random.one_in(cancel_one_in) {
                self.cancel_one_of(&mut handles);
            }
            let at = self.random.below(handles.len() as u64) as usize;
            let (index, cancelled, handle) = handles.swap_remove(at);
            self.wait(plan, index, cancelled, handle);
        }
    }

    fn cancel_one_of(&mut self, handles: &mut [(u64, bool, Handle<Soak>)]) {
        let at = self.random.below(handles.len() as u64) as usize;
        let (_, cancelled, handle) = &mut handles[at];
        add_one(&self.board.cancels);
        handle.cancel();
        *cancelled = true;
    }

    fn wait(&mut self, plan: &Plan, index: u64, cancelled: bool, mut handle: Handle<Soak>) {
        let number = handle.index();
        while self.random.one_in(3) {
            let limit = self.random.micros_below(3000);
            match handle.wait_timeout(limit) {
                Ok(outcome) => return self.check_single(plan, index, number, cancelled, &outcome),
                Err(again) => handle = again,
            }
        }
        let outcome = handle.wait();
        self.check_single(plan, index, number, cancelled, &outcome);
    }

    fn check_single(
        &self,
        plan: &Plan,
        index: u64,
        number: u64,
        cancelled: bool,
        outcome: &Outcome,
    ) {
        if cancelled && plan.order(index).is_cancelled_by(number, outcome) {
            add_one(&self.board.cancelled);
            return self.board.step();
        }
        self.check(plan, index, number, outcome);
    }

    /// `number`: what the pool calls this task.
    fn check(&self, plan: &Plan, index: u64, number: u64, outcome: &Outcome) {
        let order = plan.order(index);
        self.board.step();
        if order.is_answered_by(number, outcome) {
            return add_one(&self.board.right[order.kind()]);
        }
        let got = match outcome {
            Ok((number, bytes)) => format!("number {number}, {} bytes", bytes.len()),
            Err(error) => format!("{error:?}"),
        };
        self.board.fault(format!(
            "{}, {plan:?}, task {index} ({number}), {order:?}: {got}",
            self.name
        ));
    }

    fn lost(&self, plan: &Plan, results: u64) {
        self.board
            .fault(format!("{plan:?}: only {results} results"));
    }

    /// Sometimes a map is dropped in the middle.
    fn leave_at(&mut self, plan: &Plan) -> Option<u64> {
        let leaves = self.random.one_in(8);
        if leaves {
            add_one(&self.board.abandoned);
        }
        leaves.then(|| self.random.below(plan.count + 1))
    }

    /// Sometimes results are not taken up at once.
    fn linger(&mut self) {
        if self.random.one_in(2000) {
            thread::sleep(Duration::from_millis(self.random.below(50)));
        }
    }
}
