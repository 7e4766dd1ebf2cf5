//! Results in the order of their tasks, whatever the order in which workers finish.

use std::collections::BTreeMap;

/// The results of `numbered` in the order of their numbers, which count from 0 without a gap. Holds back
/// those that came before their turn; after a gap (a worker that never answered) it gives the rest.
pub fn in_order<T>(numbered: impl IntoIterator<Item = (usize, T)>) -> impl Iterator<Item = T> {
    let mut numbered = numbered.into_iter();
    let mut early = BTreeMap::new();
    let mut turn = 0;
    std::iter::from_fn(move || {
        loop {
            if let Some(result) = early.remove(&turn) {
                turn += 1;
                return Some(result);
            }
            match numbered.next() {
                Some((number, result)) if number == turn => {
                    turn += 1;
                    return Some(result);
                }
                Some((number, result)) => early.insert(number, result),
                None => return early.pop_first().map(|(_, result)| result),
            };
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_numbers() {
        let mixed = [2, 0, 1, 4, 3].map(|number| (number, number * 10));
        assert_eq!(in_order(mixed).collect::<Vec<_>>(), [0, 10, 20, 30, 40]);
    }

    #[test]
    fn a_result_is_given_as_soon_as_it_is_its_turn() {
        let numbers = [(0, 'a'), (2, 'c')]
            .into_iter()
            .chain(std::iter::from_fn(|| panic!("too greedy")));
        assert_eq!(in_order(numbers).next(), Some('a'));
    }

    #[test]
    fn a_gap_loses_nothing_behind_it() {
        assert_eq!(
            in_order([(0, 'a'), (2, 'c'), (3, 'd')]).collect::<String>(),
            "acd"
        );
    }
}
