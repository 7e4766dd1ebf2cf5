//! Which file becomes which, and what becomes of those that are there.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn in_out(dir: &TempDir) -> Vec<String> {
    names(&dir.path().join("out"))
}

#[test]
fn results_come_in_the_order_of_the_input() {
    let names: Vec<_> = (0..40).map(|number| format!("{number}.jpg")).collect();
    let dir = photos(&names);
    // A large one first: whoever comes after it is done before it.
    put(dir.path(), "0.jpg", &photo_of(1_600, 1_200, 1));
    let output = run(dir.path(), &names);
    let printed: Vec<_> = lines(&output.stdout)
        .iter()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect();
    assert_eq!(printed, names);
}

#[test]
fn every_format_is_read_and_written_as_it_was() {
    let formats = [
        Format::Jpeg,
        Format::Png,
        Format::Gif,
        Format::WebP,
        Format::Tiff,
        Format::Bmp,
    ];
    let dir = tempfile::tempdir().unwrap();
    for format in formats {
        let name = format!("in/a.{}", format.extension());
        put(dir.path(), name, &as_format(some_photo(), format));
    }
    let output = run(dir.path(), ["--recursive", "in"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    let out = files(&dir.path().join("out"));
    assert_eq!(out.len(), formats.len());
    for format in formats {
        let name = OsString::from(format!("a.{}", format.extension()));
        assert_eq!(Format::of(&out[&name]), Some(format), "{name:?}");
    }
}

#[test]
fn the_orientation_of_exif_counts() {
    let dir = tempfile::tempdir().unwrap();
    let photo = Photo {
        width: 320,
        height: 240,
        seed: 3,
        orientation: 6,
        quality: 90,
    };
    put(dir.path(), "upright.jpg", &photo.to_jpeg());
    let output = run(dir.path(), ["upright.jpg"]);
    assert_eq!(
        lines(&output.stdout),
        ["upright.jpg\t240x320\tout/upright.jpg\t60x80"]
    );
}

#[test]
fn a_file_that_exists_stays_and_that_is_no_failure() {
    let dir = photos(["a.jpg", "b.jpg"]);
    put(dir.path(), "out/a.jpg", b"old");
    let output = run(dir.path(), ["a.jpg", "b.jpg"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert_eq!(
        lines(&output.stdout),
        [
            "a.jpg\t-\tout/a.jpg\tkept: exists (--overwrite replaces it)",
            "b.jpg\t320x240\tout/b.jpg\t80x60"
        ]
    );
    let out = files(&dir.path().join("out"));
    assert_eq!(out[OsStr::new("a.jpg")], b"old");
    assert_eq!(out.len(), 2);
}

#[test]
fn a_link_to_nowhere_exists_too() {
    let dir = photos(["a.jpg", "out/x"]);
    let link = dir.path().join("out/a.jpg");
    symlink("nowhere", &link).unwrap();
    let output = run(dir.path(), ["a.jpg"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert!(contains(&output.stdout, "\tkept: exists"), "{output:?}");
    assert!(link.is_symlink());
    run(dir.path(), ["--overwrite", "a.jpg"]);
    assert!(link.is_file() && !link.is_symlink());
    assert!(!dir.path().join("out/nowhere").exists());
}

#[test]
fn what_is_kept_is_counted_for_people() {
    let dir = photos(["a.jpg", "b.jpg"]);
    put(dir.path(), "out/a.jpg", b"old");
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["--out", "out", "--size", "80", "a.jpg", "b.jpg"])
        .output()
        .unwrap();
    let said = "kept 1 file that exists (--overwrite replaces it)\n2 pictures";
    assert!(contains(&output.stderr, said), "{output:?}");
}

#[test]
fn a_file_that_exists_is_replaced_when_asked() {
    let dir = photos(["a.jpg"]);
    put(dir.path(), "out/a.jpg", b"old");
    let output = run(dir.path(), ["--overwrite", "a.jpg"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    let new = fs::read(dir.path().join("out/a.jpg")).unwrap();
    assert!(new == expected(some_photo(), settings()));
    assert_eq!(in_out(&dir), ["a.jpg"]);
}

#[test]
fn an_output_is_as_public_as_other_files() {
    let dir = photos(["a.jpg"]);
    run(dir.path(), ["a.jpg"]);
    let mode = |name: &str| {
        let metadata = fs::metadata(dir.path().join(name)).unwrap();
        metadata.permissions().mode()
    };
    assert_eq!(mode("out/a.jpg"), mode("a.jpg"));
}

#[test]
fn the_second_of_two_with_one_name_is_an_error() {
    let dir = photos(["x/a.jpg", "y/a.jpg", "z/b.jpg"]);
    let output = run(dir.path(), ["x/a.jpg", "y/a.jpg", "z/b.jpg"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let said = "y/a.jpg: would be written to a.jpg, where x/a.jpg goes";
    assert!(contains(&output.stderr, said), "{output:?}");
    assert_eq!(lines(&output.stdout).len(), 2, "{output:?}");
    assert_eq!(in_out(&dir), ["a.jpg", "b.jpg"]);
}

#[test]
fn names_that_are_one_in_the_new_format_are_an_error() {
    let dir = photos(["in/a.jpg"]);
    let (png, webp) = (Format::Png, Format::WebP);
    put(dir.path(), "in/a.png", &as_format(some_photo(), png));
    // What is no picture takes no name away from one.
    put(dir.path(), "in/b", b"text");
    put(dir.path(), "in/b.webp", &as_format(some_photo(), webp));
    let output = run(dir.path(), ["--format", "webp", "-r", "in"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert_eq!(lines(&output.stderr).len(), 1, "{output:?}");
    let said = "in/a.png: would be written to a.webp, where in/a.jpg goes";
    assert!(contains(&output.stderr, said), "{output:?}");
    assert_eq!(in_out(&dir), ["a.webp", "b.webp"]);
}

/// Resizes `name` to the folder `out` in `dir`, which is where it is already.
#[track_caller]
fn does_not_replace_itself(dir: &Path, out: &str, name: &str) {
    for more in [&[][..], &["--overwrite"]] {
        let output = program(dir)
            .args(["--size", "80", "--out", out, name])
            .args(more)
            .output()
            .unwrap();
        assert_eq!(status(&output), Some(1), "{output:?}");
        let said = format!("{name}: would replace itself");
        assert!(contains(&output.stderr, &said), "{output:?}");
        assert!(fs::read(dir.join(name)).unwrap() == some_photo());
    }
}

#[test]
fn a_picture_does_not_replace_itself_by_whatever_name() {
    let dir = photos(["a.jpg", "b.jpg", "linked/x"]);
    symlink(".", dir.path().join("here")).unwrap();
    symlink("../b.jpg", dir.path().join("linked/b.jpg")).unwrap();
    does_not_replace_itself(dir.path(), ".", "a.jpg");
    does_not_replace_itself(dir.path(), "here", "a.jpg");
    does_not_replace_itself(dir.path(), "linked", "b.jpg");
}

#[test]
fn a_folder_of_that_name_is_not_replaced() {
    let dir = photos(["a.jpg", "out/a.jpg/x.jpg"]);
    for args in [&["a.jpg"][..], &["--overwrite", "a.jpg"]] {
        let output = run(dir.path(), args);
        assert_eq!(status(&output), Some(1), "{output:?}");
        let said = "a.jpg: cannot be saved: out/a.jpg is a directory";
        assert!(contains(&output.stderr, said), "{output:?}");
    }
    assert_eq!(in_out(&dir), ["a.jpg/x.jpg"]);
}

#[test]
fn names_may_be_any_bytes() {
    let names: [&[u8]; 6] = [
        b"not\xffutf8.jpg",
        b"new\nline.jpg",
        b"tab\tback\\slash.jpg",
        b" blank .jpg",
        b"\xe2\x82\xac.jpg",
        b"*star.jpg",
    ];
    let dir = photos(names.map(|name| Path::new("in").join(OsStr::from_bytes(name))));
    let output = run(dir.path(), ["-r", "in"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    let made = files(&dir.path().join("out"));
    let mut expected: Vec<_> = names.map(OsStr::from_bytes).to_vec();
    expected.sort();
    assert_eq!(made.keys().collect::<Vec<_>>(), expected);
    // A line each, whatever is in a name: escaped ones begin with a backslash.
    let ends = |byte: &u8| *byte == b'\n';
    let printed: Vec<_> = output.stdout.split_inclusive(ends).collect();
    assert_eq!(printed.len(), names.len(), "{output:?}");
    for line in [
        &b"\\in/new\\nline.jpg\t320x240\tout/new\\nline.jpg\t80x60\n"[..],
        b"in/not\xffutf8.jpg\t320x240\tout/not\xffutf8.jpg\t80x60\n",
        b"\\in/tab\\tback\\\\slash.jpg\t320x240\tout/tab\\tback\\\\slash.jpg\t80x60\n",
    ] {
        assert!(printed.contains(&line), "{}", line.escape_ascii());
    }
}

#[test]
fn a_name_that_would_redraw_the_terminal_is_spelled_out() {
    let dir = photos(["good.jpg"]);
    let output = run(dir.path(), ["\x1b[2Jx", "good.jpg"]);
    let said = "\\u{1b}[2Jx: no such file";
    assert!(contains(&output.stderr, said), "{output:?}");
}

#[test]
fn a_wrong_extension_is_noted_and_the_content_counts() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "a.jpg", &as_format(some_photo(), Format::Png));
    let output = run(dir.path(), ["a.jpg"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
    let said = "a.jpg\t320x240\tout/a.jpg\t80x60\tis PNG, as it was, whatever its name says";
    assert_eq!(lines(&output.stdout), [said]);
    let bytes = fs::read(dir.path().join("out/a.jpg")).unwrap();
    assert_eq!(Format::of(&bytes), Some(Format::Png));
}
