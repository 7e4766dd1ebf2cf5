//! Answers that stop, never end, or are no HTTP.

use std::io::ErrorKind;
use std::io::Read;

use crate::battery::{Answer, connect, get, is_silent, read_all, read_some, request, send, start};

#[test]
fn bodies_stop_where_they_were_to() {
    let site = start(&[]);
    let page = get(&site, "/page/1").body;
    let cut = get(&site, "/cut/1000");
    assert_eq!((cut.length(), cut.error), (Some(10_000), None));
    assert_eq!(cut.body, page[..1_000]);
    let reset = get(&site, "/reset/1000");
    assert_eq!(
        (reset.length(), reset.error),
        (Some(10_000), Some(ErrorKind::ConnectionReset))
    );

    let mut stream = connect(&site);
    send(&mut stream, "GET", "/stall/1000", "");
    let some = read_some(&mut stream, 1_000);
    assert!(some.starts_with(b"HTTP/1.1 200 OK\r\n"));
    let head = some
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head")
        + 4;
    read_some(&mut stream, head);
    assert!(is_silent(&mut stream));
}

#[test]
fn what_was_cut_once_can_be_resumed() {
    let site = start(&[]);
    let page = get(&site, "/page/1");
    let resume = |path: &str, etag: &str| {
        request(
            &site,
            "GET",
            path,
            &format!("Range: bytes=1000-\r\nIf-Range: {etag}\r\n"),
        )
    };
    let cut = get(&site, "/cut-once/a?at=1000");
    assert_eq!(
        (cut.length(), &cut.body[..]),
        (Some(10_000), &page.body[..1_000])
    );
    let rest = resume("/cut-once/a?at=1000", cut.header("etag").expect("an ETag"));
    assert_eq!((rest.status(), &rest.body[..]), (206, &page.body[1_000..]));

    let cut = get(&site, "/cut-once/b?at=1000&change=yes");
    let changed = resume(
        "/cut-once/b?at=1000&change=yes",
        cut.header("etag").expect("an ETag"),
    );
    assert_eq!((changed.status(), changed.body.len()), (200, 10_000));
    assert_ne!(changed.header("etag"), cut.header("etag"));
    assert_ne!(changed.body, page.body);

    // Twice, and the second time in the middle of what was asked for.
    get(&site, "/cut-once/c?times=2");
    let again = request(
        &site,
        "GET",
        "/cut-once/c?times=2",
        "Range: bytes=5000-\r\n",
    );
    assert_eq!(
        (again.status(), again.length(), again.body.len()),
        (206, Some(5_000), 2_500)
    );
    assert_eq!(get(&site, "/cut-once/c?times=2").body, page.body);
}

#[test]
fn lengths_lie() {
    let site = start(&[]);
    for (path, length, sent) in [
        ("/length/5000/3000", "5000", 3_000),
        ("/length/3000/5000", "3000", 5_000),
        (
            "/length/99999999999999999999/10",
            "99999999999999999999",
            10,
        ),
        ("/length/-1/10", "-1", 10),
        ("/length/many/10", "many", 10),
    ] {
        let answer = get(&site, path);
        assert_eq!(
            (answer.header("content-length"), answer.body.len()),
            (Some(length), sent)
        );
    }
    let two = get(&site, "/two-lengths").head;
    assert_eq!(two.matches("Content-Length: ").count(), 2, "{two}");
    let chunked = get(&site, "/cut-chunked").body;
    assert!(chunked.starts_with(b"2710\r\n") && !chunked.ends_with(b"0\r\n\r\n"));
    assert_eq!(chunked.len(), 6 + 10_000 + 2);
    assert!(get(&site, "/bad-chunk").body.ends_with(b"\r\nzz\r\n"));
}

#[test]
fn what_has_no_end_goes_on_until_the_client_leaves() {
    let site = start(&[]);
    for path in ["/unlimited", "/endless-header", "/endless-field"] {
        let mut stream = connect(&site);
        send(&mut stream, "GET", path, "");
        let bytes = read_some(&mut stream, 20_000_000);
        let ends = bytes.windows(4).any(|four| four == b"\r\n\r\n");
        assert_eq!(ends, path == "/unlimited", "{path}");
    }
}

#[test]
fn headers_are_as_large_and_as_many_as_asked_for() {
    let site = start(&[]);
    let huge = get(&site, "/huge-header/1000000");
    assert_eq!(huge.header("x-huge").map(str::len), Some(1_000_000));
    assert_eq!(huge.length(), Some(huge.body.len()));
    let many = get(&site, "/many-headers/10000");
    assert_eq!(many.head.matches("X-Many").count(), 10_000);
    assert_eq!(many.body.len(), 10_000);
}

#[test]
fn drips_come_byte_by_byte() {
    let site = start(&[]);
    let started = std::time::Instant::now();
    let drip = get(&site, "/drip?every=50ms&size=10");
    assert_eq!(drip.body, get(&site, "/page/1?size=10").body);
    assert!(started.elapsed() >= std::time::Duration::from_millis(450));
    let mut stream = connect(&site);
    send(&mut stream, "GET", "/drip-header?every=20ms", "");
    let mut piece = [0; 100];
    assert_eq!(stream.read(&mut piece).expect("a byte"), 1);
    assert_eq!(
        read_all(&mut stream).head,
        "TTP/1.1 200 OK\r\nContent-Length: 0"
    );
}

#[test]
fn nothing_comes_or_not_http() {
    let site = start(&[]);
    let mut stream = connect(&site);
    send(&mut stream, "GET", "/silent", "");
    assert!(is_silent(&mut stream));
    let nothing = |answer: Answer| (answer.head, answer.body.len(), answer.error);
    assert_eq!(
        nothing(get(&site, "/empty-reply")),
        (String::new(), 0, None)
    );
    let garbage = get(&site, "/garbage");
    assert!(!garbage.head.starts_with("HTTP"));
    assert!(get(&site, "/http10").head.starts_with("HTTP/1.0 200"));
    assert!(get(&site, "/bad-status").head.starts_with("HTTP/1.1 abc"));
    // No head at all: the page begins at once.
    let page = get(&site, "/page/1").body;
    assert_eq!(get(&site, "/http09").head.as_bytes(), page);
    let stale = get(&site, "/stale");
    assert_eq!((stale.header("connection"), &stale.body), (None, &page));
}

#[test]
fn every_path_of_the_table_is_there() {
    let site = start(&[]);
    let table = include_str!("../../paths.md");
    let paths = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let mut count = 0;
    for path in paths {
        let mut stream = connect(&site);
        stream
            .set_read_timeout(Some(std::time::Duration::from_millis(300)))
            .expect("a time limit");
        send(&mut stream, "GET", path, "");
        let mut begin = [0; 13];
        let read = stream.read(&mut begin).unwrap_or(0);
        assert_ne!(&begin[..read], b"HTTP/1.1 404 ", "{path}");
        count += 1;
    }
    assert!(count > 40, "{count}");
}
