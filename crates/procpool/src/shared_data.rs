//! Read-only data that all workers see without a copy for each.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use ipc_channel::ipc::IpcSharedMemory;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Read-only bytes for a job's setup, in memory that the parent and all workers have in common: a
/// table, a model, an index. However many workers there are, it is there once.
///
/// It belongs into [`Job::Setup`](crate::Job::Setup), alone or as a part of it; encoding it elsewhere
/// is an error.
#[derive(Clone)]
pub struct SharedData(Arc<IpcSharedMemory>);

impl SharedData {
    /// Copies the bytes into shared memory, once.
    ///
    /// # Panics
    /// If the system has no memory or no descriptor left.
    pub fn new(bytes: &[u8]) -> SharedData {
        SharedData(Arc::new(IpcSharedMemory::from_bytes(bytes)))
    }
}

impl Deref for SharedData {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SharedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedData({} bytes)", self.len())
    }
}

thread_local! {
    /// While a setup is encoded or decoded on this thread: the memory that it refers to.
    static MEMORY: RefCell<Option<Vec<Arc<IpcSharedMemory>>>> = const { RefCell::new(None) };
}

/// Runs `encode`, and returns the memory of all shared data that it has met, in their order.
pub(crate) fn collect<T>(encode: impl FnOnce() -> T) -> (T, Vec<Arc<IpcSharedMemory>>) {
    MEMORY.set(Some(Vec::new()));
    let result = encode();
    (result, MEMORY.take().unwrap_or_default())
}

/// Runs `decode`, for which shared data is in this memory.
pub(crate) fn resolve<T>(memory: Vec<Arc<IpcSharedMemory>>, decode: impl FnOnce() -> T) -> T {
    MEMORY.set(Some(memory));
    let result = decode();
    MEMORY.set(None);
    result
}

impl Serialize for SharedData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = MEMORY.with_borrow_mut(|memory| {
            let memory = memory.as_mut()?;
            memory.push(Arc::clone(&self.0));
            Some(memory.len() as u64 - 1)
        });
        let place = place.ok_or_else(|| S::Error::custom("shared data belongs into the setup"))?;
        serializer.serialize_u64(place)
    }
}

impl<'de> Deserialize<'de> for SharedData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = u64::deserialize(deserializer)? as usize;
        MEMORY
            .with_borrow(|memory| memory.as_ref()?.get(place).cloned())
            .map(SharedData)
            .ok_or_else(|| D::Error::custom("shared data belongs into the setup"))
    }
}
