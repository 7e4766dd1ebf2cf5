//! Whole folders.

use std::os::unix::fs::symlink;

use super::*;

/// A column of what was printed.
fn column(output: &Output, number: usize) -> Vec<String> {
    let of_line = |line: &String| line.split('\t').nth(number).unwrap().to_owned();
    lines(&output.stdout).iter().map(of_line).collect()
}

#[test]
fn the_tree_of_a_folder_is_kept() {
    let dir = photos(["in/b/c/d.jpg", "in/a.jpg", "in/b-c.jpg", "in/b/x.jpg"]);
    let output = run(dir.path(), ["--recursive", "in"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    let files = ["a.jpg", "b-c.jpg", "b/c/d.jpg", "b/x.jpg"];
    assert_eq!(column(&output, 0), files.map(|name| format!("in/{name}")));
    assert_eq!(column(&output, 2), files.map(|name| format!("out/{name}")));
    let mut made = names(&dir.path().join("out"));
    made.sort();
    assert_eq!(made, files);
}

#[test]
fn no_folder_is_made_for_what_is_not_written() {
    let dir = photos(["in/a.jpg"]);
    put(dir.path(), "in/texts/a.txt", b"text");
    put(dir.path(), "in/bad/a.jpg", b"text");
    run(dir.path(), ["-r", "in"]);
    let out = dir.path().join("out");
    assert_eq!(everything(&out), [out.join("a.jpg").display().to_string()]);
}

#[test]
fn what_was_written_is_not_read_again() {
    let dir = photos(["a.jpg", "b/c.jpg", "b/out/d.jpg"]);
    for round in 0..2 {
        let output = run(dir.path(), ["--overwrite", "-r", "."]);
        assert_eq!(status(&output), Some(0), "{output:?}");
        // A folder of the same name elsewhere is another folder.
        let read = ["./a.jpg", "./b/c.jpg", "./b/out/d.jpg"];
        assert_eq!(column(&output, 0), read, "{round}");
        assert_eq!(
            names(&dir.path().join("out")),
            ["a.jpg", "b/c.jpg", "b/out/d.jpg"]
        );
    }
}

#[test]
fn a_folder_may_be_its_own_output_where_names_differ() {
    let dir = photos(["a.jpg", "b/c.jpg"]);
    let output = program(dir.path())
        .args(["--out", ".", "--size", "80", "--format", "webp", "-r", "."])
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert_eq!(
        names(dir.path()),
        ["a.jpg", "a.webp", "b/c.jpg", "b/c.webp"]
    );
}

#[test]
fn what_is_no_picture_is_passed_over_and_counted() {
    let dir = photos(["in/a.jpg"]);
    put(dir.path(), "in/notes.txt", b"text");
    put(dir.path(), "in/empty", b"");
    symlink("a.jpg", dir.path().join("in/link.jpg")).unwrap();
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["--out", "out", "--size", "80", "-r", "in"])
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert_eq!(lines(&output.stdout).len(), 1, "{output:?}");
    for said in [
        "passed over 2 files without a picture\n",
        "passed over 1 symbolic link\n",
        "1 picture, ",
    ] {
        assert!(contains(&output.stderr, said), "{said}: {output:?}");
    }
}

#[test]
fn in_a_folder_too_what_is_called_a_picture_must_be_one() {
    let dir = photos(["in/a.jpg"]);
    put(dir.path(), "in/empty.jpg", b"");
    put(dir.path(), "in/text.PNG", b"text");
    let output = run(dir.path(), ["-r", "in"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let said = lines(&output.stderr);
    assert_eq!(said.len(), 2, "{output:?}");
    assert!(said[0].ends_with("in/empty.jpg: is empty"), "{output:?}");
    assert!(said[1].contains("in/text.PNG: is no picture"), "{output:?}");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), ["-r", "nosuch"]);
    assert_eq!(status(&output), Some(1));
    let said = "nosuch: no such file or directory";
    assert!(contains(&output.stderr, said), "{output:?}");
}

#[test]
fn folders_without_pictures_have_no_results() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("in/deep")).unwrap();
    let output = run(dir.path(), ["-r", "in"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert_eq!(output.stdout, b"");
    assert_eq!(everything(&dir.path().join("out")), [""; 0]);
}
