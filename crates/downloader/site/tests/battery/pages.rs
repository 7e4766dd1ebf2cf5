//! Pages: their bytes, their conditions, their parts, and how far away they are.

use std::time::{Duration, Instant};

use crate::battery::{LIMIT, connect, get, read_one, read_some, request, send, start, stats};

#[test]
fn bytes_depend_on_seed_and_number_alone() {
    let (one, same, other) = (
        start(&["--seed", "7"]),
        start(&["--seed", "7"]),
        start(&["--seed", "8"]),
    );
    for path in ["/page/1", "/page/2?size=3MB", "/page/10000?size=70000"] {
        let answer = get(&one, path);
        assert_eq!(answer.body, get(&same, path).body, "{path}");
        assert!(answer.body != get(&other, path).body, "{path}");
    }
    let (first, second) = (get(&one, "/page/1").body, get(&one, "/page/2").body);
    assert_eq!((first.len(), second.len()), (10_000, 10_000));
    assert_ne!(first, second);
    // A longer page goes on from the same beginning, past the end of the text too.
    let long = get(&one, "/page/1?size=3MB").body;
    assert_eq!(long.len(), 3_000_000);
    assert!(long.starts_with(&first) && long.is_ascii());
}

#[test]
fn options_and_queries_say_how_many_pages_and_how_large() {
    let site = start(&["--pages", "3", "--size", "5kB"]);
    assert_eq!(get(&site, "/page/3").body.len(), 5_000);
    assert_eq!(get(&site, "/page/3?size=0").body.len(), 0);
    for path in [
        "/page/0",
        "/page/4",
        "/page/x",
        "/page",
        "/page/1/2",
        "/nothing",
    ] {
        assert_eq!(get(&site, path).status(), 404, "{path}");
    }
    for path in [
        "/page/1?size=much",
        "/page/1?latency=soon",
        "/page/1?tail=2,1s",
        "/page/1?encode=rot13",
    ] {
        assert_eq!(get(&site, path).status(), 400, "{path}");
    }
    assert_eq!(request(&site, "PUT", "/page/1", "").status(), 405);
    let list = String::from_utf8(get(&site, "/urls?append=?size=1").body).expect("text");
    assert_eq!(
        list.lines().collect::<Vec<_>>(),
        [1, 2, 3].map(|page| format!("http://site.test/page/{page}?size=1"))
    );
}

#[test]
fn a_page_is_as_far_away_as_was_asked_for() {
    let site = start(&["--latency", "300ms"]);
    let took = |path| {
        let started = Instant::now();
        assert_eq!(get(&site, path).body.len(), 10_000);
        started.elapsed()
    };
    assert!(took("/page/1") >= Duration::from_millis(300));
    assert!(took("/page/1?latency=0&tail=1,400ms") >= Duration::from_millis(400));
    // 10 kB at 20 kB/s.
    assert!(took("/page/1?latency=0&rate=20kB") >= Duration::from_millis(500));
}

#[test]
fn the_same_share_of_the_pages_is_in_the_tail_each_time() {
    let slow = |site| {
        (1..=60)
            .filter(|page| {
                let started = Instant::now();
                get(site, &format!("/page/{page}?tail=0.2,40ms"));
                started.elapsed() >= Duration::from_millis(40)
            })
            .collect::<Vec<u32>>()
    };
    let site = start(&["--seed", "3"]);
    let (first, again) = (slow(&site), slow(&site));
    // A busy machine may make others slow as well, but none of these quick.
    let both: Vec<_> = first.iter().filter(|page| again.contains(page)).collect();
    assert!((4..=24).contains(&both.len()), "{first:?} and {again:?}");
}

#[test]
fn parts_are_served_if_the_page_is_still_the_same() {
    let site = start(&[]);
    let whole = get(&site, "/page/1");
    let etag = whole.header("etag").expect("an ETag");
    let date = whole.header("last-modified").expect("a date");
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let part = |headers: &str| request(&site, "GET", "/page/1", headers);

    for (range, bytes, field) in [
        ("0-99", &whole.body[..100], "bytes 0-99/10000"),
        ("9990-", &whole.body[9_990..], "bytes 9990-9999/10000"),
        ("-10", &whole.body[9_990..], "bytes 9990-9999/10000"),
    ] {
        let answer = part(&format!("Range: bytes={range}\r\n"));
        assert_eq!(
            (answer.status(), answer.header("content-range")),
            (206, Some(field))
        );
        assert_eq!(answer.body, bytes, "{range}");
    }
    let beyond = part("Range: bytes=10000-\r\n");
    assert_eq!(
        (beyond.status(), beyond.header("content-range")),
        (416, Some("bytes */10000"))
    );

    for (condition, status) in [
        (etag, 206),
        (date, 206),
        ("\"other\"", 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
    ] {
        let answer = part(&format!("Range: bytes=5000-\r\nIf-Range: {condition}\r\n"));
        assert_eq!(answer.status(), status, "{condition}");
        let from = if status == 206 { 5_000 } else { 0 };
        assert_eq!(answer.body, whole.body[from..], "{condition}");
    }
    for known in [
        format!("If-None-Match: {etag}"),
        format!("If-Modified-Since: {date}"),
    ] {
        let answer = part(&format!("{known}\r\n"));
        assert_eq!((answer.status(), answer.body.len()), (304, 0), "{known}");
    }
    assert_eq!(part("If-None-Match: \"other\"\r\n").status(), 200);
}

#[test]
fn a_server_may_ignore_ranges_or_send_them_unasked() {
    let site = start(&[]);
    let whole = get(&site, "/page/1").body;
    let ignored = request(&site, "GET", "/no-range/1", "Range: bytes=10-\r\n");
    assert_eq!(
        (ignored.status(), ignored.header("accept-ranges")),
        (200, None)
    );
    assert_eq!(ignored.body, whole);
    let unasked = get(&site, "/partial-unasked");
    assert_eq!(
        (unasked.status(), unasked.header("content-range")),
        (206, Some("bytes 5000-9999/10000"))
    );
    assert_eq!(unasked.body, whole[5_000..]);
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let site = start(&[]);
    let (head, whole) = (request(&site, "HEAD", "/page/1", ""), get(&site, "/page/1"));
    assert_eq!((head.length(), head.body.len()), (Some(10_000), 0));
    assert_eq!(head.header("etag"), whole.header("etag"));
}

#[test]
fn answers_on_one_connection_come_in_order() {
    let site = start(&[]);
    let mut stream = connect(&site);
    let alone = |page| get(&site, &format!("/page/{page}")).body;
    send(&mut stream, "GET", "/page/1", "");
    assert_eq!(read_one(&mut stream).body, alone(1));
    // The first of these is the slowest.
    for (page, latency) in [(2, 200), (3, 50), (4, 0)] {
        send(
            &mut stream,
            "GET",
            &format!("/page/{page}?latency={latency}ms"),
            "",
        );
    }
    for page in 2..=4 {
        assert_eq!(read_one(&mut stream).body, alone(page), "page {page}");
    }
    // And what breaks HTTP is on the same connection.
    send(&mut stream, "GET", "/page/5", "");
    send(&mut stream, "GET", "/cut/10", "");
    assert_eq!(read_one(&mut stream).body, alone(5));
    assert_eq!(crate::battery::read_all(&mut stream).body, alone(1)[..10]);
}

#[test]
fn a_thousand_connections_at_once_are_served_and_counted() {
    let site = start(&["--latency", "500ms", "--size", "1kB"]);
    let mut streams: Vec<_> = (0..1_000).map(|_| connect(&site)).collect();
    for (page, stream) in (1..).zip(&mut streams) {
        send(stream, "GET", &format!("/page/{page}"), "");
    }
    for stream in &mut streams {
        assert_eq!(read_one(stream).body.len(), 1_000);
    }
    let counts = stats(&site);
    assert_eq!(counts["requests"], 1_000);
    assert_eq!(counts["in_flight"], 0);
    assert!(
        counts["connections_open_most"].as_u64() >= Some(1_000),
        "{counts}"
    );
}

#[test]
fn what_is_in_flight_is_counted_by_host_and_forgotten_on_demand() {
    let site = start(&[]);
    for page in 1..=20 {
        get(&site, &format!("/page/{page}"));
    }
    let counts = stats(&site);
    assert_eq!(
        (&counts["requests"], &counts["in_flight_most"]),
        (&20.into(), &1.into())
    );
    let mut streams: Vec<_> = (0..7).map(|_| connect(&site)).collect();
    for stream in &mut streams {
        send(stream, "GET", "/page/1?latency=700ms", "");
    }
    for stream in &mut streams {
        read_one(stream);
    }
    drop(streams);
    // The most stays the most, also after fewer.
    get(&site, "/status/200/key");
    let counts = stats(&site);
    assert_eq!(counts["in_flight_most_by_host"]["site.test"], 7, "{counts}");
    assert_eq!(counts["in_flight_most"], 7, "{counts}");
    assert_eq!(counts["requests_by_key"]["/status/200/key"], 1, "{counts}");
    let started = Instant::now();
    // Only that of the question.
    while stats(&site)["connections_open"] != 1 {
        assert!(started.elapsed() < LIMIT, "{}", stats(&site));
    }
    assert_eq!(request(&site, "GET", "/reset-stats", "").status(), 405);
    assert_eq!(request(&site, "POST", "/reset-stats", "").status(), 200);
    let counts = stats(&site);
    assert_eq!(
        (&counts["requests"], &counts["in_flight_most"]),
        (&0.into(), &0.into())
    );
    assert_eq!(counts["requests_by_key"], serde_json::json!({}));
}

#[test]
fn an_answer_is_in_flight_until_all_of_it_is_sent() {
    let site = start(&[]);
    let mut stream = connect(&site);
    send(&mut stream, "GET", "/page/1?size=1MB&rate=100kB", "");
    read_some(&mut stream, 1_000);
    assert_eq!(stats(&site)["in_flight"], 1);
}
