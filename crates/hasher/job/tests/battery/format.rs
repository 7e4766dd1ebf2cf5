//! Output is that of GNU sha256sum, byte for byte.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;

/// The files of `dir` as `find DIR -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum` prints them.
fn find_and_sha256sum(dir: &Path) -> Option<Vec<u8>> {
    let script = "find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum";
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(dir)
        .output();
    output.ok().filter(|_| is_gnu()).map(|output| output.stdout)
}

/// All names in the top of `dir`.
fn names(dir: &Path) -> Vec<OsString> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name())
        .collect();
    names.sort();
    names
}

#[test]
fn a_tree_of_odd_names_is_printed_as_find_sort_and_sha256sum_do() {
    let tree = odd_tree();
    let ours = run(tree.path(), ["--recursive", "."]);
    assert_eq!(status(&ours), Some(0), "{ours:?}");
    assert_eq!(lines(&ours.stdout), 16);
    if let Some(theirs) = find_and_sha256sum(tree.path()) {
        assert_same(&ours.stdout, &theirs);
    } else {
        eprintln!("skipped: no GNU sha256sum");
    }
}

#[test]
fn a_large_tree_keeps_its_order() {
    let tree = tempfile::tempdir().unwrap();
    for number in 0..3_000_u32 {
        let folder = tree.path().join(format!("{}", number % 17));
        fs::create_dir_all(&folder).unwrap();
        // Sizes differ by a thousand times, so workers finish out of order.
        let size = if number % 100 == 0 { 1_000_000 } else { 1_000 };
        fs::write(folder.join(number.to_string()), vec![number as u8; size]).unwrap();
    }
    let ours = run(tree.path(), ["-r", "."].iter().chain(more_workers()));
    assert_eq!(status(&ours), Some(0), "{ours:?}");
    let names: Vec<&[u8]> = ours
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.get(66..))
        .collect();
    assert_eq!(names.len(), 3_000);
    assert!(names.is_sorted());
    if let Some(theirs) = find_and_sha256sum(tree.path()) {
        assert_same(&ours.stdout, &theirs);
    }
}

#[test]
fn known_digests_come_out_right() {
    // FIPS 180-4 examples: the empty message and "abc".
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("empty"), "").unwrap();
    fs::write(dir.path().join("abc"), "abc").unwrap();
    let output = run(dir.path(), ["empty", "abc"]);
    let expected = "\
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty
ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc
";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn every_style_is_that_of_gnu() {
    let tree = odd_tree();
    let names = names(tree.path());
    for style in [
        &[][..],
        &["--tag"],
        &["--zero"],
        &["--binary"],
        &["--zero", "--tag"],
        &["--binary", "--tag"],
        &["--binary", "--text"],
    ] {
        let args = || {
            style
                .iter()
                .map(OsString::from)
                .chain(["--".into()])
                .chain(names.clone())
        };
        let ours = run(tree.path(), args());
        assert_eq!(status(&ours), Some(0), "{ours:?}");
        if let Some(theirs) = gnu(tree.path(), args()) {
            assert_same(&ours.stdout, &theirs.stdout);
        }
    }
}

#[test]
fn files_come_in_the_order_of_the_command_line_and_as_often() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        fs::write(dir.path().join(name), name).unwrap();
    }
    let output = run(dir.path(), ["c", "a", "b", "a"]);
    let names: Vec<_> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.last())
        .collect();
    assert_eq!(names, [&b'c', &b'a', &b'b', &b'a']);
}

#[test]
fn standard_input_is_hashed_at_its_place() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "a").unwrap();
    let output = run_with_stdin(dir.path(), &["a", "-", "a"], b"abc");
    let lines: Vec<_> = output.stdout.split(|byte| *byte == b'\n').collect();
    assert_eq!(
        lines[1].escape_ascii().to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -"
    );
    assert_eq!(lines.len(), 4);
}

#[test]
fn a_walk_leaves_out_what_find_type_f_leaves_out_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "x").unwrap();
    std::os::unix::fs::symlink("file", dir.path().join("link")).unwrap();
    std::os::unix::fs::symlink(".", dir.path().join("loop")).unwrap();
    let mut command = Command::new(PROGRAM);
    let output = command
        .current_dir(dir.path())
        .args(["-r", "."])
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(0));
    assert_eq!(lines(&output.stdout), 1);
    assert!(
        contains(&output.stderr, "passed over 2 symbolic links"),
        "{output:?}"
    );
}
