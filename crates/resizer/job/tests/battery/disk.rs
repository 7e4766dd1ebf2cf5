//! Places that cannot be written.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn an_output_folder_that_cannot_be_made_is_told_at_once() {
    let dir = photos(["a.jpg"]);
    fs::write(dir.path().join("out"), "").unwrap();
    let output = run(dir.path(), ["a.jpg"]);
    assert_eq!(status(&output), Some(1));
    let said = "cannot make the folder out";
    assert!(contains(&output.stderr, said), "{output:?}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn a_folder_that_may_not_be_written_is_told_at_once() {
    let dir = photos(["a.jpg"]);
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(out.join("x"), "").is_ok() {
        eprintln!("skipped: root may write everywhere");
        return;
    }
    let output = run(dir.path(), ["a.jpg"]);
    assert_eq!(status(&output), Some(1));
    let said = "cannot write in the folder out";
    assert!(contains(&output.stderr, said), "{output:?}");
}

#[test]
fn a_file_in_place_of_a_folder_costs_only_what_goes_there() {
    let dir = photos(["in/a/x.jpg", "in/b/y.jpg"]);
    put(dir.path(), "out/a", b"in the way");
    let output = run(dir.path(), ["-r", "in"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let named = lines(&output.stderr);
    assert_eq!(named.len(), 1, "{output:?}");
    let said = "in/a/x.jpg: cannot be saved: ";
    assert!(named[0].contains(said), "{output:?}");
    assert_eq!(names(&dir.path().join("out")), ["a", "b/y.jpg"]);
}

/// Two small photos, and a large one between them that stays large: more than 100 kB.
fn two_small_and_one_large() -> TempDir {
    let dir = photos(["1.jpg", "3.jpg"]);
    put(dir.path(), "2.jpg", &photo_of(1_600, 1_200, 1));
    dir
}

const LARGE: [&str; 9] = [
    "--quiet",
    "--out",
    "out",
    "--size",
    "1200",
    "--quality",
    "95",
    "--workers",
    "1",
];

/// Runs what follows it with a disk of 100 kB in the folder `out`, and tells what is there afterwards: the disk is
/// in a namespace of its own, where everyone may have one, and is gone with it.
const WITH_A_SMALL_DISK: &str = r#"mkdir out && mount -t tmpfs -o size=100k tmpfs out || exit 99
"$@"; status=$?
ls -A out >&2
exit $status"#;

#[test]
fn a_full_disk_costs_only_what_did_not_fit() {
    let dir = two_small_and_one_large();
    let output = Command::new("unshare")
        .current_dir(dir.path())
        .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
        .args([WITH_A_SMALL_DISK, "sh", PROGRAM])
        .args(LARGE)
        .args(["1.jpg", "2.jpg", "3.jpg"])
        .output();
    let Some(output) = output.ok().filter(made_a_disk) else {
        println!("skipped: no unshare, or no right to make a disk");
        return;
    };
    assert_eq!(status(&output), Some(1), "{output:?}");
    let said = lines(&output.stderr);
    let cause = "2.jpg: cannot be saved: no space left on device";
    assert!(said[0].ends_with(cause), "{output:?}");
    assert_eq!(said[1..], ["1.jpg", "3.jpg"], "{output:?}");
}

fn made_a_disk(output: &Output) -> bool {
    // 1: unshare's own, without a namespace; it has said so.
    status(output) != Some(99) && !contains(&output.stderr, "unshare: ")
}

#[test]
fn a_file_that_may_not_grow_costs_only_itself() {
    let dir = two_small_and_one_large();
    // Blocks of 512 bytes or of 1,024: more than small ones have, less than the large one. procpool shares
    // memory by files, which may not grow either: so not less.
    let script = "ulimit -f 100; trap '' XFSZ; exec \"$@\"";
    let output = Command::new("sh")
        .current_dir(dir.path())
        .args(["-c", script, "sh", PROGRAM])
        .args(LARGE)
        .args(["1.jpg", "2.jpg", "3.jpg"])
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    let cause = "2.jpg: cannot be saved: file too large";
    assert!(contains(&output.stderr, cause), "{output:?}");
    assert_eq!(names(&dir.path().join("out")), ["1.jpg", "3.jpg"]);
}

#[test]
fn full_disk_on_stdout_is_named() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        eprintln!("skipped: no /dev/full");
        return;
    };
    let dir = photos(["a.jpg"]);
    let output = program(dir.path())
        .args(["--out", "out", "--size", "80", "a.jpg"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(status(&output), Some(1), "{output:?}");
    let said = "stdout: no space left on device";
    assert!(contains(&output.stderr, said), "{output:?}");
}
