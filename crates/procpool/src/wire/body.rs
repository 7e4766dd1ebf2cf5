//! Bytes of a message that is being written: in the message itself, or, when they grow large, in a
//! region of shared memory.

use std::ops::Range;
use std::sync::Arc;

use super::regions::Region;

/// From here on a region is worth its header: two copies less, and no packets.
pub(crate) const LARGE: usize = 64 * 1024;

/// Gives a region with room for so many bytes, or none.
pub(crate) type Room<'a> = &'a mut dyn FnMut(usize) -> Option<Region>;

pub(crate) struct Body {
    /// Room for the head, then the bytes, unless they are in the region.
    message: Vec<u8>,
    head: usize,
    /// Several bodies may be parts of one region, which a worker reads until the last of them is done.
    region: Option<Arc<Region>>,
    /// Where in the region.
    at: Range<usize>,
    /// No region was to be had: do not ask for every byte.
    stays: bool,
}

impl Body {
    /// Empty, in a message whose head has so many bytes.
    pub(crate) fn new(head: usize) -> Body {
        Body {
            message: vec![0; head],
            head,
            region: None,
            at: 0..0,
            stays: false,
        }
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        if self.region.is_some() {
            self.at.len()
        } else {
            self.message.len() - self.head
        }
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.region {
            Some(region) => &region.bytes()[self.at.clone()],
            None => &self.message[self.head..],
        }
    }

    /// While it is being written: not for a part of another.
    #[inline]
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        match &mut self.region {
            Some(region) => &mut own(region)[self.at.clone()],
            None => &mut self.message[self.head..],
        }
    }

    pub(crate) fn region(&self) -> Option<&Region> {
        self.region.as_deref()
    }

    /// Where in the region its bytes are.
    pub(crate) fn place(&self) -> Option<(u64, Range<usize>)> {
        let region = self.region.as_ref()?;
        Some((region.id, self.at.clone()))
    }

    /// Keeps the bytes before `at` and returns the others.
    pub(crate) fn split_off(&mut self, at: usize) -> Body {
        let mut rest = Body::new(self.head);
        if let Some(region) = &self.region {
            rest.region = Some(Arc::clone(region));
            rest.at = self.at.start + at..self.at.end;
        } else {
            rest.message.extend_from_slice(&self.bytes()[at..]);
        }
        self.truncate(at);
        rest
    }

    /// Head, and the bytes as far as they are in the message.
    pub(crate) fn message(&mut self) -> &mut [u8] {
        &mut self.message
    }

    #[inline]
    pub(crate) fn truncate(&mut self, length: usize) {
        if self.region.is_some() {
            self.at.end = self.at.end.min(self.at.start + length);
        } else {
            self.message.truncate(self.head + length);
        }
    }

    /// Empty again, the message's buffer kept; a region goes back.
    pub(crate) fn clear(&mut self) {
        self.region = None;
        self.stays = false;
        self.message.truncate(self.head);
    }

    #[inline]
    pub(crate) fn push(&mut self, byte: u8, room: Room) {
        if self.region.is_none() && (self.message.len() < LARGE || self.stays) {
            self.message.push(byte);
        } else {
            self.extend_far(&[byte], room);
        }
    }

    #[inline]
    pub(crate) fn extend(&mut self, bytes: &[u8], room: Room) {
        if self.region.is_none() && (self.message.len() + bytes.len() <= LARGE || self.stays) {
            self.message.extend_from_slice(bytes);
        } else {
            self.extend_far(bytes, room);
        }
    }

    #[cold]
    fn extend_far(&mut self, bytes: &[u8], room: Room) {
        let length = self.len() + bytes.len();
        let capacity = self
            .region
            .as_ref()
            .map_or(0, |region| region.bytes().len());
        if length > capacity {
            self.move_to(room(length.max(2 * capacity)));
        }
        match &mut self.region {
            Some(region) => {
                own(region)[self.at.end..length].copy_from_slice(bytes);
                self.at.end = length;
            }
            None => self.message.extend_from_slice(bytes),
        }
    }

    /// Moves the bytes to a region, or without one to the message.
    fn move_to(&mut self, region: Option<Region>) {
        let length = self.len();
        if let Some(mut region) = region {
            region.bytes_mut()[..length].copy_from_slice(self.bytes());
            self.region = Some(Arc::new(region));
            self.at = 0..length;
            self.message.truncate(self.head);
        } else {
            if let Some(region) = self.region.take() {
                self.message.extend_from_slice(&region.bytes()[..length]);
            }
            self.stays = true;
        }
    }
}

#[inline]
fn own(region: &mut Arc<Region>) -> &mut [u8] {
    let region = Arc::get_mut(region).expect("what is being written has no parts yet");
    region.bytes_mut()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::regions::Regions;
    use super::*;

    fn written(room: Room) -> Body {
        let mut body = Body::new(2);
        for n in 0..300_u32 {
            body.push(n as u8, room);
            body.extend(&[n as u8; 1000], room);
        }
        body
    }

    fn expected() -> Vec<u8> {
        (0..300_u32).flat_map(|n| [n as u8; 1001]).collect()
    }

    #[test]
    fn bytes_are_the_same_wherever_they_are() {
        let regions = Arc::new(Regions::default());
        let body = written(&mut |size| regions.with_room(size));
        assert!(body.region().is_some());
        assert!(body.bytes() == expected());
        let mut without = written(&mut |_| None);
        assert!(without.region().is_none());
        assert!(without.bytes() == expected());
        assert_eq!(without.message().len(), 2 + expected().len());
    }

    #[test]
    fn a_region_that_is_outgrown_is_left_for_the_message_if_there_is_no_other() {
        let regions = Arc::new(Regions::default());
        let mut once = Some(regions.with_room(100_000).unwrap());
        let body = written(&mut |size| once.take_if(|region| region.bytes().len() >= size));
        assert!(body.region().is_none());
        assert!(body.bytes() == expected());
    }

    #[test]
    fn parts_of_a_region_keep_it_in_use() {
        let regions = Arc::new(Regions::default());
        for room in [&mut |size| regions.with_room(size), &mut |_| None] as [Room; 2] {
            let mut front = written(room);
            let back = front.split_off(1001 * 100);
            assert!(front.bytes() == &expected()[..1001 * 100]);
            let id = back.region().map(|region| region.id);
            drop(front);
            assert_ne!(regions.with_room(1).map(|region| region.id), id);
            assert!(back.bytes() == &expected()[1001 * 100..]);
        }
    }

    #[test]
    fn truncated_and_cleared_bodies_can_be_written_again() {
        let regions = Arc::new(Regions::default());
        let room: Room = &mut |size| regions.with_room(size);
        let mut body = written(room);
        body.truncate(1001);
        assert_eq!(body.bytes(), [0; 1001]);
        body.clear();
        assert_eq!(body.len(), 0);
        body.extend(b"abc", room);
        assert_eq!(body.message(), b"\0\0abc");
    }
}
