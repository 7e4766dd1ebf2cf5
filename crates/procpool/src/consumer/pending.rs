//! Tasks that were pulled and have no result yet, to be given back in an error.
//!
//! Kept as they came: neither `Clone` nor decoding is needed, and a task that cannot be decoded comes
//! back too.

use std::collections::BTreeMap;

pub(super) struct Pending<T> {
    /// By the position of the first. Chunks go when their last task does, so that one which takes for
    /// ever does not keep a place for each that came after it.
    chunks: BTreeMap<u64, Chunk<T>>,
    /// The one that was used last: results come in rows.
    current: Option<(u64, Chunk<T>)>,
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
            current: None,
            count: 0,
        }
    }

    /// Tasks that are left.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds tasks that stand from this position on, behind all others.
    pub(super) fn add(&mut self, first: u64, tasks: Vec<Option<T>>) {
        let left = tasks.len();
        if left > 0 {
            self.count += left as u64;
            self.chunks.insert(first, Chunk { tasks, left });
        }
    }

    /// Removes the task at this position.
    #[inline]
    pub(super) fn take(&mut self, position: u64) -> Option<T> {
        let task = self.take_from_current(position);
        if task.is_some() {
            return task;
        }
        self.turn_to(position);
        self.take_from_current(position)
    }

    #[inline]
    fn take_from_current(&mut self, position: u64) -> Option<T> {
        let (first, chunk) = self.current.as_mut()?;
        let at = position.checked_sub(*first)? as usize;
        let task = chunk.tasks.get_mut(at)?.take()?;
        chunk.left -= 1;
        self.count -= 1;
        Some(task)
    }

    /// Makes the chunk with this position the current one.
    fn turn_to(&mut self, position: u64) {
        if let Some((first, chunk)) = self.current.take()
            && chunk.left > 0
        {
            self.chunks.insert(first, chunk);
        }
        let first = self.chunks.range(..=position).next_back();
        let first = first.map(|(&first, _)| first);
        self.current = first.and_then(|first| Some((first, self.chunks.remove(&first)?)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_given_back_by_position_and_leave_nothing() {
        let mut pending = Pending::new();
        pending.add(0, vec![Some("a"), Some("b"), Some("c")]);
        pending.add(3, vec![Some("d")]);
        assert_eq!(pending.take(3), Some("d"));
        assert_eq!(pending.take(1), Some("b"));
        assert_eq!(pending.take(1), None);
        assert_eq!(pending.count(), 2);
        assert_eq!((pending.take(0), pending.take(2)), (Some("a"), Some("c")));
        assert_eq!((pending.count(), pending.chunks.len()), (0, 0));
    }
}
