//! Tasks that were pulled and have no result yet, to be given back in an error.
//!
//! Kept as they came: neither `Clone` nor decoding is needed, and a task that cannot be decoded comes
//! back too.

use std::collections::BTreeMap;

pub(super) struct Pending<T> {
    /// By the position of the first. Chunks go when their last task does, so that one which takes for
    /// ever does not keep a place for each that came after it.
    chunks: BTreeMap<u64, Chunk<T>>,
    count: u64,
}

struct Chunk<T> {
    tasks: Vec<Option<T>>,
    left: usize,
}

impl<T> Pending<T> {
    pub(super) fn new() -> Pending<T> {
        Pending {
            chunks: BTreeMap::new(),
            count: 0,
        }
    }

    /// Tasks that are left.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds tasks that stand from this position on, behind all others.
    pub(super) fn add(&mut self, first: u64, tasks: Vec<T>) {
        let left = tasks.len();
        if left > 0 {
            self.count += left as u64;
            let tasks = tasks.into_iter().map(Some).collect();
            self.chunks.insert(first, Chunk { tasks, left });
        }
    }

    /// Removes the task at this position.
    pub(super) fn take(&mut self, position: u64) -> Option<T> {
        let mut chunk = self.chunks.range_mut(..=position);
        let (&first, chunk) = chunk.next_back()?;
        let task = chunk.tasks.get_mut((position - first) as usize)?.take()?;
        chunk.left -= 1;
        if chunk.left == 0 {
            self.chunks.remove(&first);
        }
        self.count -= 1;
        Some(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_given_back_by_position_and_leave_nothing() {
        let mut pending = Pending::new();
        pending.add(0, vec!["a", "b", "c"]);
        pending.add(3, vec!["d"]);
        assert_eq!(pending.take(3), Some("d"));
        assert_eq!(pending.take(1), Some("b"));
        assert_eq!(pending.take(1), None);
        assert_eq!(pending.count(), 2);
        assert_eq!((pending.take(0), pending.take(2)), (Some("a"), Some("c")));
        assert!(pending.chunks.is_empty());
    }
}
