//! Results in the order of the tasks.

use std::fmt;

use super::feed::Feed;
use crate::Job;
use crate::error::TaskError;
use crate::parent::shared::Shared;
use crate::parent::sink::Want;

/// The results of [`Pool::map`](crate::Pool::map), in the order of the tasks.
///
/// Dropping it forgets the tasks that no worker has yet; those that a worker has are finished, their
/// results thrown away.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Map<'p, J: Job, I> {
    feed: Feed<'p, J, I>,
    /// Position of the next result.
    next: u64,
}

impl<'p, J: Job, I: Iterator<Item = J::Task>> Map<'p, J, I> {
    pub(crate) fn new(shared: &'p Shared, source: I) -> Self {
        let feed = Feed::new(shared, source);
        Map { feed, next: 0 }
    }
}

impl<J: Job, I: Iterator<Item = J::Task>> Iterator for Map<'_, J, I> {
    type Item = Result<J::Output, TaskError<J>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (_, result) = self.feed.next(Want::At(self.next))?;
        self.next += 1;
        Some(result)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.feed.size_hint()
    }
}

impl<J: Job, I> fmt::Debug for Map<'_, J, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("job", &J::NAME)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
