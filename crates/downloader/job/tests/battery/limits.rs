//! How many at once.

use super::*;

/// The most requests that the site had at once while its first pages were downloaded.
fn most_at_once(args: &[&str]) -> u64 {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let list = "/urls?count=40&append=?latency=100ms";
    fs::write(dir.path().join("list"), page(&site, list)).unwrap();
    let output = program(dir.path())
        .args(["--input-file", "list"])
        .args(args)
        .output()
        .unwrap();
    assert_eq!(
        (status(&output), lines(&output.stdout)),
        (Some(0), 40),
        "{output:?}"
    );
    stats(&site)["in_flight_most"].as_u64().unwrap()
}

#[test]
fn workers_are_the_limit_and_they_are_used() {
    if is_sequential() {
        assert_eq!(most_at_once(&[]), 1);
        return;
    }
    assert_eq!(most_at_once(&["--workers", "3"]), 3);
    assert_eq!(most_at_once(&["--workers", "20"]), 20);
}

#[test]
fn a_host_is_asked_for_no_more_at_once_than_it_may() {
    if is_sequential() {
        assert_eq!(most_at_once(&["--per-host", "1"]), 1);
        return;
    }
    assert_eq!(most_at_once(&["--workers", "20", "--per-host", "1"]), 1);
    let most = most_at_once(&["--workers", "20", "--per-host", "4"]);
    assert_eq!(most, 4);
}

#[test]
fn more_files_than_may_be_open_are_told_before_anything_is_asked() {
    if is_sequential() {
        return;
    }
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    fs::write(dir.path().join("list"), page(&site, "/urls?count=1000")).unwrap();
    let mut command = Command::new("sh");
    command
        .current_dir(dir.path())
        .args(["-c", "ulimit -n 200; exec \"$@\"", "sh", PROGRAM]);
    let output = command
        .args(["--quiet", "--workers", "1000", "--input-file", "list"])
        .output();
    let output = output.unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "and 200 may be: use fewer --workers"),
        "{output:?}"
    );
    assert_eq!(stats(&site)["requests"], 1);
}
