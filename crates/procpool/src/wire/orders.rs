//! The message that carries tasks to a worker.

use std::ops::Range;
use std::sync::Arc;

use super::regions::{Region, Regions};
use super::{codec, fields, head, kind, put_head};

/// Numbers of the first task and of the one behind the last; the region with the tasks (0 if they
/// follow here), where they begin and end there; the region lent for the outputs (0 for none).
const FIELDS: usize = 6;
pub(crate) const HEAD: usize = head(FIELDS);

/// The parent: writes the head of a message, see [`super::body::Body::message`].
pub(crate) fn address(
    message: &mut [u8],
    numbers: Range<u64>,
    place: Option<(u64, Range<usize>)>,
    lent: u64,
) {
    let (region, at) = place.unwrap_or_default();
    let fields = [
        numbers.start,
        numbers.end,
        region,
        at.start as u64,
        at.end as u64,
        lent,
    ];
    put_head(message, kind::BATCH, &fields);
}

/// The worker's side: a batch.
pub(crate) struct Orders {
    message: Vec<u8>,
    pub(crate) numbers: Range<u64>,
    region: u64,
    at: Range<usize>,
    lent: u64,
}

impl Orders {
    /// `None` if it is no such message, which only a parent gone mad sends.
    pub(crate) fn read(message: Vec<u8>) -> Option<Orders> {
        if kind::of(&message) != Some(kind::BATCH) {
            return None;
        }
        let [first, end, region, start, stop, lent] = fields::<FIELDS>(&message)?;
        Some(Orders {
            message,
            numbers: first..end,
            region,
            at: start as usize..stop as usize,
            lent,
        })
    }

    /// The encoded tasks. Only if one of them is begun: of tasks that the parent has taken back all at
    /// once, the regions may be in other use or gone. `None` if a region cannot be mapped.
    pub(crate) fn open(&self, regions: &Arc<Regions>) -> Option<Tasks<'_>> {
        let (mut region, mut lent) = (None, None);
        if self.region != 0 {
            region = Some(regions.read(self.region)?);
        }
        if self.lent != 0 {
            lent = Some(regions.take(self.lent)?);
        }
        Some(Tasks {
            message: &self.message[HEAD..],
            region,
            at: self.at.clone(),
            next: self.numbers.start,
            lent,
        })
    }
}

/// Encoded tasks, one after the other.
pub(crate) struct Tasks<'a> {
    message: &'a [u8],
    pub(crate) region: Option<Arc<Region>>,
    at: Range<usize>,
    /// Number of the task that is there.
    next: u64,
    pub(crate) lent: Option<Region>,
}

impl Tasks<'_> {
    /// Has the job kept something of what it has read in the region?
    pub(crate) fn are_kept(&self) -> bool {
        let region = self.region.as_ref();
        region.is_some_and(|region| Arc::strong_count(region) > 1)
    }

    /// The task with this number, which must have begun: only then is it certain that the bytes up to
    /// it are still there. Asked for in order. `None` if there is none, which only a parent gone mad
    /// sends.
    #[inline]
    pub(crate) fn at(&mut self, number: u64) -> Option<&[u8]> {
        let bytes = match &self.region {
            Some(region) => region.bytes().get(..self.at.end)?,
            None => self.message,
        };
        while self.next < number {
            codec::piece(bytes, &mut self.at.start)?;
            self.next += 1;
        }
        self.next += 1;
        codec::piece(bytes, &mut self.at.start)
    }
}
