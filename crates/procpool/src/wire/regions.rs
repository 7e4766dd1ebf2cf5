//! Regions of shared memory for large messages, mapped once by each side and used again and again.
//!
//! The parent makes them. It writes tasks into one and lends another for the outputs; each is on one
//! side's hands at a time, and comes back to the parent with the outputs or the worker's death.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use ipc_channel::ipc::IpcSharedMemory;

use super::mapping::Mapping;

/// Beyond this many bytes of regions, large messages travel in packets.
const MOST: usize = 1 << 30;
/// Or beyond so many regions: each is an open file, here and in every worker that has seen it.
const MOST_FILES: usize = 64;
/// Regions at rest, in bytes; what is above this is given back to the system.
const MOST_AT_REST: usize = 256 << 20;
/// Regions that a job may keep for itself: each is an open file.
const MOST_KEPT: usize = 16;

/// Regions that nobody is using.
#[derive(Default)]
pub(crate) struct Regions {
    state: Mutex<State>,
    added: Condvar,
}

#[derive(Default)]
struct State {
    at_rest: BTreeMap<u64, Mapping>,
    /// All there are, at rest or in use.
    all: HashSet<u64>,
    bytes: usize,
    last: u64,
    /// The worker: those that tasks are read from, or that the job has kept.
    read: BTreeMap<u64, Weak<Region>>,
    /// The worker: one was sent and could not be mapped.
    lost: bool,
}

/// A region in use; comes to rest when dropped.
pub(crate) struct Region {
    pub(crate) id: u64,
    /// Always there until it is dropped.
    mapping: Option<Mapping>,
    home: Arc<Regions>,
}

impl Region {
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.mapping.as_ref().map_or(&[], Mapping::bytes)
    }

    #[inline]
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        self.mapping.as_mut().map_or(&mut [], Mapping::bytes_mut)
    }

    /// Where in the region these bytes are, if they are.
    pub(crate) fn place_of(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let start = bytes
            .as_ptr()
            .addr()
            .checked_sub(self.bytes().as_ptr().addr())?;
        let end = start.checked_add(bytes.len())?;
        (end <= self.bytes().len()).then_some(start..end)
    }

    /// The parent: it is not to be used again, for a job has kept what it has read there.
    pub(crate) fn retire(&self) {
        let mut state = self.home.lock();
        if state.all.remove(&self.id) {
            state.bytes -= self.bytes().len();
        }
    }

    /// What to send so that the other side can map it. `None` if no more files can be opened.
    pub(crate) fn memory(&self) -> Option<IpcSharedMemory> {
        self.mapping.as_ref().and_then(Mapping::memory)
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if let Some(mapping) = self.mapping.take() {
            self.home.rest(self.id, mapping);
        }
    }
}

impl Regions {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn region(self: &Arc<Self>, id: u64, mapping: Mapping) -> Region {
        Region {
            id,
            mapping: Some(mapping),
            home: Arc::clone(self),
        }
    }

    fn rest(&self, id: u64, mapping: Mapping) {
        let mut state = self.lock();
        if state.all.contains(&id) {
            state.at_rest.insert(id, mapping);
            self.added.notify_all();
        }
    }

    /// The parent: a region of at least so many bytes, `None` if there are too many already.
    pub(crate) fn with_room(self: &Arc<Self>, bytes: usize) -> Option<Region> {
        let mut state = self.lock();
        let fitting = |mapping: &Mapping| mapping.bytes().len() >= bytes;
        let at_rest = state.at_rest.iter().filter(|(_, mapping)| fitting(mapping));
        let smallest = at_rest
            .min_by_key(|(_, mapping)| mapping.bytes().len())
            .map(|(&id, _)| id);
        if let Some(id) = smallest {
            return Some(self.region(id, state.at_rest.remove(&id)?));
        }
        let bytes = bytes.checked_next_power_of_two()?;
        state.make_room();
        if state.bytes + bytes > MOST || state.all.len() >= MOST_FILES {
            return None;
        }
        let mapping = Mapping::new(bytes)?;
        state.bytes += bytes;
        state.last += 1;
        let id = state.last;
        state.all.insert(id);
        Some(self.region(id, mapping))
    }

    /// The parent: is this one still in use or at rest?
    pub(crate) fn knows(&self, id: u64) -> bool {
        self.lock().all.contains(&id)
    }

    /// The worker: a region that the parent has told of.
    pub(crate) fn add(&self, id: u64, mapping: Mapping) {
        let mut state = self.lock();
        state.all.insert(id);
        state.at_rest.insert(id, mapping);
        self.added.notify_all();
    }

    /// The worker: one that the parent has told of cannot be mapped. Whoever waits for it waits in vain.
    pub(crate) fn lose(&self) {
        self.lock().lost = true;
        self.added.notify_all();
    }

    /// The worker: this region, which the parent has told of or is about to, to write into. `None` if it
    /// cannot be mapped.
    pub(crate) fn take(self: &Arc<Self>, id: u64) -> Option<Region> {
        let absent = |state: &mut State| !state.at_rest.contains_key(&id) && !state.lost;
        let mut state = self
            .added
            .wait_while(self.lock(), absent)
            .unwrap_or_else(PoisonError::into_inner);
        Some(self.region(id, state.at_rest.remove(&id)?))
    }

    /// The worker: the same to read from, also while the job has kept something there.
    pub(crate) fn read(self: &Arc<Self>, id: u64) -> Option<Arc<Region>> {
        let mut state = self.lock();
        loop {
            let kept = state.read.get(&id).and_then(Weak::upgrade);
            if kept.is_some() {
                return kept;
            }
            if let Some(mapping) = state.at_rest.remove(&id) {
                let region = Arc::new(self.region(id, mapping));
                state.read.insert(id, Arc::downgrade(&region));
                return Some(region);
            }
            if state.lost {
                return None;
            }
            state = self
                .added
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The worker: may the job keep one more?
    pub(crate) fn may_be_kept(&self) -> bool {
        let mut state = self.lock();
        state.read.retain(|_, region| region.strong_count() > 0);
        state.read.len() <= MOST_KEPT
    }

    /// The worker: it is not needed any more.
    pub(crate) fn forget(&self, id: u64) {
        let mut state = self.lock();
        state.all.remove(&id);
        state.at_rest.remove(&id);
    }
}

impl State {
    /// Gives regions at rest back to the system, the oldest first.
    fn make_room(&mut self) {
        let mut resting: usize = self.at_rest.values().map(|m| m.bytes().len()).sum();
        while resting > MOST_AT_REST {
            let Some((id, mapping)) = self.at_rest.pop_first() else {
                return;
            };
            self.all.remove(&id);
            self.bytes -= mapping.bytes().len();
            resting -= mapping.bytes().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_used_again_if_it_is_large_enough() {
        let regions = Arc::new(Regions::default());
        let first = regions.with_room(70_000).unwrap();
        assert_eq!(first.bytes().len(), 131_072);
        let id = first.id;
        assert_ne!(regions.with_room(1).unwrap().id, id, "it is in use");
        drop(first);
        assert_eq!(regions.with_room(131_072).unwrap().id, id);
        assert_ne!(regions.with_room(131_073).unwrap().id, id);
    }

    #[test]
    fn there_are_never_too_many_files() {
        let regions = Arc::new(Regions::default());
        let used: Vec<_> = (0..MOST_FILES)
            .map(|_| regions.with_room(1).unwrap())
            .collect();
        assert!(regions.with_room(1).is_none());
        drop(used);
        assert!(regions.with_room(1).is_some());
    }

    #[test]
    fn too_many_regions_are_refused_and_rest_is_bounded() {
        let regions = Arc::new(Regions::default());
        assert!(regions.with_room(MOST + 1).is_none());
        let quarter = MOST_AT_REST / 4;
        let used: Vec<_> = (0..6)
            .map(|_| regions.with_room(quarter).unwrap())
            .collect();
        let ids: Vec<_> = used.iter().map(|region| region.id).collect();
        drop(used);
        drop(regions.with_room(quarter + 1));
        let kept = ids.iter().filter(|&&id| regions.knows(id)).count();
        assert_eq!(kept, 4);
    }
}
