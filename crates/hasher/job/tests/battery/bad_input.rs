//! Whatever cannot be hashed is named with its cause, and everything else is done.

use std::fs::{self, File, OpenOptions};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// Hashes `bad` between two good files: both are done, status is 1, and stderr names `bad` and `cause`.
#[track_caller]
fn named_with_its_cause(dir: &Path, bad: &str, cause: &str) {
    fs::write(dir.join("good"), "good").unwrap();
    let output = run(dir, ["good", bad, "good"]);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let message = format!("{bad}: {cause}");
    assert!(
        contains(&output.stderr, &message),
        "expected {message:?} in {output:?}"
    );
    assert_eq!(lines(&output.stderr), 1, "{output:?}");
    let done = lines(&output.stdout);
    assert_eq!(done, 2, "{output:?}");
}

#[test]
fn missing_file() {
    let dir = tempfile::tempdir().unwrap();
    named_with_its_cause(dir.path(), "nosuch", "no such file or directory");
}

#[test]
fn unreadable_file() {
    // Root may read everything, but not its own memory at address 0.
    let dir = tempfile::tempdir().unwrap();
    if !Path::new("/proc/self/mem").exists() {
        eprintln!("skipped: no /proc");
        return;
    }
    named_with_its_cause(dir.path(), "/proc/self/mem", "input/output error");
}

#[test]
fn file_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    fs::write(&path, "x").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        eprintln!("skipped: no permission is missing for root");
        return;
    }
    named_with_its_cause(dir.path(), "secret", "permission denied");
}

#[test]
fn directory_without_recursive() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("folder")).unwrap();
    named_with_its_cause(dir.path(), "folder", "is a directory (add --recursive");
}

#[test]
fn fifo_does_not_block() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(dir.path().join("fifo")).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mkfifo");
        return;
    }
    named_with_its_cause(dir.path(), "fifo", "is a fifo, not a regular file");
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
    named_with_its_cause(
        dir.path(),
        "/dev/zero",
        "is a character device, not a regular file",
    );
}

#[test]
fn symbolic_link_loop() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("b", dir.path().join("a")).unwrap();
    std::os::unix::fs::symlink("a", dir.path().join("b")).unwrap();
    named_with_its_cause(dir.path(), "a", "too many levels of symbolic links");
}

#[test]
fn name_that_would_redraw_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good"), "good").unwrap();
    let output = run(dir.path(), ["\x1b[2Jx", "good"]);
    assert!(
        contains(&output.stderr, "\\u{1b}[2Jx: no such file"),
        "{output:?}"
    );
}

#[test]
fn proc_files_that_claim_to_be_empty_are_read_to_their_end() {
    // One that a single read gives, and one that takes hundreds.
    for file in ["/proc/version", "/proc/kallsyms"] {
        let Ok(content) = fs::read(file) else {
            eprintln!("skipped: no {file}");
            continue;
        };
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("copy"), content).unwrap();
        let output = run(dir.path(), [file, "copy"]);
        let digests: Vec<_> = output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter_map(|line| line.get(..64))
            .collect();
        assert_eq!(digests.len(), 2, "{output:?}");
        assert_eq!(digests[0], digests[1], "{file}");
    }
}

/// Runs the program on a large file while `change` goes on changing it. On a busy machine the file may
/// be read before the next change comes: then once more.
#[track_caller]
fn changed_while_read(change: impl Fn(&File) + Send + Sync) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("restless");
    let over = AtomicBool::new(false);
    let noticed = || {
        let output = run(dir.path(), ["restless"]);
        let said = contains(&output.stderr, "restless: changed while it was read");
        assert_eq!(status(&output), Some(i32::from(said)), "{output:?}");
        assert_eq!(output.stdout.is_empty(), said, "{output:?}");
        said
    };
    fs::write(&path, vec![7; 32 << 20]).unwrap();
    let file = OpenOptions::new().append(true).open(&path).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                change(&file);
            }
        });
        let result =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (0..20).any(|_| noticed())));
        over.store(true, Ordering::Relaxed);
        assert!(result.unwrap(), "no change was noticed");
    });
}

#[test]
fn file_that_grows() {
    changed_while_read(|mut file| file.write_all(&[1; 100]).unwrap());
}

#[test]
fn file_that_shrinks() {
    changed_while_read(|file| {
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(100)).unwrap();
        if length < 1 << 20 {
            file.set_len(32 << 20).unwrap();
        }
    });
}

#[test]
fn files_that_vanish_cost_only_themselves() {
    // On a busy machine they may be gone before the walk, or after all is done: then once more.
    assert!((0..20).any(|_| some_vanished_while_others_were_hashed()));
}

/// Removes every second file of a folder while it is hashed. Whether any was missed.
fn some_vanished_while_others_were_hashed() -> bool {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..2_000 {
        fs::write(dir.path().join(format!("{number:04}")), "x").unwrap();
    }
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in (0..2_000).rev().step_by(2) {
                fs::remove_file(dir.path().join(format!("{number:04}"))).unwrap();
            }
        });
        run(dir.path(), ["-r", "."])
    });
    let failed = lines(&output.stderr);
    assert!(
        lines(&output.stdout) >= 1_000,
        "{} hashed",
        lines(&output.stdout)
    );
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        complaints
            .lines()
            .all(|line| line.ends_with("no such file or directory")),
        "{complaints}"
    );
    assert_eq!(status(&output), Some(i32::from(failed > 0)));
    failed > 0
}

#[test]
fn directory_that_is_not_there_with_recursive() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), ["-r", "nosuch"]);
    assert_eq!(status(&output), Some(1));
    assert!(
        contains(&output.stderr, "nosuch: no such file or directory"),
        "{output:?}"
    );
}

#[test]
fn wrong_command_lines_end_with_2() {
    let dir = tempfile::tempdir().unwrap();
    let one_worker_only = ["--workers", "2", "x"];
    let wrong = [
        &["--nosuch"][..],
        &["--strict", "x"],
        &["-c", "--tag", "x"],
        &["--workers", "0", "x"],
        &["--workers", "100000", "x"],
    ];
    let sequential = more_workers().is_empty().then_some(&one_worker_only[..]);
    for args in wrong.into_iter().chain(sequential) {
        let output = run(dir.path(), args);
        assert_eq!(status(&output), Some(2), "{args:?}: {output:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn list_that_is_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), ["--check", "."]);
    assert_eq!(status(&output), Some(1));
    assert!(contains(&output.stderr, ".: is a directory"), "{output:?}");
}

#[test]
fn sample_folder_that_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let output = run(dir.path(), ["--make-sample", "file/sample"]);
    assert_eq!(status(&output), Some(1));
    assert!(
        contains(&output.stderr, "file/sample: Not a directory"),
        "{output:?}"
    );
}
