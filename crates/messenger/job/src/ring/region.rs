//! The memory of two rings: where which of them has which slot.

use std::io;

use memmap2::{MmapMut, MmapOptions, MmapRaw};

use super::waiting::Word;
use crate::message::HEADER;
use crate::plan::Mode;
use crate::talk::Talk;

/// Slots begin at multiples of this: so no two of them share what cores hand to each other.
const LINE: usize = 128;

/// What stands before the slots.
#[repr(C)]
pub(super) struct Head {
    /// Whether a worker has ended.
    pub(super) gone: Word,
    pub(super) lanes: [Lane; 2],
}

/// The counters of one direction.
#[repr(C)]
pub(super) struct Lane {
    pub(super) written: Word,
    pub(super) read: Word,
}

/// Memory for two rings.
#[derive(Debug)]
pub struct Region {
    map: MmapRaw,
    lanes: [Slots; 2],
}

/// The slots of one direction.
#[derive(Clone, Copy, Debug)]
struct Slots {
    count: u32,
    bytes: usize,
}

impl Region {
    /// Memory of this process alone, for `talk`.
    ///
    /// # Errors
    /// If there is none.
    pub fn make(talk: &Talk) -> io::Result<Self> {
        let map = MmapOptions::new()
            .len(Self::bytes(talk))
            .populate()
            .map_anon()?;
        Ok(Self::over(MmapMut::into(map), talk))
    }

    /// The memory that a file is, for `talk`.
    ///
    /// # Errors
    /// If it is not as long as [`Region::bytes`], or cannot be mapped.
    pub fn map(file: &std::fs::File, talk: &Talk) -> io::Result<Self> {
        let (length, expected) = (file.metadata()?.len(), Self::bytes(talk));
        if length != expected as u64 {
            let error = format!("shared memory of {length} bytes instead of {expected}");
            return Err(io::Error::other(error));
        }
        let map = MmapOptions::new().len(expected).populate().map_raw(file)?;
        Ok(Self::over(map, talk))
    }

    /// Bytes of memory for `talk`.
    pub fn bytes(talk: &Talk) -> usize {
        let all = slots(talk).iter().map(Slots::bytes).sum::<usize>();
        size_of::<Head>() + all
    }

    fn over(map: MmapRaw, talk: &Talk) -> Self {
        Self {
            map,
            lanes: slots(talk),
        }
    }

    /// What stands before the slots.
    pub(super) fn head(&self) -> &Head {
        #[expect(
            clippy::cast_ptr_alignment,
            reason = "a mapping begins at a page, and pages are aligned to more than a line"
        )]
        let head = self.map.as_ptr().cast::<Head>();
        // SAFETY: the mapping is longer than a `Head` (`bytes`), begins at a page and so is aligned, and stays as long
        // as `self` is borrowed. Zeros are a value of it, and it is only changed through its atomics.
        unsafe { &*head }
    }

    /// How many slots a lane has: a power of two.
    pub(super) fn slots(&self, lane: usize) -> u32 {
        self.lanes[lane].count
    }

    /// The slot for message `count` of a lane, and its bytes.
    pub(super) fn slot(&self, lane: usize, count: u32) -> (*mut u8, usize) {
        let before = if lane == 0 { 0 } else { self.lanes[0].bytes() };
        let slots = &self.lanes[lane];
        let offset =
            size_of::<Head>() + before + (count & (slots.count - 1)) as usize * slots.bytes;
        debug_assert!(offset + slots.bytes <= self.map.len());
        (self.map.as_mut_ptr().wrapping_add(offset), slots.bytes)
    }
}

impl Slots {
    fn bytes(&self) -> usize {
        self.count as usize * self.bytes
    }
}

/// One slot a direction for round trips, in which only one message is under way. The receiver of a stream only says
/// that all came. Powers of two, for counters go round.
fn slots(talk: &Talk) -> [Slots; 2] {
    let slots = |count, payload: usize| Slots {
        count,
        bytes: (HEADER + payload).next_multiple_of(LINE),
    };
    match talk.mode {
        Mode::RoundTrip => [slots(1, talk.bytes); 2],
        Mode::Stream => {
            let window = talk.window().next_power_of_two() as u32;
            [slots(window, talk.bytes), slots(1, 0)]
        }
    }
}
