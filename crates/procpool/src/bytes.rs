//! Bytes that are encoded as one piece.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::body::LARGE;
use crate::wire::regions::Region;

/// Bytes for tasks and outputs, in place of `Vec<u8>`.
///
/// serde sees a `Vec<u8>` as a sequence of numbers and encodes it number by number; `Bytes` is copied
/// as one piece, which is some twenty times faster. Whether it travels in a message or, if it is
/// large, in shared memory is the pool's affair.
///
/// In a worker, those of a large task are not even copied: they are read where the parent has written
/// them. They may be kept as long as one likes; writing to them copies them first.
#[derive(Clone)]
pub struct Bytes(Place);

/// Where they are.
#[derive(Clone)]
enum Place {
    Here(Vec<u8>),
    /// In a region that nobody writes to as long as this is there.
    There(Arc<Region>, Range<usize>),
}

impl Bytes {
    /// The bytes as a vector. Those of a large task are copied, all others are not.
    pub fn into_vec(self) -> Vec<u8> {
        match self.0 {
            Place::Here(bytes) => bytes,
            Place::There(..) => self.to_vec(),
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(Place::Here(bytes))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Place::Here(bytes) => bytes,
            Place::There(region, at) => &region.bytes()[at.clone()],
        }
    }
}

impl DerefMut for Bytes {
    fn deref_mut(&mut self) -> &mut [u8] {
        if let Place::There(..) = &self.0 {
            self.0 = Place::Here(self.to_vec());
        }
        match &mut self.0 {
            Place::Here(bytes) => bytes,
            Place::There(..) => unreachable!("just copied"),
        }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Default for Bytes {
    fn default() -> Bytes {
        Vec::new().into()
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Bytes) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Bytes) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Bytes) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `deserialize_byte_buf`, for which postcard gives bytes that do not say where they are.
        deserializer.deserialize_bytes(Pieces)
    }
}

thread_local! {
    /// While a task is decoded on this thread: the region that it is in.
    static REGION: RefCell<Option<Arc<Region>>> = const { RefCell::new(None) };
}

/// Runs `decode` for a task in this region, if it is in one: large bytes stay there.
#[inline]
pub(crate) fn within<T>(region: Option<Arc<Region>>, decode: impl FnOnce() -> T) -> T {
    /// Also if decoding, which is the user's code, panics.
    struct Left;
    impl Drop for Left {
        fn drop(&mut self) {
            REGION.set(None);
        }
    }
    if region.is_none() {
        return decode();
    }
    REGION.set(region);
    let _left = Left;
    decode()
}

/// The bytes where they are, if they are in the region of the task that is being decoded.
fn kept_there(bytes: &[u8]) -> Option<Bytes> {
    // A page's worth of them would keep a whole region from being used again.
    if bytes.len() < LARGE {
        return None;
    }
    REGION.with_borrow(|region| {
        let region = region.as_ref()?;
        let at = region.place_of(bytes)?;
        Some(Bytes(Place::There(Arc::clone(region), at)))
    })
}

struct Pieces;

impl<'de> Visitor<'de> for Pieces {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Bytes, E> {
        Ok(kept_there(bytes).unwrap_or_else(|| bytes.to_vec().into()))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(bytes.to_vec().into())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(bytes.into())
    }

    // As formats for people write them.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes.into())
    }
}
