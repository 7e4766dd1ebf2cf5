//! Whatever cannot be resized is named with its cause, everything else is done, and nothing partial is left.

use std::fs::File;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use super::*;

/// Resizes `bad` between two good pictures: both are done, status is 1, and stderr names `bad` and `cause`.
#[track_caller]
fn named_with_its_cause(dir: &Path, bad: &str, cause: &str) {
    put(dir, "1.jpg", some_photo());
    put(dir, "2.jpg", some_photo());
    let output = run(dir, ["--overwrite", "1.jpg", bad, "2.jpg"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let message = format!(": {bad}: {cause}");
    assert!(
        contains(&output.stderr, &message),
        "expected {message:?} in {output:?}"
    );
    assert_eq!(lines(&output.stderr).len(), 1, "{output:?}");
    assert_eq!(lines(&output.stdout).len(), 2, "{output:?}");
    let out = dir.join("out");
    let mut left = everything(&out);
    left.sort();
    let good = ["1.jpg", "2.jpg"].map(|name| out.join(name).display().to_string());
    assert_eq!(left, good);
}

#[track_caller]
fn content_is_named_with_its_cause(name: &str, content: &[u8], cause: &str) {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), name, content);
    named_with_its_cause(dir.path(), name, cause);
}

#[test]
fn missing_file() {
    let dir = tempfile::tempdir().unwrap();
    named_with_its_cause(dir.path(), "nosuch.jpg", "no such file or directory");
}

#[test]
fn empty_file() {
    content_is_named_with_its_cause("bad.jpg", b"", "is empty");
}

#[test]
fn no_picture() {
    let cause = "is no picture: its content is neither JPEG, PNG, GIF, WebP, TIFF nor BMP";
    content_is_named_with_its_cause("bad.txt", b"text", cause);
    content_is_named_with_its_cause("bad.jpg", b"text that is called a picture", cause);
}

#[test]
fn only_the_beginning_of_a_picture() {
    for format in [Format::Jpeg, Format::Png, Format::WebP, Format::Bmp] {
        let content = as_format(some_photo(), format);
        let name = format!("bad.{}", format.extension());
        // Right after what tells its format.
        content_is_named_with_its_cause(&name, &content[..20], "");
    }
}

#[test]
fn directory_without_recursive() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("folder")).unwrap();
    named_with_its_cause(dir.path(), "folder", "is a directory (add --recursive");
    named_with_its_cause(dir.path(), "..", "is a directory (add --recursive");
}

#[test]
fn fifo_does_not_block() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo")
        .arg(dir.path().join("fifo.jpg"))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mkfifo");
        return;
    }
    named_with_its_cause(dir.path(), "fifo.jpg", "is a fifo, not a regular file");
}

#[test]
fn socket() {
    let dir = tempfile::tempdir().unwrap();
    let _listener = UnixListener::bind(dir.path().join("socket")).unwrap();
    named_with_its_cause(dir.path(), "socket", "is a socket, not a regular file");
}

#[test]
fn device_without_end() {
    let dir = tempfile::tempdir().unwrap();
    let cause = "is a character device, not a regular file";
    named_with_its_cause(dir.path(), "/dev/zero", cause);
}

#[test]
fn unreadable_file() {
    // Root may read everything, but not its own memory at address 0.
    if !Path::new("/proc/self/mem").exists() {
        eprintln!("skipped: no /proc");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    named_with_its_cause(dir.path(), "/proc/self/mem", "input/output error");
}

#[test]
fn file_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let dir = photos(["secret.jpg"]);
    let path = dir.path().join("secret.jpg");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        eprintln!("skipped: no permission is missing for root");
        return;
    }
    named_with_its_cause(dir.path(), "secret.jpg", "permission denied");
}

#[test]
fn symbolic_link_loop() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("b", dir.path().join("a")).unwrap();
    std::os::unix::fs::symlink("a", dir.path().join("b")).unwrap();
    named_with_its_cause(dir.path(), "a", "too many levels of symbolic links");
}

#[test]
fn files_of_a_sample_that_are_damaged_cost_only_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let made = program(dir.path())
        .args(["--case", "bad", "--make-sample", "in"])
        .output();
    assert_eq!(status(&made.unwrap()), Some(0));
    let output = run(dir.path(), ["-r", "in"]);
    let named = lines(&output.stderr);
    let bad = [
        "bomb.jpg",
        "cut.jpg",
        "empty.jpg",
        "text.jpg",
        "unfinished.png",
    ];
    assert_eq!(named.len(), bad.len(), "{named:?}");
    for (line, name) in named.iter().zip(bad) {
        assert!(line.contains(&format!(": in/{name}: ")), "{line}");
    }
    assert_eq!(lines(&output.stdout).len(), 20, "{output:?}");
    assert_eq!(everything(&dir.path().join("out")).len(), 20);
}

#[test]
fn a_hole_of_a_terabyte_is_refused_by_its_size() {
    let dir = photos(["hole.jpg"]);
    let file = File::options()
        .write(true)
        .open(dir.path().join("hole.jpg"))
        .unwrap();
    if file.set_len(1 << 40).is_err() {
        println!("skipped: no file may be so large");
        return;
    }
    let cause = "has 1099511627776 bytes, and a picture may take 512000000 (--memory)";
    named_with_its_cause(dir.path(), "hole.jpg", cause);
}

#[test]
fn files_that_vanish_cost_only_themselves() {
    // On a busy machine all may be done before any is gone: then once more.
    assert!((0..20).any(|_| some_vanished_while_others_were_resized()));
}

/// Removes every second file of a folder after the walk has found it, the last ones first. Whether any was missed.
fn some_vanished_while_others_were_resized() -> bool {
    let dir = photos((0..400).map(|number| format!("in/{number:03}.jpg")));
    let mut command = program(dir.path());
    command
        .args(["--out", "out", "--size", "80", "-r", "in"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let first = dir.path().join("out/000.jpg");
    while !first.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    for number in (0..400).rev().step_by(2) {
        fs::remove_file(dir.path().join(format!("in/{number:03}.jpg"))).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    let complaints = lines(&output.stderr);
    assert!(lines(&output.stdout).len() >= 200, "{output:?}");
    let cause = "no such file or directory";
    assert!(
        complaints.iter().all(|line| line.ends_with(cause)),
        "{complaints:?}"
    );
    assert_eq!(status(&output), Some(i32::from(!complaints.is_empty())));
    !complaints.is_empty()
}
