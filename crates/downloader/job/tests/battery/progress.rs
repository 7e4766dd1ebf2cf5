//! What somebody sees who looks on: a terminal that the test is behind.

use std::fs::{File, OpenOptions};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::*;

/// A terminal of 24 rows and 100 columns: our end, and that of a program.
fn terminal() -> (File, File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: 100,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&theirs, size).unwrap();
    (ours.into(), theirs)
}

/// Everything that comes to the terminal, until nobody is left who could write to it.
fn read_all(mut terminal: File) -> String {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    // Its end is an error (EIO), on Linux.
    while let Ok(read @ 1..) = terminal.read(&mut buffer) {
        all.extend(&buffer[..read]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn on_a_terminal_every_page_that_is_under_way_has_a_line() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let tmp = tempfile::tempdir().unwrap();
    let (ours, theirs) = terminal();
    let url = |path| format!("{}/{path}", site.url());
    let slow = url("page/1?size=120kB&rate=100kB");
    let sick = url("status/503,200/x");
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(dir.path())
        .env("TMPDIR", tmp.path())
        .env("TERM", "xterm")
        .args(["--no-proxy", "--retry-wait", "600ms", &slow, &sick])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(theirs);
    let mut child = command.spawn().unwrap();
    // Else its end of the terminal would stay open here.
    drop(command);
    let reader = thread::spawn(|| read_all(ours));
    assert!(child.wait().unwrap().success());
    let seen = reader.join().unwrap();
    assert!(seen.contains(&format!(" kB of 120 kB  {slow}")), "{seen}");
    assert!(
        seen.contains(&format!(" s: answered 503 Service Unavailable  {sick}")),
        "{seen}"
    );
    assert!(seen.contains(" 1/2 "), "{seen}");
    // What they were told by is gone.
    assert_eq!(files(tmp.path()), BTreeMap::new());
}

#[test]
fn elsewhere_nothing_is_drawn() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let url = format!("{}/page/1?size=30kB&rate=100kB", site.url());
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["--no-proxy", &url])
        .output()
        .unwrap();
    assert!(!contains(&output.stderr, "30.0 kB of"), "{output:?}");
    assert!(!contains(&output.stderr, "1/1"), "{output:?}");
}
