//! Results as they come.

use std::fmt;

use super::feed::Feed;
use crate::Job;
use crate::error::TaskError;
use crate::parent::shared::Shared;
use crate::parent::sink::Want;

/// The results of [`Pool::map_unordered`](crate::Pool::map_unordered), as they come, each with the
/// position of its task.
///
/// Dropping it forgets the tasks that no worker has yet; those that a worker has are finished, their
/// results thrown away.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct MapUnordered<'p, J: Job, I> {
    feed: Feed<'p, J, I>,
}

impl<'p, J: Job, I: Iterator<Item = J::Task>> MapUnordered<'p, J, I> {
    pub(crate) fn new(shared: &'p Shared, source: I) -> Self {
        let feed = Feed::new(shared, source);
        MapUnordered { feed }
    }
}

impl<J: Job, I: Iterator<Item = J::Task>> Iterator for MapUnordered<'_, J, I> {
    type Item = (u64, Result<J::Output, TaskError<J>>);

    fn next(&mut self) -> Option<Self::Item> {
        self.feed.next(Want::Any)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.feed.size_hint()
    }
}

impl<J: Job, I> fmt::Debug for MapUnordered<'_, J, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapUnordered")
            .field("job", &J::NAME)
            .finish_non_exhaustive()
    }
}
