//! Results in the order of their tasks, whatever the order in which workers finish.

use std::collections::BTreeMap;

/// Holds back results that come before their turn.
#[derive(Debug)]
pub struct InOrder<T> {
    turn: usize,
    early: BTreeMap<usize, T>,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self {
            turn: 0,
            early: BTreeMap::new(),
        }
    }
}

impl<T> InOrder<T> {
    /// Takes the result of task `number` (they count from 0, and each comes once) and gives all those
    /// whose turn it is now: none if an earlier one is still missing.
    pub fn put(&mut self, number: usize, result: T) -> impl Iterator<Item = T> + '_ {
        self.early.insert(number, result);
        std::iter::from_fn(|| {
            let result = self.early.remove(&self.turn)?;
            self.turn += 1;
            Some(result)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_numbers_and_as_soon_as_it_is_their_turn() {
        let mut order = InOrder::default();
        let given =
            [2, 0, 1, 4, 3].map(|number| order.put(number, number * 10).collect::<Vec<_>>());
        assert_eq!(given, [vec![], vec![0], vec![10, 20], vec![], vec![30, 40]]);
    }

    #[test]
    fn what_was_not_asked_for_is_given_next_time() {
        let mut order = InOrder::default();
        assert_eq!(order.put(1, 'b').next(), None);
        assert_eq!(order.put(0, 'a').next(), Some('a'));
        assert_eq!(order.put(2, 'c').collect::<String>(), "bc");
    }
}
