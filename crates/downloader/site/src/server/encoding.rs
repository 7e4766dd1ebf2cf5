//! Content encodings: which one a client takes, and what pages look like in it.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;

/// A larger body is not encoded, as that takes place in memory.
pub(crate) const MOST_BYTES: u64 = 16 << 20;

/// So many encoded bytes are kept for the next request; what comes after them is encoded each time.
const MOST_KEPT: usize = 64 << 20;

/// A content encoding by its registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    Gzip,
    Brotli,
    Zstd,
}

impl Encoding {
    /// In the order in which `auto` prefers them.
    pub(crate) const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The one that `wanted` (`gzip`, `br`, `zstd` or `auto`) names, if `accepted` (the header) has it too.
    pub(crate) fn choose(wanted: &str, accepted: &str) -> Result<Option<Self>, String> {
        let wanted: Vec<_> = Self::ALL
            .into_iter()
            .filter(|encoding| wanted == "auto" || wanted == encoding.name())
            .collect();
        if wanted.is_empty() {
            return Err("encode: must be gzip, br, zstd or auto".to_owned());
        }
        Ok(wanted
            .into_iter()
            .find(|encoding| accepts(accepted, encoding.name())))
    }

    pub(crate) fn encode(self, body: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(body)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut encoded = Vec::new();
                // Quality 5 is what servers use for pages made on the fly.
                let params = brotli::enc::BrotliEncoderParams {
                    quality: 5,
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*body, &mut encoded, &params)?;
                Ok(encoded)
            }
            Self::Zstd => zstd::encode_all(body, zstd::DEFAULT_COMPRESSION_LEVEL),
        }
    }
}

/// Whether an Accept-Encoding header has `name` or `*`, and not with a weight of zero.
fn accepts(header: &str, name: &str) -> bool {
    let weight = |wanted: &str| {
        header.split(',').find_map(|item| {
            let (item, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight
                .trim()
                .strip_prefix("q=")?
                .trim()
                .parse::<f64>()
                .ok()?;
            item.trim().eq_ignore_ascii_case(wanted).then_some(weight)
        })
    };
    weight(name)
        .or_else(|| weight("*"))
        .is_some_and(|weight| weight > 0.0)
}

/// Bodies that were encoded before: who asks again shall not cost the measured machine its time.
#[derive(Default)]
pub(crate) struct Encoded(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    bodies: HashMap<(u64, u64, Encoding), Bytes>,
    bytes: usize,
}

impl Encoded {
    /// The body of `page` with `size` in `encoding`: kept, or made by `body`.
    pub(crate) fn get(
        &self,
        (page, size): (u64, u64),
        encoding: Encoding,
        body: impl FnOnce() -> Vec<u8>,
    ) -> io::Result<Bytes> {
        let key = (page, size, encoding);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(encoded) = kept.bodies.get(&key) {
            return Ok(encoded.clone());
        }
        let encoded = Bytes::from(encoding.encode(&body())?);
        if kept.bytes + encoded.len() <= MOST_KEPT {
            kept.bytes += encoded.len();
            kept.bodies.insert(key, encoded.clone());
        }
        Ok(encoded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_no_encoding_that_it_did_not_ask_for() {
        let cases = [
            ("gzip", "gzip, br", Some(Encoding::Gzip)),
            ("gzip", "br", None),
            ("gzip", "", None),
            ("gzip", "gzip;q=0, *", None),
            ("gzip", "*", Some(Encoding::Gzip)),
            ("auto", "gzip, br;q=0.5", Some(Encoding::Brotli)),
            ("auto", "GZIP", Some(Encoding::Gzip)),
            ("zstd", "gzip, zstd; q=0.1", Some(Encoding::Zstd)),
        ];
        for (wanted, accepted, chosen) in cases {
            assert_eq!(
                Encoding::choose(wanted, accepted),
                Ok(chosen),
                "{wanted} of {accepted:?}"
            );
        }
        assert!(Encoding::choose("deflate", "deflate").is_err());
    }
}
