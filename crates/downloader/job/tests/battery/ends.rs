//! However a run ends, nothing is left behind.

use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;

use super::*;

/// Processes whose temporary folder is `tmp`: the program and its workers, wherever they are.
fn alive(tmp: &Path) -> usize {
    let mark = [b"TMPDIR=", tmp.as_os_str().as_bytes()].concat();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let environments =
        processes.filter_map(|process| fs::read(process.path().join("environ")).ok());
    environments
        .filter(|environ| environ.split(|byte| *byte == 0).any(|entry| entry == mark))
        .count()
}

fn interrupt(process: u32) {
    let status = Command::new("kill")
        .args(["-INT", &process.to_string()])
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn ctrl_c_with_many_pages_under_way_leaves_only_whole_ones() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let tmp = tempfile::tempdir().unwrap();
    let url = |path: String| format!("{}/{path}", site.url());
    // One is whole, 49 have come half.
    let mut urls = vec![url("page/1".into())];
    urls.extend((0..49).map(|number| url(format!("stall/5000?number={number}"))));
    let mut command = program(dir.path());
    command
        .env("TMPDIR", tmp.path())
        .args(["--out", "out"])
        .args(workers(50))
        .args(&urls);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let expected = if is_sequential() { 1 } else { 49 };
    wait_until("all are under way", || {
        stats(&site)["in_flight"] == expected
    });
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    wait_until("no worker is left", || alive(tmp.path()) == 0);
    let left = files(&dir.path().join("out"));
    // In processes, the whole one may be in a bundle that has not come back.
    assert!(
        left.is_empty() || left == [("1".to_owned(), page(&site, "/page/1"))].into(),
        "{left:?}"
    );
    assert_eq!(files(tmp.path()), BTreeMap::new());
}

#[test]
fn ctrl_c_with_resume_keeps_what_has_come() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let mut command = program(dir.path());
    let url = format!("{}/stall/5000", site.url());
    let mut child = command
        .args(["--resume", "--out", "out", &url])
        .spawn()
        .unwrap();
    let came = || {
        files(&dir.path().join("out"))
            .iter()
            .any(|(name, bytes)| is_part(name) && bytes.len() == 5000)
    };
    wait_until("half of the page is there", came);
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(came());
}

#[test]
fn two_runs_do_not_resume_in_one_folder() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let url = format!("{}/stall/5000", site.url());
    let args = ["--resume", "--out", "out", &url];
    let mut first = program(dir.path()).args(args).spawn().unwrap();
    wait_until("the page is asked for", || stats(&site)["in_flight"] == 1);
    let second = run(dir.path(), args);
    assert_eq!(status(&second), Some(1));
    let cause = "another download with --resume is at work there";
    assert!(contains(&second.stderr, cause), "{second:?}");
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn a_reader_that_has_seen_enough_is_the_cause() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let mut command = program(dir.path());
    let list = page(&site, "/urls?count=2000");
    fs::write(dir.path().join("list"), list).unwrap();
    command
        .args(["--input-file", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("200\t10000\t"), "{line}");
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "stdout: closed by its reader"),
        "{output:?}"
    );
}

#[test]
fn the_site_of_a_sample_ends_with_it() {
    let (dir, tmp) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = program(dir.path());
    let output = command.env("TMPDIR", tmp.path()).output().unwrap();
    assert_eq!(
        (status(&output), lines(&output.stdout)),
        (Some(0), 5),
        "{output:?}"
    );
    assert_eq!(alive(tmp.path()), 0);

    // Also if nobody is left to end it.
    let mut command = program(dir.path());
    let mut child = command
        .env("TMPDIR", tmp.path())
        .args(["--case", "two-hundred", "--per-host", "1"])
        .spawn()
        .unwrap();
    wait_until("the site is there", || alive(tmp.path()) >= 2);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the site is gone", || alive(tmp.path()) == 0);
}
