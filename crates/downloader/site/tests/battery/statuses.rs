//! Sequences of statuses, what to wait for, redirects.

use std::time::SystemTime;

use crate::battery::{get, start, stats};

#[test]
fn statuses_come_one_by_one_for_each_key() {
    let site = start(&[]);
    let status = |path: &str| get(&site, path).status();
    let first = [(); 4].map(|()| status("/status/503,429,200/a"));
    assert_eq!(first, [503, 429, 200, 200]);
    assert_eq!(status("/status/503,429,200/b"), 503);
    assert_eq!(get(&site, "/status/200/c").body, get(&site, "/page/1").body);
    let counts = stats(&site);
    assert_eq!(
        counts["requests_by_key"]["/status/503,429,200/a"], 4,
        "{counts}"
    );
    for code in [204, 304, 401, 403, 404, 410, 416, 429, 500, 503, 999] {
        assert_eq!(status(&format!("/status/{code}/k")), code);
    }
    for list in ["100", "1000", "", "200,x"] {
        assert_eq!(status(&format!("/status/{list}/k")), 400, "{list:?}");
    }
}

#[test]
fn retry_after_is_seconds_a_date_or_anything() {
    let site = start(&[]);
    let field = |value: &str| {
        let answer = get(&site, &format!("/status/503/k?retry-after={value}"));
        answer.header("retry-after").map(str::to_owned)
    };
    assert_eq!(field("2"), Some("2".to_owned()));
    assert_eq!(field("-1%20soon"), Some("-1 soon".to_owned()));
    let date = field("+3600").expect("a date");
    assert!(date.ends_with(" GMT") && date.len() == 29, "{date}");
    let date = httpdate::parse_http_date(&date).expect("a date");
    let ahead = date.duration_since(SystemTime::now()).expect("a later one");
    assert!((3_000..=3_600).contains(&ahead.as_secs()), "{ahead:?}");
    let far = "/status/503/k?retry-after=%2B300000000000";
    assert_eq!(get(&site, far).status(), 400);
    assert_eq!(get(&site, "/status/503/k").header("retry-after"), None);
}

#[test]
fn redirects_lead_where_they_say() {
    let site = start(&[]);
    let location = |path: &str| {
        let answer = get(&site, path);
        (
            answer.status(),
            answer.header("location").map(str::to_owned),
        )
    };
    let to = |status, location: &str| (status, Some(location.to_owned()));
    assert_eq!(location("/redirect/2"), to(302, "/redirect/1"));
    assert_eq!(location("/redirect/1?status=308"), to(308, "/page/1"));
    assert_eq!(location("/redirect-loop"), to(302, "/redirect-loop"));
    assert_eq!(
        location("/redirect-to?url=file:///etc/hostname"),
        to(302, "file:///etc/hostname")
    );
    assert_eq!(
        location("/redirect-to?url=page%2F2%3Fsize%3D1"),
        to(302, "page/2?size=1")
    );
    assert_eq!(location("/redirect-nowhere"), (302, None));
}
