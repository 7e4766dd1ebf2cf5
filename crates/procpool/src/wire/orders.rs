//! The message that carries tasks to a worker.

use std::sync::Arc;

use super::regions::{Region, Regions};
use super::{codec, fields, head, kind, put_head};

/// Number of the first task; the region with the tasks and their length there, 0 if they follow here;
/// the region lent for the outputs, 0 for none.
const FIELDS: usize = 4;
pub(crate) const HEAD: usize = head(FIELDS);

/// The parent: writes the head of a message, see [`super::body::Body::message`].
pub(crate) fn address(message: &mut [u8], first: u64, tasks: Option<(u64, usize)>, lent: u64) {
    let (region, length) = tasks.unwrap_or_default();
    put_head(message, kind::BATCH, &[first, region, length as u64, lent]);
}

/// The worker's side: the tasks of a batch.
pub(crate) struct Orders {
    message: Vec<u8>,
    region: Option<Region>,
    length: usize,
    /// Number of the first task.
    pub(crate) first: u64,
    pub(crate) lent: Option<Region>,
}

impl Orders {
    /// `None` if it is no such message, which only a parent gone mad sends.
    pub(crate) fn read(message: Vec<u8>, regions: &Arc<Regions>) -> Option<Orders> {
        if kind::of(&message) != Some(kind::BATCH) {
            return None;
        }
        let [first, region, length, lent] = fields::<FIELDS>(&message)?;
        let region_of = |id: u64| (id != 0).then(|| regions.take(id));
        let region = region_of(region);
        if region
            .as_ref()
            .is_some_and(|region| (region.bytes().len() as u64) < length)
        {
            return None;
        }
        Some(Orders {
            message,
            region,
            length: length as usize,
            first,
            lent: region_of(lent),
        })
    }

    /// Encoded tasks, one after the other.
    pub(crate) fn tasks(&self) -> Tasks<'_> {
        let bytes = match &self.region {
            Some(region) => &region.bytes()[..self.length],
            None => &self.message[HEAD..],
        };
        Tasks { bytes, at: 0 }
    }
}

pub(crate) struct Tasks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Tasks<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        codec::piece(self.bytes, &mut self.at)
    }
}

impl Tasks<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }
}
