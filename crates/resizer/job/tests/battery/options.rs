//! Every option does what it says.

use super::*;

/// What the program makes of one photo with `args`, in the folder `out`: its line and its bytes.
#[track_caller]
fn made(args: &[&str]) -> (String, Vec<u8>) {
    let dir = photos(["a.jpg"]);
    let output = run(dir.path(), [&["a.jpg"], args].concat());
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert_eq!(output.stderr, b"", "{output:?}");
    let line = lines(&output.stdout);
    assert_eq!(line.len(), 1, "{output:?}");
    let files: Vec<_> = files(&dir.path().join("out")).into_values().collect();
    assert_eq!(files.len(), 1, "{output:?}");
    (line[0].clone(), files[0].clone())
}

fn line(new_name: &str, size: &str) -> String {
    format!("a.jpg\t320x240\tout/{new_name}\t{size}")
}

#[test]
fn a_photo_gets_smaller_and_keeps_its_shape() {
    let (said, bytes) = made(&[]);
    assert_eq!(said, line("a.jpg", "80x60"));
    assert!(bytes == expected(some_photo(), settings()));
}

#[test]
fn a_size_has_one_side_or_two() {
    assert_eq!(made(&["--size", "40x300"]).0, line("a.jpg", "40x30"));
    assert_eq!(made(&["-s", "160"]).0, line("a.jpg", "160x120"));
}

#[test]
fn another_shape_is_filled_by_cutting_or_by_stretching() {
    let sized = |fit| Settings {
        width: 60,
        height: 50,
        fit,
        ..settings()
    };
    for (name, fit) in [("cover", Fit::Cover), ("exact", Fit::Exact)] {
        let (said, bytes) = made(&["--size", "60x50", "--fit", name]);
        assert_eq!(said, line("a.jpg", "60x50"), "{name}");
        assert!(bytes == expected(some_photo(), sized(fit)), "{name}");
    }
    let [cover, exact] = [Fit::Cover, Fit::Exact].map(|fit| expected(some_photo(), sized(fit)));
    assert!(cover != exact);
    let inside = made(&["--size", "60x50", "--fit", "inside"]);
    assert_eq!(inside.0, line("a.jpg", "60x45"));
}

#[test]
fn a_small_picture_stays_small_unless_it_is_asked_for() {
    assert_eq!(made(&["--size", "640"]).0, line("a.jpg", "320x240"));
    let enlarged = made(&["--size", "640", "--enlarge"]);
    assert_eq!(enlarged.0, line("a.jpg", "640x480"));
}

#[test]
fn a_format_changes_content_and_extension() {
    for (name, format) in [
        ("png", Format::Png),
        ("webp", Format::WebP),
        ("jpeg", Format::Jpeg),
    ] {
        let (said, bytes) = made(&["--format", name]);
        assert_eq!(said, line(&format!("a.{}", format.extension()), "80x60"));
        assert_eq!(Format::of(&bytes), Some(format), "{name}");
    }
    assert!(made(&["--format", "same"]) == made(&[]));
}

#[test]
fn quality_linear_light_and_speed_reach_the_pixels() {
    type Change = fn(&mut Settings);
    let changes: [(&[&str], Change); 3] = [
        (&["--quality", "30"], |settings| settings.quality = 30),
        (&["--linear"], |settings| settings.linear = true),
        (&["--fast"], |settings| settings.fast = true),
    ];
    for (args, change) in changes {
        let mut changed = settings();
        change(&mut changed);
        let (_, bytes) = made(args);
        assert!(bytes == expected(some_photo(), changed), "{args:?}");
        assert!(bytes != expected(some_photo(), settings()), "{args:?}");
    }
    let poor = made(&["-q", "30"]).1;
    assert!(poor.len() < made(&["-q", "95"]).1.len());
}

#[test]
fn memory_is_a_bound_for_each_picture() {
    let dir = photos(["a.jpg"]);
    let output = run(dir.path(), ["--memory", "1kB", "a.jpg"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let size = some_photo().len();
    let said = format!("a.jpg: has {size} bytes, and a picture may take 1000 (--memory)");
    assert!(contains(&output.stderr, &said), "{output:?}");
    // The file has room, and what is in it has not.
    let room = format!("{}B", size + 1_000);
    let output = run(dir.path(), ["--memory", &room, "a.jpg"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    assert_eq!(lines(&output.stderr).len(), 1, "{output:?}");
    assert_eq!(names(&dir.path().join("out")), [""; 0]);
    let output = run(dir.path(), ["--memory", "64MB", "a.jpg"]);
    assert_eq!(status(&output), Some(0), "{output:?}");
}

#[test]
fn a_case_says_the_size_where_the_user_does_not() {
    let dir = photos(["a.jpg"]);
    let output = program(dir.path())
        .args(["--out", "out", "--case", "small", "a.jpg"])
        .output()
        .unwrap();
    assert_eq!(lines(&output.stdout), [line("a.jpg", "160x120")]);
}

#[test]
fn wrong_command_lines_end_with_2() {
    let dir = photos(["a.jpg"]);
    let sized = ["--out", "out", "--size", "80"];
    let with = |args: &[&'static str]| [&sized, args].concat();
    let wrong = [
        vec!["--nosuch"],
        vec!["--size", "80", "a.jpg"],
        vec!["--out", "out", "a.jpg"],
        vec!["--out", "out", "--size", "0", "a.jpg"],
        vec!["--out", "out", "--size", "80x", "a.jpg"],
        with(&["--fit", "nosuch", "a.jpg"]),
        with(&["--format", "gif", "a.jpg"]),
        with(&["--quality", "0", "a.jpg"]),
        with(&["--quality", "101", "a.jpg"]),
        with(&["--memory", "much", "a.jpg"]),
        with(&["--misbehave", "a.jpg", "a.jpg"]),
        with(&["--workers", "0", "a.jpg"]),
        vec!["--make-sample", "x", "a.jpg"],
    ];
    let more = with(&["--workers", "2", "a.jpg"]);
    let sequential = is_sequential().then_some(more);
    for args in wrong.into_iter().chain(sequential) {
        let output = program(dir.path()).args(&args).output().unwrap();
        assert_eq!(status(&output), Some(2), "{args:?}: {output:?}");
        assert!(!output.stderr.is_empty());
        assert!(!dir.path().join("out").exists(), "{args:?}");
    }
}

#[test]
fn help_shows_examples_and_nothing_that_is_for_tests() {
    let dir = tempfile::tempdir().unwrap();
    let output = program(dir.path()).arg("--help").output().unwrap();
    assert_eq!(status(&output), Some(0));
    let example = "--fit cover --out thumbs -r PHOTOS";
    assert!(contains(&output.stdout, example), "{output:?}");
    assert!(!contains(&output.stdout, "misbehave"), "{output:?}");
}
