//! Blocks: everything once, in shuffled order.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Draws orders. The same seed gives the same ones.
#[derive(Debug)]
pub(crate) struct Order(Pcg64);

impl Order {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// All of `items` in the order of the next block, by Fisher and Yates.
    pub(crate) fn block<T: Copy>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for last in (1..items.len()).rev() {
            // Biased by less than 1 / 2^32 of what it draws among.
            let drawn = u128::from(self.0.next_u64()) * (last as u128 + 1);
            items.swap(last, (drawn >> 64) as usize);
        }
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_everything_once_and_a_seed_decides_the_order() {
        let items: Vec<u32> = (0..50).collect();
        let mut order = Order::new(3);
        let (one, two) = (order.block(&items), order.block(&items));
        assert_ne!(one, two);
        let mut sorted = one.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, items);
        assert_eq!(Order::new(3).block(&items), one);
        assert_ne!(Order::new(4).block(&items), one);
    }
}
