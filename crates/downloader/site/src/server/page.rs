//! Pages, served as a good server serves them: validators, conditions, ranges, encodings.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE, VARY,
};
use hyper::http::{HeaderName, response};
use hyper::{Response, StatusCode};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::Site;
use super::body::Source;
use super::encoding::{Encoding, MOST_BYTES};
use super::query::{Manner, Query};
use super::range::{self, Asked};
use super::router::Reply;
use super::text::Text;

/// 2026-01-01, when page 0 was last changed; each page a minute after the one before.
const LAST_CHANGE: u64 = 1_767_225_600;

/// Which page, and how it is served.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// Tells what it says.
    pub(crate) number: u64,
    /// Counts changes of it: another version has other bytes and another `ETag`.
    pub(crate) version: u64,
    /// Whether it is served in parts.
    pub(crate) ranges: bool,
}

impl Page {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            number,
            version: 0,
            ranges: true,
        }
    }

    /// Waits as long as the page is away, and answers.
    pub(crate) async fn reply(
        self,
        site: &Site,
        headers: &HeaderMap,
        query: &Query<'_>,
    ) -> Result<Reply, String> {
        let manner = Manner::new(&site.options, query)?;
        let latency = self.latency(site.options.seed, &manner);
        if !latency.is_zero() {
            site.clock.wait(latency).await;
        }
        self.answer(site, headers, query, &manner)
    }

    fn latency(self, seed: u64, manner: &Manner) -> Duration {
        match manner.tail {
            Some(tail) if self.place_in_tail(seed) < tail.share => tail.latency,
            _ => manner.latency,
        }
    }

    /// From 0 to 1, by seed and number alone: the same pages are far away for every model.
    fn place_in_tail(self, seed: u64) -> f64 {
        let stream = seed ^ self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        f64::from(Pcg64Mcg::seed_from_u64(stream).next_u32()) / (f64::from(u32::MAX) + 1.0)
    }

    fn answer(
        self,
        site: &Site,
        headers: &HeaderMap,
        query: &Query<'_>,
        manner: &Manner,
    ) -> Result<Reply, String> {
        let encoding = match query.text("encode") {
            Some(wanted) => Encoding::choose(&wanted, text(headers, &ACCEPT_ENCODING))?
                .filter(|_| manner.size <= MOST_BYTES),
            None => None,
        };
        let etag = self.etag(site, manner.size, encoding);
        let changed = self.changed();
        let mut head = Head::new();
        head.set(ETAG, &etag);
        head.set(LAST_MODIFIED, &httpdate::fmt_http_date(changed));
        if query.text("encode").is_some() {
            head.set(VARY, "accept-encoding");
        }
        if is_known(headers, &etag, changed) {
            return Ok(head.reply(StatusCode::NOT_MODIFIED, Source::empty(), None));
        }
        head.set(CONTENT_TYPE, "text/plain; charset=utf-8");
        if let Some(encoding) = encoding {
            head.set(CONTENT_ENCODING, encoding.name());
        }
        let source = self.source(site, manner.size, encoding)?;
        Ok(self.ranged(head, headers, source, (&etag, changed), manner.rate))
    }

    /// All of `source`, or the part of it that was asked for.
    fn ranged(
        self,
        mut head: Head,
        headers: &HeaderMap,
        source: Source,
        (etag, changed): (&str, SystemTime),
        rate: Option<u64>,
    ) -> Reply {
        let size = source.left();
        if !self.ranges {
            return head.reply(StatusCode::OK, source, rate);
        }
        head.set(ACCEPT_RANGES, "bytes");
        let unchanged = match text(headers, &IF_RANGE) {
            "" => true,
            condition => condition == etag || condition == httpdate::fmt_http_date(changed),
        };
        let asked = if unchanged { text(headers, &RANGE) } else { "" };
        match range::parse(asked, size) {
            Asked::All => head.reply(StatusCode::OK, source, rate),
            Asked::Part { first, count } => {
                let last = first + count - 1;
                head.set(CONTENT_RANGE, &format!("bytes {first}-{last}/{size}"));
                head.reply(StatusCode::PARTIAL_CONTENT, source.part(first, count), rate)
            }
            Asked::Nothing => {
                head.set(CONTENT_RANGE, &format!("bytes */{size}"));
                head.reply(StatusCode::RANGE_NOT_SATISFIABLE, Source::empty(), None)
            }
        }
    }

    fn source(self, site: &Site, size: u64, encoding: Option<Encoding>) -> Result<Source, String> {
        let plain = self.plain(site, size);
        let Some(encoding) = encoding else {
            return Ok(plain);
        };
        site.encoded
            .get((self.content(), size), encoding, || plain.collect())
            .map(Source::Whole)
            .map_err(|error| format!("cannot encode the page with {}: {error}", encoding.name()))
    }

    /// Its bytes, without any encoding.
    pub(crate) fn plain(self, site: &Site, size: u64) -> Source {
        Source::Window {
            text: Arc::clone(&site.text),
            at: Text::start(self.content()),
            left: size,
        }
    }

    /// Tells the versions of a page apart, and is the number for the first.
    fn content(self) -> u64 {
        self.number + self.version * 0x5_5555
    }

    pub(crate) fn etag(self, site: &Site, size: u64, encoding: Option<Encoding>) -> String {
        let encoding = encoding.map_or("", Encoding::name);
        format!(
            "\"{}-{}-{}-{size}{encoding}\"",
            site.options.seed, self.number, self.version
        )
    }

    pub(crate) fn changed(self) -> SystemTime {
        let minutes = (self.number + self.version) % (1 << 20);
        UNIX_EPOCH + Duration::from_secs(LAST_CHANGE + 60 * minutes)
    }
}

/// Whether the client has this version already.
fn is_known(headers: &HeaderMap, etag: &str, changed: SystemTime) -> bool {
    match (
        text(headers, &IF_NONE_MATCH),
        text(headers, &IF_MODIFIED_SINCE),
    ) {
        ("", "") => false,
        ("", since) => httpdate::parse_http_date(since).is_ok_and(|since| since >= changed),
        (tags, _) => tags.split(',').any(|tag| {
            let tag = tag.trim();
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
        }),
    }
}

/// The header `name`, or nothing.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// The head of an answer in the making.
pub(crate) struct Head(response::Parts);

impl Head {
    pub(crate) fn new() -> Self {
        Self(Response::new(()).into_parts().0)
    }

    /// Only for values that are known to be sound, or were made so.
    pub(crate) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
    }

    pub(crate) fn reply(mut self, status: StatusCode, source: Source, rate: Option<u64>) -> Reply {
        self.0.status = status;
        Reply::Http {
            head: Box::new(self.0),
            source,
            rate,
        }
    }
}
