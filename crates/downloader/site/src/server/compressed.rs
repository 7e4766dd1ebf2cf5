//! Bodies that are not what their Content-Encoding says, or far more.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::CONTENT_ENCODING;

use super::Site;
use super::body::Source;
use super::encoding::{Encoding, MOST_BYTES};
use super::page::{Head, Page};
use super::router::Reply;

/// The beginning of a gzip file: no name, no date, system unknown.
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The last, empty block of a deflate stream.
const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

/// A block of the bomb before compression.
const BLOCK: usize = 1 << 20;

/// What is wrong with a gzip body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Bytes in the middle are others.
    Garbled,
    /// It ends in the middle, and the Content-Length agrees.
    Short,
    /// It is sound, but the checksum at its end is another's.
    Checksum,
    /// It is not gzip at all.
    Plain,
}

/// Zeros, about a thousandth of `size` when compressed: sound gzip. One block is made and sent again and again.
pub(crate) fn bomb(size: u64) -> Result<Reply, String> {
    let times = size.div_ceil(BLOCK as u64);
    let zeros = vec![0; BLOCK];
    let block = full_flush(&zeros)?;
    let mut crc = Crc::new();
    crc.update(&zeros);
    let mut tail = LAST_BLOCK.to_vec();
    tail.extend_from_slice(&repeated(&crc, times).to_le_bytes());
    // Its length, of which gzip keeps the lowest 32 bits.
    tail.extend_from_slice(&((times * BLOCK as u64) as u32).to_le_bytes());
    let source = Source::Repeated {
        head: Bytes::from_static(&GZIP_HEAD),
        block: block.into(),
        times,
        tail: tail.into(),
    };
    Ok(encoded("gzip", source))
}

/// A deflate block that ends on a byte and refers to nothing before it, so that it can follow itself.
fn full_flush(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut block = Vec::with_capacity(BLOCK);
    let mut compress = Compress::new(Compression::best(), false);
    match compress.compress_vec(bytes, &mut block, FlushCompress::Full) {
        Ok(Status::Ok) if compress.total_in() == bytes.len() as u64 => Ok(block),
        other => Err(format!("cannot make the block of a bomb: {other:?}")),
    }
}

/// The checksum of `times` blocks with the checksum `block`, by doubling.
fn repeated(block: &Crc, mut times: u64) -> u32 {
    let (mut all, mut power) = (Crc::new(), Crc::new());
    power.combine(block);
    while times > 0 {
        if times & 1 == 1 {
            all.combine(&power);
        }
        let mut twice = Crc::new();
        twice.combine(&power);
        twice.combine(&power);
        power = twice;
        times >>= 1;
    }
    all.sum()
}

/// `page` with `size` in a gzip that has a flaw.
pub(crate) fn flawed(site: &Site, page: Page, size: u64, flaw: Flaw) -> Result<Reply, String> {
    let plain = page.plain(site, size.min(MOST_BYTES)).collect();
    if flaw == Flaw::Plain {
        return Ok(encoded("gzip", Source::Whole(plain.into())));
    }
    let mut gzip = Encoding::Gzip
        .encode(&plain)
        .map_err(|error| format!("cannot encode the page: {error}"))?;
    let middle = gzip.len() / 2;
    match flaw {
        Flaw::Garbled => gzip[middle..]
            .iter_mut()
            .take(64)
            .for_each(|byte| *byte ^= 0xa5),
        Flaw::Short => gzip.truncate(middle),
        // It stands before the length: the last 8 bytes are both.
        Flaw::Checksum => gzip
            .iter_mut()
            .rev()
            .skip(4)
            .take(4)
            .for_each(|byte| *byte ^= 0xff),
        Flaw::Plain => {}
    }
    Ok(encoded("gzip", Source::Whole(gzip.into())))
}

/// `source` with `name` as its Content-Encoding, true or not.
pub(crate) fn encoded(name: &str, source: Source) -> Reply {
    let mut head = Head::new();
    head.set(CONTENT_ENCODING, name);
    head.reply(StatusCode::OK, source, None)
}
