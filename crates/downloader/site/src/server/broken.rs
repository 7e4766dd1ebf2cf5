//! Answers that HTTP forbids, or that never end.

use std::time::Duration;

use hyper::body::Bytes;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::Site;
use super::cut::{MOST_RAW, collected};
use super::disposition;
use super::page::Page;
use super::query::{Query, duration, number};
use super::router::Asked;
use super::script::{Script, Step};

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// The answer for the path that was asked for, if it is one of these. `size` is that of the body.
pub(crate) fn script(
    asked: &Asked<'_>,
    site: &Site,
    size: u64,
    rate: Option<u64>,
) -> Result<Option<Script>, String> {
    let query = &asked.query;
    let body = page(site, size, query)?;
    let every = query
        .parse("every", duration)?
        .unwrap_or(Duration::from_millis(100));
    Ok(Some(match (asked.name, asked.rest.as_slice()) {
        ("length", [declared, sent]) => {
            let head = format!("{OK}Content-Length: {declared}\r\n\r\n");
            join(&[head.as_bytes(), &page(site, number(sent)?, query)?])
        }
        ("two-lengths", []) => {
            let head = format!(
                "{OK}Content-Length: {size}\r\nContent-Length: {}\r\n\r\n",
                size / 2
            );
            join(&[head.as_bytes(), &body])
        }
        ("cut-chunked", []) => join(&[CHUNKED.as_bytes(), &chunk(&body)]),
        ("bad-chunk", []) => join(&[CHUNKED.as_bytes(), &chunk(&body), b"zz\r\n"]),
        ("endless-header", []) => {
            join(&[OK.as_bytes()]).then(endless("X-Endless: one more\r\n".repeat(200)))
        }
        ("endless-field", []) => {
            join(&[OK.as_bytes(), b"X-Endless: "]).then(endless("a".repeat(4096)))
        }
        ("huge-header", [length]) => {
            let field = format!(
                "X-Huge: {}\r\n",
                "a".repeat(number(length)?.min(MOST_RAW) as usize)
            );
            join(&[OK.as_bytes(), field.as_bytes(), &with_length(&body)])
        }
        ("many-headers", [count]) => {
            let fields = "X-Many: 1\r\n".repeat(number(count)?.min(MOST_RAW / 16) as usize);
            join(&[OK.as_bytes(), fields.as_bytes(), &with_length(&body)])
        }
        ("drip-header", []) => drip(format!("{OK}Content-Length: 0\r\n\r\n").into(), every),
        ("drip", []) => {
            let head = format!("{OK}Content-Length: {}\r\n\r\n", body.len());
            let mut script = join(&[head.as_bytes()]);
            script.steps.extend(drip(body, every).steps);
            script
        }
        ("silent", []) => join(&[]).then(Step::Silence),
        ("empty-reply", []) => join(&[]),
        ("unlimited", []) => join(&[OK.as_bytes(), b"\r\n"]).then(unlimited(site, rate)),
        ("garbage", []) => join(&[&garbage(site.options.seed)]),
        ("http09", []) => join(&[&body]),
        ("http10", []) => join(&[b"HTTP/1.0 200 OK\r\n\r\n", &body]),
        ("bad-status", []) => join(&[b"HTTP/1.1 abc Odd\r\n", &with_length(&body)]),
        ("stale", []) => join(&[OK.as_bytes(), &with_length(&body)]),
        ("disposition", [case]) => named(&disposition::value(case)?, &body),
        ("disposition", []) => {
            let value = query
                .bytes("value")
                .ok_or("value: missing; or name a case behind a slash")?;
            named(&value, &body)
        }
        _ => return Ok(None),
    }))
}

/// The beginning of the page that `page=` names, or of page 1.
fn page(site: &Site, size: u64, query: &Query<'_>) -> Result<Bytes, String> {
    let page = Page::new(query.parse("page", number)?.unwrap_or(1));
    Ok(collected(&mut page.plain(site, size), MOST_RAW))
}

fn join(parts: &[&[u8]]) -> Script {
    Script::send(parts.concat())
}

/// The end of a sound answer, from its length on.
fn with_length(body: &[u8]) -> Vec<u8> {
    [
        format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(),
        body,
    ]
    .concat()
}

fn chunk(body: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n"].concat()
}

fn drip(bytes: Bytes, every: Duration) -> Script {
    Script::send(Bytes::new()).then(Step::Drip { bytes, every })
}

fn endless(bytes: String) -> Step {
    let every = Duration::ZERO;
    Step::Endless {
        bytes: bytes.into(),
        every,
    }
}

/// The text without an end; at a rate in a hundred pieces a second.
fn unlimited(site: &Site, rate: Option<u64>) -> Step {
    let (most, every) = match rate {
        Some(rate) => ((rate / 100).max(1), Duration::from_millis(10)),
        None => (u64::MAX, Duration::ZERO),
    };
    Step::Endless {
        bytes: site.text.piece(0, most),
        every,
    }
}

/// Anything but HTTP, the same for a seed.
fn garbage(seed: u64) -> [u8; 512] {
    let mut bytes = [0; 512];
    Pcg64Mcg::seed_from_u64(seed).fill_bytes(&mut bytes);
    bytes
}

/// A sound answer but for the Content-Disposition `value`, which is written as it is.
fn named(value: &[u8], body: &[u8]) -> Script {
    let field = [b"Content-Disposition: ", value, b"\r\n"].concat();
    join(&[OK.as_bytes(), &field, &with_length(body)])
}
