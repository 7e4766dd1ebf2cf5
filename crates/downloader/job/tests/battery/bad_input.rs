//! What users give that cannot be downloaded.

use super::*;

#[test]
fn urls_that_are_none_are_named_and_the_others_are_done() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    let good = format!("{}/page/1", site.url());
    for (bad, cause) in [
        (
            "ftp://127.0.0.1/x",
            "no way to fetch `ftp:` URLs, only http and https",
        ),
        (
            "file:///etc/hostname",
            "no way to fetch `file:` URLs, only http and https",
        ),
        ("127.0.0.1/x", "no URL: is https://127.0.0.1/x meant?"),
        ("http://", "not a URL: empty host"),
    ] {
        let output = run(dir.path(), [&good, bad, &good]);
        assert_eq!(status(&output), Some(1), "{output:?}");
        let message = format!("{bad}: {cause}\n");
        assert!(contains(&output.stderr, &message), "{output:?}");
        assert_eq!((lines(&output.stdout), lines(&output.stderr)), (3, 1));
    }
}

#[test]
fn a_list_may_come_from_windows_and_have_comments_and_duplicates() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    let url = format!("{}/page/1", site.url());
    let list = format!("# first\r\n{url}\r\n\r\n   {url}   \r\n# last");
    fs::write(dir.path().join("list"), list).unwrap();
    let output = run(dir.path(), ["--input-file", "list", "--out", "out"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    let bytes = page(&site, "/page/1");
    let expected = ["1", "1-2"].map(|name| (name.to_owned(), bytes.clone()));
    assert_eq!(files(&dir.path().join("out")), expected.into());
}

#[test]
fn lists_that_give_nothing_are_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("empty"), "").unwrap();
    fs::write(dir.path().join("comments"), "# a\r\n\r\n#b\n").unwrap();
    for (list, cause) in [
        ("empty", "there is no URL in empty"),
        ("comments", "there is no URL in comments"),
        (
            "nosuch",
            "cannot read URLs from nosuch: No such file or directory",
        ),
        ("-", "there is no URL in -"),
    ] {
        let output = run(dir.path(), ["--input-file", list]);
        assert_eq!(status(&output), Some(1), "{output:?}");
        assert!(contains(&output.stderr, cause), "{output:?}");
    }
    // A folder can be opened, but not read.
    let output = run(dir.path(), ["--input-file", "."]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, ". cannot be read: is a directory"),
        "{output:?}"
    );
}

#[test]
fn standard_input_is_a_list() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    let mut command = program(dir.path());
    command
        .args(["--input-file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let list = format!("{0}/page/1\n{0}/page/2", site.url());
    child
        .stdin
        .take()
        .unwrap()
        .write_all(list.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (status(&output), lines(&output.stdout)),
        (Some(0), 2),
        "{output:?}"
    );
}

#[test]
fn what_failed_can_be_given_back() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    let url = |path: &str| format!("{}/{path}", site.url());
    let busy = url("status/503,200/again");
    let urls = [
        url("page/1"),
        busy.clone(),
        "ftp://x".to_owned(),
        url("page/2"),
    ];
    let first = program(dir.path())
        .args(["--retries", "0", "--failed", "again"])
        .args(&urls)
        .output();
    assert_eq!(status(&first.unwrap()), Some(1));
    let list = fs::read_to_string(dir.path().join("again")).unwrap();
    let expected = format!(
        "# answered 503 Service Unavailable\n{busy}\n\
         # no way to fetch `ftp:` URLs, only http and https\nftp://x\n"
    );
    assert_eq!(list, expected);
    let second = run(dir.path(), ["--input-file", "again", "--failed", "still"]);
    assert_eq!(
        (status(&second), lines(&second.stdout)),
        (Some(1), 2),
        "{second:?}"
    );
    let still = fs::read_to_string(dir.path().join("still")).unwrap();
    assert!(
        still.contains("ftp://x") && !still.contains(&busy),
        "{still}"
    );
}

#[test]
fn the_list_that_is_read_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let list = "nosuch:1\n".repeat(10_000);
    fs::write(dir.path().join("list"), &list).unwrap();
    let mut command = program(dir.path());
    let mut child = command
        .args(["--input-file", "list", "--failed", "./list"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It would read what it writes, without an end.
    let mut stderr = Vec::new();
    let mut begin = child.stderr.take().unwrap().take(10_000);
    begin.read_to_end(&mut stderr).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        contains(&stderr, "name another file for --failed"),
        "{}",
        String::from_utf8_lossy(&stderr)
    );
    assert_eq!(fs::read_to_string(dir.path().join("list")).unwrap(), list);
}

#[test]
fn a_long_list_is_worked_off_in_order() {
    // Each of them fails without a request, so that it takes seconds.
    const COUNT: usize = 100_000;
    let dir = tempfile::tempdir().unwrap();
    let urls: Vec<_> = (0..COUNT)
        .map(|number| format!("nosuch:{number}"))
        .collect();
    let list = urls.join("\n");
    fs::write(dir.path().join("list"), list).unwrap();
    let output = run(dir.path(), ["--input-file", "list", "--failed", "again"]);
    assert_eq!(status(&output), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut numbers = text.lines().map(|line| line.split('\t').nth(3).unwrap());
    assert!((0..COUNT).all(|number| numbers.next() == Some(&format!("nosuch:{number}"))));
    assert_eq!(numbers.next(), None);
}

#[test]
fn a_wrong_command_line_is_status_2() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["--nosuch"][..],
        &["--timeout", "soon", "http://a/"],
        &["--max-bytes", "x", "http://a/"],
        &["--overwrite", "http://a/"],
        &["--workers", "0", "http://a/"],
        &["--per-host", "0", "http://a/"],
    ] {
        assert_eq!(status(&run(dir.path(), args)), Some(2), "{args:?}");
    }
}

#[test]
fn authorities_that_are_none_are_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("text"), "no certificate").unwrap();
    for file in ["text", "nosuch"] {
        let output = run(dir.path(), ["--ca-file", file, "http://127.0.0.1:1/"]);
        assert_eq!(status(&output), Some(1));
        let message = format!("cannot read authorities from {file}");
        assert!(contains(&output.stderr, &message), "{output:?}");
    }
}
