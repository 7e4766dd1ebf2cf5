//! What is in a message, and whether it is still in it when it comes.
//!
//! A message is a number, a length and the payload. All bytes of the payload follow from the number. To write and to
//! check them all would cost more than most ways do, so workers touch the first and the last eight bytes of each
//! message, and all of them if they are told to (`--verify`).

use serde::{Deserialize, Serialize};

use crate::end::Next;
use crate::error::TalkError;

/// Bytes before the payload, where a way has bytes only: the number and the length.
pub const HEADER: usize = 16;

/// Bytes that are written and checked together.
const WORD: usize = 8;

/// Writes messages and checks them, and remembers what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    verify: bool,
    /// Over the numbers and lengths of all messages that came, in their order.
    digest: u64,
    messages: u64,
}

/// A message with a type, as one would send it by a typed channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Its number.
    pub number: u64,
    /// Its payload, byte by byte to serde.
    pub payload: Vec<u8>,
}

impl Content {
    /// Nothing has come yet. `verify`: touch every byte.
    pub fn new(verify: bool) -> Self {
        Self {
            verify,
            digest: 0,
            messages: 0,
        }
    }

    /// How many messages came, and the digest over them.
    pub fn seen(&self) -> (u64, u64) {
        (self.messages, self.digest)
    }

    /// Writes what the payload of message `number` must be.
    pub fn write(&self, payload: &mut [u8], number: u64) {
        if self.verify {
            for (place, word) in payload.chunks_mut(WORD).enumerate() {
                fill(word, pattern(number, place));
            }
            return;
        }
        let last = payload.len().div_ceil(WORD).saturating_sub(1);
        for place in [0, last] {
            if let Some(word) = payload.chunks_mut(WORD).nth(place) {
                fill(word, pattern(number, place));
            }
        }
    }

    /// Takes a message that came as `number` with `payload`, where `next` was due.
    ///
    /// # Errors
    /// If it is another one.
    pub fn take(&mut self, next: Next, number: u64, payload: &[u8]) -> Result<(), TalkError> {
        self.take_written_as(next.number, next, number, payload)
    }

    /// The same for a payload that was written as that of message `written`: one that is sent again and again.
    ///
    /// # Errors
    /// If it is another one.
    pub fn take_written_as(
        &mut self,
        written: u64,
        next: Next,
        number: u64,
        payload: &[u8],
    ) -> Result<(), TalkError> {
        if number != next.number {
            return Err(TalkError::Order {
                expected: next.number,
                found: number,
            });
        }
        if payload.len() != next.bytes {
            return Err(TalkError::Length {
                number,
                expected: next.bytes,
                found: payload.len(),
            });
        }
        if let Some(place) = self.first_wrong(payload, written) {
            let at = place * WORD;
            return Err(TalkError::Content { number, at });
        }
        // The multiplier of Knuth's MMIX generator: order counts.
        let mixed = self.digest.wrapping_mul(6_364_136_223_846_793_005);
        self.digest = mixed
            .wrapping_add(number)
            .wrapping_add(payload.len() as u64 + 1);
        self.messages += 1;
        Ok(())
    }

    /// The first word that is not what was written, of those that are looked at.
    fn first_wrong(&self, payload: &[u8], number: u64) -> Option<usize> {
        let differs = |place: usize, word: &[u8]| !is_filled(word, pattern(number, place));
        if self.verify {
            let mut words = payload.chunks(WORD).enumerate();
            return words.find_map(|(place, word)| differs(place, word).then_some(place));
        }
        let last = payload.len().div_ceil(WORD).saturating_sub(1);
        [0, last].into_iter().find(|place| {
            let word = payload.chunks(WORD).nth(*place);
            word.is_some_and(|word| differs(*place, word))
        })
    }
}

/// Eight bytes that are different for every number and every place.
fn pattern(number: u64, place: usize) -> [u8; WORD] {
    // The golden ratio: neighbours come out far from each other.
    let mixed = (number << 32 ^ place as u64).wrapping_add(1);
    mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes()
}

/// A whole word is one instruction; any other number of bytes is a call.
#[inline]
fn fill(word: &mut [u8], pattern: [u8; WORD]) {
    match <&mut [u8; WORD]>::try_from(&mut *word) {
        Ok(word) => *word = pattern,
        Err(_) => word.copy_from_slice(&pattern[..word.len()]),
    }
}

#[inline]
fn is_filled(word: &[u8], pattern: [u8; WORD]) -> bool {
    match <&[u8; WORD]>::try_from(word) {
        Ok(word) => *word == pattern,
        Err(_) => *word == pattern[..word.len()],
    }
}

/// Writes number and length, as they stand before the payload, into the first [`HEADER`] bytes.
///
/// # Panics
/// If there are fewer bytes.
pub fn write_header(bytes: &mut [u8], next: Next) {
    bytes[..8].copy_from_slice(&next.number.to_le_bytes());
    bytes[8..HEADER].copy_from_slice(&(next.bytes as u64).to_le_bytes());
}

/// Number and length of a message that begins with them.
///
/// # Panics
/// If it has fewer than [`HEADER`] bytes.
pub fn read_header(bytes: &[u8]) -> (u64, usize) {
    let word = |from: usize| {
        let mut word = [0; 8];
        word.copy_from_slice(&bytes[from..from + 8]);
        u64::from_le_bytes(word)
    };
    (word(0), word(8) as usize)
}

/// A copy of `payload`.
///
/// # Errors
/// If there is no memory for it.
pub fn copied(payload: &[u8]) -> Result<Vec<u8>, TalkError> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(payload.len())
        .map_err(|_| no_memory(payload.len()))?;
    copy.extend_from_slice(payload);
    Ok(copy)
}

/// So many zeros, on pages that are there: touched, so that the first message is like all others.
///
/// # Errors
/// If there is no memory for it.
pub fn room(bytes: usize) -> Result<Vec<u8>, TalkError> {
    let mut room = Vec::new();
    room.try_reserve_exact(bytes)
        .map_err(|_| no_memory(bytes))?;
    room.resize(bytes, 0);
    Ok(room)
}

fn no_memory(bytes: usize) -> TalkError {
    TalkError::Memory {
        bytes,
        needed: bytes as u64,
    }
}

#[cfg(test)]
mod tests;
