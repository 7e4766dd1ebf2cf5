//! What a request asks for in its query, and how durations and sizes are written.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use bytesize::ByteSize;
use percent_encoding::percent_decode_str;

use super::options::Options;

/// A share of the pages that is further away than the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// From 0 to 1.
    pub share: f64,
    /// Their latency.
    pub latency: Duration,
}

impl FromStr for Tail {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (share, latency) = text
            .split_once(',')
            .ok_or_else(|| format!("{text:?} is not SHARE,TIME such as 0.01,2s"))?;
        let share = share
            .parse()
            .ok()
            .filter(|share| (0.0..=1.0).contains(share))
            .ok_or_else(|| format!("{share:?} is no share from 0 to 1"))?;
        Ok(Self {
            share,
            latency: duration(latency)?,
        })
    }
}

/// `200ms`, `1.5s` or a bare number of milliseconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(milliseconds) = text.parse() {
        return Ok(Duration::from_millis(milliseconds));
    }
    humantime::parse_duration(text)
        .map_err(|error| format!("{text:?} is no time such as 200ms or 2s: {error}"))
}

/// Digits.
pub(crate) fn number(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is no number from 0 to {}", u64::MAX))
}

/// `10000`, `10kB`, `1MiB`, also with `/s` behind it.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    text.trim_end_matches("/s")
        .parse::<ByteSize>()
        .map(|size| size.as_u64())
        .map_err(|error| format!("{text:?} is no size such as 10kB or 1MiB: {error}"))
}

/// How an answer is to be: from the options, unless its query says otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) size: u64,
    pub(crate) latency: Duration,
    pub(crate) tail: Option<Tail>,
    pub(crate) rate: Option<u64>,
}

impl Manner {
    pub(crate) fn new(options: &Options, query: &Query<'_>) -> Result<Self, String> {
        Ok(Self {
            size: query.parse("size", size)?.unwrap_or(options.size),
            latency: query.parse("latency", duration)?.unwrap_or(options.latency),
            tail: query.parse("tail", str::parse)?.or(options.tail),
            rate: query
                .parse("rate", size)?
                .or(options.rate)
                .filter(|rate| *rate > 0),
        })
    }
}

/// The query of a request. Nothing is taken apart before it is asked for: most requests have none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    pub(crate) fn new(query: Option<&'a str>) -> Self {
        Self(query.unwrap_or_default())
    }

    /// The bytes that `name=` stands before, percent-decoded.
    pub(crate) fn bytes(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        if self.0.is_empty() {
            return None;
        }
        self.0.split('&').find_map(|part| {
            let value = part.strip_prefix(name)?.strip_prefix('=')?;
            Some(percent_decode_str(value).into())
        })
    }

    /// The same as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.bytes(name)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The same as what `parse` makes of it, with the name in the error.
    pub(crate) fn parse<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        self.text(name)
            .map(|text| parse(&text).map_err(|error| format!("{name}: {error}")))
            .transpose()
    }
}
