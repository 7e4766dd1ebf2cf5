//! Whatever a server does, the page is named with the cause, everything else is done, and only whole files are
//! there afterwards.

use super::*;

/// Downloads what `path` answers between two good pages: status is 1, stderr names the page and `cause`, and the
/// two good ones are there, whole, and nothing else.
#[track_caller]
fn named_with_its_cause(site: &Site, path: &str, args: &[&str], cause: &str) {
    let url = format!("{}/{path}", site.url());
    url_named_with_its_cause(site, &url, args, cause);
}

#[track_caller]
fn url_named_with_its_cause(site: &Site, url: &str, args: &[&str], cause: &str) {
    let dir = tempfile::tempdir().unwrap();
    let good = |number| format!("{}/page/{number}", site.url());
    let urls = [good(1), url.to_owned(), good(2)];
    let output = program(dir.path())
        .args(["--retries", "0", "--out", "out"])
        .args(args)
        .args(&urls)
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    let message = format!("{url}: {cause}");
    assert!(
        contains(&output.stderr, &message),
        "expected {message:?} in {output:?}"
    );
    assert_eq!(lines(&output.stderr), 1, "{output:?}");
    let printed = String::from_utf8_lossy(&output.stdout);
    let printed: Vec<_> = printed.lines().collect();
    assert!(
        printed[0].ends_with("\tout/1") && printed[2].ends_with("\tout/2"),
        "{printed:?}"
    );
    assert!(
        printed[1].contains(&format!("\t{url}\tfailed: {cause}")),
        "{printed:?}"
    );
    let whole = |number| (number_name(number), page(site, &format!("/page/{number}")));
    assert_eq!(files(&dir.path().join("out")), [whole(1), whole(2)].into());
}

fn number_name(number: u32) -> String {
    number.to_string()
}

#[test]
fn a_server_that_says_no() {
    let site = site();
    for (code, name) in [
        (400, "400 Bad Request"),
        (401, "401 Unauthorized"),
        (403, "403 Forbidden"),
        (404, "404 Not Found"),
        (410, "410 Gone"),
        (429, "429 Too Many Requests"),
        (500, "500 Internal Server Error"),
        (503, "503 Service Unavailable"),
        (599, "599"),
        (304, "304 Not Modified"),
    ] {
        named_with_its_cause(
            &site,
            &format!("status/{code}/x"),
            &[],
            &format!("answered {name}"),
        );
    }
}

#[test]
fn redirects_that_lead_nowhere() {
    let site = site();
    let often = "redirected more than 10 times";
    named_with_its_cause(&site, "redirect-loop", &[], often);
    named_with_its_cause(&site, "redirect/11", &[], often);
    named_with_its_cause(
        &site,
        "redirect/1",
        &["--redirects", "0"],
        "redirected more than 0 times",
    );
    let nowhere = "redirected to nowhere, which cannot be followed";
    named_with_its_cause(&site, "redirect-nowhere", &[], nowhere);
    let file = "redirected to `file:///etc/hostname`, which cannot be followed";
    named_with_its_cause(&site, "redirect-to?url=file:///etc/hostname", &[], file);
    named_with_its_cause(
        &site,
        "redirect-to?url=http%3A%2F%2F127.0.0.1%3A1%2F",
        &[],
        "cannot connect: connection refused",
    );
}

#[test]
fn bodies_that_end_too_soon() {
    let site = site();
    for (path, cause) in [
        ("cut/1000", "cut off after 1000 bytes of 10000"),
        ("cut/0", "cut off after 0 bytes of 10000"),
        ("reset/1000", "connection reset after "),
        ("cut-chunked", "cut off after 10000 bytes"),
        ("length/5000/3000", "cut off after 3000 bytes of 5000"),
        ("empty-reply", "closed without an answer"),
    ] {
        named_with_its_cause(&site, path, &[], cause);
    }
}

#[test]
fn servers_that_take_for_ever() {
    let site = site();
    let short = ["--timeout", "300ms"];
    for path in ["silent", "stall/0", "stall/1000", "drip-header?every=50ms"] {
        named_with_its_cause(&site, path, &short, "silent for 300ms");
    }
    // It is never silent, so it takes the other limit.
    let drip = ["--timeout", "2s", "--deadline", "300ms"];
    named_with_its_cause(&site, "drip?every=50ms", &drip, "not done within 300ms");
}

#[test]
fn answers_that_break_the_rules() {
    let site = site();
    let broken = "the answer is not HTTP as it should be: ";
    for (path, cause) in [
        ("bad-chunk", "invalid chunk size"),
        ("length/-1/10", "invalid content-length"),
        ("length/abc/10", "invalid content-length"),
        (
            "length/99999999999999999999999/10",
            "invalid content-length",
        ),
        ("two-lengths", "invalid content-length"),
        ("endless-header", "its header is too large"),
        ("endless-field", "its header is too large"),
        ("huge-header/1000000", "its header is too large"),
        ("many-headers/10000", "its header is too large"),
        ("bad-status", "invalid HTTP status-code"),
        ("garbage", "invalid HTTP version"),
        ("http09", "invalid HTTP version"),
        (
            "partial-unasked",
            "a part of the page, which nobody asked for",
        ),
        ("disposition/nul", "invalid HTTP header"),
    ] {
        named_with_its_cause(&site, path, &[], &format!("{broken}{cause}"));
    }
}

#[test]
fn compression_that_is_broken() {
    let site = site();
    for (path, cause) in [
        ("gzip-garbled", ""),
        ("gzip-short", "unexpected end of file"),
        ("gzip-checksum", "CRC computed does not match"),
        ("gzip-plain", "invalid gzip header"),
        ("unknown-encoding", "`snail` is not known"),
    ] {
        let cause = format!("cannot be decompressed: {cause}");
        named_with_its_cause(&site, path, &[], &cause);
    }
}

#[test]
fn pages_that_are_too_large() {
    let site = site();
    let limit = ["--max-bytes", "1MB"];
    let cause = "larger than 1000000 bytes";
    // The length says so; it is only seen while reading; it is only seen after unpacking a thousandth of it.
    for path in ["length/9999999999/10", "unlimited", "gzip-bomb?size=10GB"] {
        named_with_its_cause(&site, path, &limit, cause);
    }
    let dir = tempfile::tempdir().unwrap();
    let fits = format!("{}/page/1?size=1MB", site.url());
    assert_eq!(
        status(&run(dir.path(), ["--max-bytes", "1MB", &fits])),
        Some(0)
    );
}

#[test]
fn servers_that_cannot_be_reached() {
    let site = site();
    let refused = "cannot connect: connection refused";
    url_named_with_its_cause(&site, "http://127.0.0.1:1/", &[], refused);
    url_named_with_its_cause(&site, "http://nosuchhost.invalid/", &[], "no such host: ");
}

#[test]
fn servers_that_cannot_be_trusted() {
    let site = site();
    let stranger = format!("{}/page/1", site.secure_url().unwrap());
    let cause = "no secure connection: invalid peer certificate";
    url_named_with_its_cause(&site, &stranger, &[], cause);
    let plain = format!("https{}/page/1", site.url().strip_prefix("http").unwrap());
    url_named_with_its_cause(&site, &plain, &[], "no secure connection: ");
}

#[test]
fn over_a_secure_connection_the_causes_are_the_same() {
    let site = site();
    let authority = ["--ca-file", site.ca_file().unwrap().to_str().unwrap()];
    let quick = [&authority[..], &["--timeout", "300ms"]].concat();
    for (path, args, cause) in [
        (
            "cut/1000",
            &authority[..],
            "cut off after 1000 bytes of 10000",
        ),
        ("reset/1000", &authority, "connection reset after "),
        ("cut-chunked", &authority, "cut off after 10000 bytes"),
        (
            "length/5000/3000",
            &authority,
            "cut off after 3000 bytes of 5000",
        ),
        ("empty-reply", &authority, "closed without an answer"),
        (
            "garbage",
            &authority,
            "the answer is not HTTP as it should be: ",
        ),
        ("silent", &quick, "silent for 300ms"),
        ("stall/1000", &quick, "silent for 300ms"),
        ("status/404/x", &authority, "answered 404 Not Found"),
    ] {
        let url = format!("{}/{path}", site.secure_url().unwrap());
        url_named_with_its_cause(&site, &url, args, cause);
    }
}

#[test]
fn what_looks_odd_and_is_sound_is_downloaded() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    let first = page(&site, "/page/1");
    for (path, bytes) in [
        ("redirect/10", &first[..]),
        ("http10", &first),
        ("stale", &first),
        ("status/204/x", b""),
        ("length/3000/5000", &first[..3000]),
        ("page/1?size=0", b""),
    ] {
        let out = tempfile::tempdir_in(dir.path()).unwrap();
        let url = format!("{}/{path}", site.url());
        // Twice: the connection is in whatever state the first has left it.
        let output = program(dir.path())
            .arg("--out")
            .arg(out.path())
            .args([&url, &url])
            .output();
        let output = output.unwrap();
        assert_eq!(status(&output), Some(0), "{path}: {output:?}");
        let files = files(out.path());
        assert_eq!(files.len(), 2, "{path}");
        assert!(files.values().all(|file| file == bytes), "{path}");
    }
}
