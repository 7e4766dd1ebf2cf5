//! Content encodings: sound ones, and those that are not what they say.

use std::io::{self, Read};

use flate2::read::GzDecoder;

use crate::battery::{Answer, get, request, start};

fn gunzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain).map(|_| plain)
}

#[test]
fn pages_are_encoded_as_the_client_allows() {
    let site = start(&[]);
    let plain = get(&site, "/page/1");
    let encoded = |name: &str| -> Answer {
        request(
            &site,
            "GET",
            &format!("/page/1?encode={name}"),
            &format!("Accept-Encoding: {name}\r\n"),
        )
    };
    let (gzip, brotli, zstd) = (encoded("gzip"), encoded("br"), encoded("zstd"));
    assert_eq!(gunzip(&gzip.body).expect("gzip"), plain.body);
    assert_eq!(
        zstd::decode_all(zstd.body.as_slice()).expect("zstd"),
        plain.body
    );
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut brotli.body.as_slice(), &mut unpacked).expect("brotli");
    assert_eq!(unpacked, plain.body);
    for answer in [&gzip, &brotli, &zstd] {
        // As text is: neither hardly at all nor to nearly nothing.
        assert!(
            (2_000..6_000).contains(&answer.body.len()),
            "{}",
            answer.body.len()
        );
        assert_ne!(answer.header("etag"), plain.header("etag"));
    }
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    let refused = get(&site, "/page/1?encode=gzip");
    assert_eq!(
        (refused.header("content-encoding"), &refused.body),
        (None, &plain.body)
    );
}

#[test]
fn the_bomb_is_sound_gzip_and_a_thousand_times_larger_than_what_is_sent() {
    let site = start(&[]);
    let answer = get(&site, "/gzip-bomb?size=100MiB");
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.length(), Some(answer.body.len()));
    assert!(answer.body.len() < 200_000, "{}", answer.body.len());
    // Its checksum is looked at as well.
    let plain = gunzip(&answer.body).expect("gzip");
    assert!(plain.len() == 100 << 20 && plain.iter().all(|byte| *byte == 0));
}

#[test]
fn flawed_encodings_are_flawed() {
    let site = start(&[]);
    let page = get(&site, "/page/1").body;
    for path in [
        "/gzip-garbled",
        "/gzip-short",
        "/gzip-checksum",
        "/gzip-plain",
    ] {
        let answer = get(&site, path);
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(answer.length(), Some(answer.body.len()), "{path}");
        assert!(gunzip(&answer.body).is_err(), "{path}");
    }
    assert_eq!(get(&site, "/gzip-plain").body, page);
    let unknown = get(&site, "/unknown-encoding");
    assert_eq!(
        (unknown.header("content-encoding"), &unknown.body),
        (Some("snail"), &page)
    );
}
