//! What passes is tried again, as often as it may; what has come is not asked for again.

use super::*;

/// The JSON object of the page at `path`, downloaded into `out`.
fn object(site: &Site, dir: &Path, path: &str, args: &[&str]) -> Value {
    let url = format!("{}/{path}", site.url());
    let args = [&["--json-lines", "--out", "out", "--overwrite", &url], args].concat();
    let output = run(dir, &args);
    objects(&output).remove(0)
}

/// How often the site was asked for a path with this KEY.
fn asked(site: &Site, key: &str) -> u64 {
    let stats = stats(site);
    let all = stats["requests_by_key"].as_object().unwrap();
    let of_key = all.iter().filter(|(path, _)| path.contains(key));
    of_key.map(|(_, count)| count.as_u64().unwrap()).sum()
}

#[test]
fn a_busy_server_is_asked_again() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    for code in [408, 429, 500, 502, 503, 504] {
        let path = format!("status/{code},{code},200/busy{code}");
        let object = object(&site, dir.path(), &path, &[]);
        assert_eq!(
            (&object["status"], &object["tries"]),
            (&200.into(), &3.into()),
            "{object}"
        );
        assert_eq!(asked(&site, &format!("busy{code}")), 3);
    }
}

#[test]
fn a_server_that_stays_busy_is_given_up() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let object = object(&site, dir.path(), "status/503/stays", &["--retries", "2"]);
    assert_eq!(object["error"], "answered 503 Service Unavailable");
    assert_eq!((&object["tries"], asked(&site, "stays")), (&3.into(), 3));
}

#[test]
fn what_stays_wrong_is_asked_for_once() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    for path in ["status/404/once", "gzip-plain", "redirect-loop"] {
        let object = object(&site, dir.path(), path, &[]);
        assert_eq!(object["tries"], 1, "{object}");
    }
    assert_eq!(asked(&site, "once"), 1);
}

#[test]
fn a_server_is_given_the_time_that_it_asks_for() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    // In seconds, and as a date: that is cut to whole seconds.
    for (after, least) in [("1", 1.0), ("%2B2", 1.0)] {
        let path = format!(
            "status/429,200/wait{least}{}?retry-after={after}",
            after.len()
        );
        let object = object(&site, dir.path(), &path, &[]);
        assert_eq!(object["tries"], 2, "{object}");
        assert!(object["seconds"].as_f64().unwrap() >= least, "{object}");
    }
}

#[test]
fn a_server_that_asks_for_too_much_time_is_given_up_at_once() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let path = "status/503,200/later?retry-after=3600";
    let object = object(&site, dir.path(), path, &["--retry-budget", "10s"]);
    assert_eq!(object["error"], "answered 503 Service Unavailable");
    assert_eq!(object["tries"], 1);
}

#[test]
fn a_page_that_is_cut_off_is_gone_on_with() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    // Each of the first three answers brings half of what was still to come.
    let object = object(&site, dir.path(), "cut-once/often?times=3&size=1MB", &[]);
    assert_eq!(
        (&object["status"], &object["tries"]),
        (&200.into(), &4.into()),
        "{object}"
    );
    let whole = page(&site, "/page/1?size=1MB");
    assert_eq!(
        files(&dir.path().join("out")),
        [("often".to_owned(), whole)].into()
    );
}

#[test]
fn a_page_that_has_changed_meanwhile_is_begun_anew() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let path = "cut-once/changed?change=yes&at=7000";
    let object = |args: &[&str]| object(&site, dir.path(), path, args);
    let (object, at_once) = (object(&[]), object(&[]));
    assert_eq!(
        (&at_once["tries"], &at_once["sha256"]),
        (&1.into(), &object["sha256"])
    );
    assert_eq!(
        (&object["status"], &object["tries"]),
        (&200.into(), &2.into()),
        "{object}"
    );
    let now = page(&site, &format!("/{path}"));
    assert_eq!(
        files(&dir.path().join("out")),
        [("changed".to_owned(), now)].into()
    );
}

#[test]
fn resume_goes_on_with_what_the_last_run_has_left() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let url = format!("{}/cut-once/resumed?at=1000", site.url());
    let args = ["--retries", "0", "--resume", "--out", "out", &url];
    let first = run(dir.path(), args);
    assert_eq!(status(&first), Some(1), "{first:?}");
    let out = dir.path().join("out");
    let left = files(&out);
    let part = left.iter().find(|(name, _)| is_part(name)).unwrap();
    let whole = page(&site, "/page/1");
    assert_eq!(part.1[..], whole[..1000]);

    // Other bytes in their place show that they are not asked for again.
    fs::write(out.join(part.0), [b'X'; 1000]).unwrap();
    let second = run(dir.path(), args);
    assert_eq!(status(&second), Some(0), "{second:?}");
    let expected = [&[b'X'; 1000], &whole[1000..]].concat();
    assert_eq!(files(&out), [("resumed".to_owned(), expected)].into());
}

#[test]
fn a_page_that_was_complete_when_the_last_run_ended_is_not_asked_for_again() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let url = format!("{}/cut-once/complete?at=1000", site.url());
    let args = ["--retries", "0", "--resume", "--out", "out", &url];
    assert_eq!(status(&run(dir.path(), args)), Some(1));
    let out = dir.path().join("out");
    let left = files(&out);
    let part = left.keys().find(|name| is_part(name)).unwrap();
    let mut whole = page(&site, "/page/1");
    whole[0] = b'X';
    fs::write(out.join(part), &whole).unwrap();
    let output = run(dir.path(), args);
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert_eq!(files(&out), [("complete".to_owned(), whole)].into());
}

#[test]
fn without_resume_nothing_is_left() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let object = object(&site, dir.path(), "cut/1000", &["--retries", "1"]);
    // Each try brings a thousand bytes more.
    assert_eq!(
        object["error"], "cut off after 2000 bytes of 10000",
        "{object}"
    );
    assert_eq!(files(&dir.path().join("out")), BTreeMap::new());
}
