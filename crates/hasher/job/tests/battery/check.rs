//! `--check` agrees with GNU sha256sum in what it prints on stdout and in its exit status.

use std::fs;

use super::*;

/// A folder with a list of which one file is right, one changed, one gone, and one line is rubbish.
fn listed() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in ["right", "changed", "gone", "new\nline"] {
        fs::write(dir.path().join(name), name).unwrap();
    }
    let list = run(dir.path(), ["right", "changed", "gone", "new\nline"]).stdout;
    fs::write(dir.path().join("changed"), "other").unwrap();
    fs::remove_file(dir.path().join("gone")).unwrap();
    let rubbish = b"rubbish\n\n# comment\n";
    fs::write(dir.path().join("LIST"), [&list[..], rubbish].concat()).unwrap();
    fs::write(dir.path().join("RUBBISH"), rubbish).unwrap();
    fs::write(dir.path().join("EMPTY"), "").unwrap();
    let right: Vec<u8> = list
        .split_inclusive(|byte| *byte == b'\n')
        .take(1)
        .flatten()
        .copied()
        .collect();
    fs::write(dir.path().join("RIGHT"), &right).unwrap();
    fs::write(dir.path().join("HALF"), [&right[..], rubbish].concat()).unwrap();
    let gone: Vec<u8> = list
        .split_inclusive(|byte| *byte == b'\n')
        .skip(2)
        .take(1)
        .flatten()
        .copied()
        .collect();
    fs::write(dir.path().join("GONE"), gone).unwrap();
    dir
}

#[test]
fn a_check_prints_what_gnu_prints_and_ends_as_it_does() {
    let dir = listed();
    // Ours always have --quiet (no summary), which GNU knows for --check too.
    let options = [
        &[][..],
        &["--status"],
        &["--strict"],
        &["--ignore-missing"],
        &["--warn"],
        &["--ignore-missing", "--strict"],
        &["--strict", "--warn", "--status"],
    ];
    for list in [
        "LIST", "RUBBISH", "EMPTY", "RIGHT", "HALF", "GONE", "nosuch",
    ] {
        for options in options {
            let args = || ["--check"].iter().chain(options).chain([&list]);
            let ours = run(dir.path(), args());
            if let Some(theirs) = gnu(dir.path(), ["--quiet"].iter().chain(args())) {
                assert_same(&ours.stdout, &theirs.stdout);
                assert_eq!(
                    status(&ours),
                    status(&theirs),
                    "{list} {options:?}: {ours:?}"
                );
            }
        }
    }
}

#[test]
fn without_quiet_right_files_are_named_too() {
    let dir = listed();
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["-c", "LIST"])
        .output()
        .unwrap();
    let expected = "right: OK\nchanged: FAILED\ngone: FAILED open or read\n\\new\\nline: OK\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(status(&output), Some(1));
    if let Some(theirs) = gnu(dir.path(), ["-c", "LIST"]) {
        assert_same(&output.stdout, &theirs.stdout);
    }
}

#[test]
fn warnings_are_those_of_gnu() {
    let dir = listed();
    let output = run(dir.path(), ["--check", "--warn", "LIST"]);
    for words in [
        "gone: no such file or directory",
        "LIST: 5: improperly formatted SHA256 checksum line",
        "WARNING: 1 line is improperly formatted",
        "WARNING: 1 listed file could not be read",
        "WARNING: 1 computed checksum did NOT match",
    ] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
    }
    let output = run(dir.path(), ["--check", "--ignore-missing", "GONE"]);
    assert!(
        contains(&output.stderr, "GONE: no file was verified"),
        "{output:?}"
    );
    let output = run(dir.path(), ["--check", "RUBBISH"]);
    assert!(
        contains(
            &output.stderr,
            "RUBBISH: no properly formatted checksum lines found"
        ),
        "{output:?}"
    );
}

#[test]
fn status_prints_nothing_of_items() {
    let dir = listed();
    fs::write(dir.path().join("gone"), "other").unwrap();
    let output = run(dir.path(), ["--check", "--status", "LIST"]);
    assert_eq!(
        (status(&output), output.stdout, output.stderr),
        (Some(1), vec![], vec![])
    );
}

#[test]
fn lists_of_gnu_are_accepted_and_ours_by_gnu() {
    let tree = odd_tree();
    let lists = tempfile::tempdir().unwrap();
    for style in [&[][..], &["--tag"], &["--binary"]] {
        let files = [
            "new\nline",
            "back\\slash",
            "c\rr",
            " blank ",
            "*star",
            "empty",
            "end\\",
        ];
        let args = || style.iter().chain(["--"].iter()).chain(files.iter());
        let list = lists.path().join("LIST");
        let list_arg = list.to_str().unwrap();

        fs::write(&list, run(tree.path(), args()).stdout).unwrap();
        if let Some(theirs) = gnu(tree.path(), ["--check", "--strict", list_arg]) {
            assert_eq!(status(&theirs), Some(0), "{theirs:?}");
        }
        if let Some(theirs) = gnu(tree.path(), args()) {
            fs::write(&list, theirs.stdout).unwrap();
            let ours = run(tree.path(), ["--check", "--strict", list_arg]);
            assert_eq!(status(&ours), Some(0), "{ours:?}");
        }
    }
}

/// Lists in the two-blank form of GNU and in the one-blank form of the BSDs, mixed and one by one.
#[test]
fn forms_are_not_mixed_in_one_run() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "a").unwrap();
    let digest = String::from_utf8(run(dir.path(), ["a"]).stdout[..64].to_vec()).unwrap();
    fs::write(dir.path().join("TWO"), format!("{digest}  a\n")).unwrap();
    fs::write(dir.path().join("ONE"), format!("{digest} a\n")).unwrap();
    fs::write(dir.path().join("CRLF"), format!("{digest}  a\r\n")).unwrap();
    fs::write(dir.path().join("MIX"), format!("{digest}  a\n{digest} a\n")).unwrap();
    let runs = [
        (&["TWO"][..], 0),
        (&["ONE"], 0),
        (&["CRLF"], 0),
        (&["MIX"], 1),
        (&["TWO", "ONE"], 1),
        (&["ONE", "TWO"], 1),
    ];
    for (lists, expected) in runs {
        let args = || ["--quiet", "--check", "--strict"].iter().chain(lists);
        let ours = run(dir.path(), args());
        assert_eq!(status(&ours), Some(expected), "{lists:?}: {ours:?}");
        if let Some(theirs) = gnu(dir.path(), args()) {
            assert_same(&ours.stdout, &theirs.stdout);
            assert_eq!(status(&ours), status(&theirs), "{lists:?}: {theirs:?}");
        }
    }
}

#[test]
fn a_list_comes_from_standard_input_too() {
    let dir = listed();
    let list = fs::read(dir.path().join("RIGHT")).unwrap();
    assert_eq!(
        status(&run_with_stdin(dir.path(), &["--check"], &list)),
        Some(0)
    );
    assert_eq!(
        status(&run_with_stdin(dir.path(), &["--check", "-"], &list)),
        Some(0)
    );
    let output = run_with_stdin(dir.path(), &["--check"], b"nonsense");
    assert_eq!(status(&output), Some(1));
    assert!(
        contains(&output.stderr, "standard input: no properly formatted"),
        "{output:?}"
    );
}

#[test]
fn several_lists_are_judged_one_by_one() {
    let dir = listed();
    let output = run(dir.path(), ["--check", "RIGHT", "RUBBISH", "HALF"]);
    assert_eq!(status(&output), Some(1));
    assert!(
        contains(&output.stderr, "RUBBISH: no properly formatted"),
        "{output:?}"
    );
    assert_eq!(
        status(&run(dir.path(), ["--check", "RIGHT", "HALF"])),
        Some(0)
    );
}
