//! What is on the disk afterwards.

use super::*;

/// The CASEs of the site, which it lists where it is asked for one that is none.
fn dispositions(site: &Site) -> Vec<String> {
    let answer = String::from_utf8(page(site, "/disposition/which")).unwrap();
    let (_, list) = answer.rsplit_once(" is none of ").unwrap();
    let cases: Vec<_> = list
        .split([',', ' ', '\n'])
        .filter(|case| !case.is_empty())
        .collect();
    assert!(cases.len() > 20, "{answer}");
    cases.into_iter().map(str::to_owned).collect()
}

#[test]
fn no_name_that_a_server_gives_leads_out_of_the_folder_or_does_harm() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let cases = dispositions(&site);
    let urls: Vec<_> = cases
        .iter()
        .map(|case| format!("{}/disposition/{case}", site.url()))
        .collect();
    let args = ["--json-lines", "--out", "a/b/out"].map(str::to_owned);
    let args: Vec<_> = args.into_iter().chain(urls).collect();
    let output = run(dir.path(), &args);
    let came = objects(&output)
        .iter()
        .filter(|object| object["status"] == 200)
        .count();
    // Some headers are no HTTP at all.
    assert!(came + 3 >= cases.len(), "{output:?}");
    let all = files(dir.path());
    let bytes = page(&site, "/page/1");
    let mut kept = 0;
    for (path, content) in &all {
        let Some(name) = path
            .strip_prefix("a/b/out/")
            .filter(|name| !name.is_empty())
        else {
            assert!(
                ["a/", "a/b/", "a/b/out/"].contains(&path.as_str()),
                "{path}"
            );
            continue;
        };
        kept += 1;
        assert!(!name.contains('/') && !name.starts_with('.'), "{name:?}");
        assert!(
            !name.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c)),
            "{name:?}"
        );
        assert!(name.len() <= 255 && !name.ends_with(['.', ' ']), "{name:?}");
        assert!(*content == bytes, "{name:?}");
    }
    assert_eq!(kept, came);
    assert!(!Path::new("/tmp/downloader-site-absolute").exists());
}

#[test]
fn pages_of_one_name_are_told_apart_in_the_order_of_the_input() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    // The first takes longest, so that it is not the first to be there.
    let urls = [(1, "300ms"), (2, "100ms"), (3, "0")].map(|(number, latency)| {
        let name = "value=attachment;filename=%22same.txt%22";
        format!(
            "{}/disposition?{name}&page={number}&latency={latency}",
            site.url()
        )
    });
    let output = program(dir.path())
        .args(["--out", "."])
        .args(&urls)
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    let expected = ["same.txt", "same-2.txt", "same-3.txt"]
        .into_iter()
        .zip(1..);
    let expected =
        expected.map(|(name, number)| (name.to_owned(), page(&site, &format!("/page/{number}"))));
    assert_eq!(files(dir.path()), expected.collect());
}

#[test]
fn files_that_are_there_stay_unless_they_may_be_replaced() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let url = format!("{}/page/1", site.url());
    let bytes = page(&site, "/page/1");
    fs::write(dir.path().join("1"), "mine").unwrap();
    assert_eq!(status(&run(dir.path(), ["--out", ".", &url])), Some(0));
    let both = [
        ("1".to_owned(), b"mine".to_vec()),
        ("1-2".to_owned(), bytes.clone()),
    ];
    assert_eq!(files(dir.path()), both.into());
    assert_eq!(
        status(&run(dir.path(), ["--out", ".", "--overwrite", &url])),
        Some(0)
    );
    assert_eq!(files(dir.path())["1"], bytes);
}

#[test]
fn a_folder_that_vanishes_is_the_cause() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let out = dir.path().join("out");
    let url = format!("{}/page/1?latency=1s", site.url());
    let mut command = program(dir.path());
    command
        .args(["--out", "out", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_until("the page is asked for", || stats(&site)["in_flight"] == 1);
    fs::remove_dir_all(&out).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    let cause = "cannot be saved: no such file or directory";
    assert!(contains(&output.stderr, cause), "{output:?}");
    assert!(!out.exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_told_at_once() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let output = run(dir.path(), ["--out", "file", "http://127.0.0.1:1/"]);
    assert_eq!(status(&output), Some(1));
    assert!(contains(&output.stderr, "cannot make file"), "{output:?}");
}

/// Runs what follows it with a disk of 1 MB in the folder `out`, and tells what is there afterwards: the disk is in a
/// namespace of its own, where everyone may have one, and is gone with it.
const WITH_A_SMALL_DISK: &str = r#"mkdir out && mount -t tmpfs -o size=1m tmpfs out || exit 99
"$@"; status=$?
ls -A out >&2
exit $status"#;

#[test]
fn a_full_disk_costs_only_what_did_not_fit() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let urls = ["page/1", "page/2?size=9MB", "page/3"].map(|path| format!("{}/{path}", site.url()));
    let output = Command::new("unshare")
        .current_dir(dir.path())
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            WITH_A_SMALL_DISK,
            "sh",
            PROGRAM,
        ])
        .args(["--quiet", "--no-proxy", "--workers", "1", "--out", "out"])
        .args(urls)
        .output();
    let Some(output) = output.ok().filter(made_a_disk) else {
        println!("skipped: no unshare, or no right to make a disk");
        return;
    };
    assert_eq!(status(&output), Some(1), "{output:?}");
    let cause = "page/2?size=9MB: cannot be saved: no space left on device\n";
    assert!(contains(&output.stderr, cause), "{output:?}");
    assert!(output.stderr.ends_with(b"\n1\n3\n"), "{output:?}");
}

fn made_a_disk(output: &Output) -> bool {
    // 1: unshare's own, without a namespace; it has said so.
    status(output) != Some(99) && !contains(&output.stderr, "unshare: ")
}

#[test]
fn a_file_that_may_not_grow_costs_only_itself() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let script = "ulimit -f 8000; trap '' XFSZ; exec \"$@\"";
    let mut command = Command::new("sh");
    command
        .current_dir(dir.path())
        .args(["-c", script, "sh", PROGRAM]);
    command.args(["--quiet", "--no-proxy", "--out", "out"]);
    let url = |path: &str| format!("{}/{path}", site.url());
    let output = command
        .args([url("page/1"), url("page/2?size=9MB"), url("page/3")])
        .output();
    let output = output.unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert!(
        contains(
            &output.stderr,
            "page/2?size=9MB: cannot be saved: file too large"
        ),
        "{output:?}"
    );
    let whole = [1, 3].map(|number| (number.to_string(), page(&site, &format!("/page/{number}"))));
    assert_eq!(files(&dir.path().join("out")), whole.into());
}
