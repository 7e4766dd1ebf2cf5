//! What somebody sees who looks on: a terminal that the test is behind.

use std::fs::{File, OpenOptions};
use std::io::Read;

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
fn on_a_terminal_there_is_a_bar_over_all_bytes() {
    // So many that the bar is drawn meanwhile.
    let large = photo_of(2_000, 1_500, 1);
    let dir = tempfile::tempdir().unwrap();
    for number in 0..40 {
        put(dir.path(), format!("{number}.jpg"), &large);
    }
    let (ours, theirs) = terminal();
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(dir.path())
        .env("TERM", "xterm")
        .args(["--out", "out", "--size", "1600", "-r", "."])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(theirs);
    let mut child = command.spawn().unwrap();
    // Else its end of the terminal would stay open here.
    drop(command);
    let reader = std::thread::spawn(|| read_all(ours));
    assert!(child.wait().unwrap().success());
    let seen = reader.join().unwrap();
    let all = format!("/{:.2} MB ", (40 * large.len()) as f64 / 1e6);
    assert!(seen.contains(&all), "{all}: {seen}");
    assert!(seen.contains("40 pictures, "), "{seen}");
}

#[test]
fn elsewhere_nothing_is_drawn() {
    let dir = photos(["a.jpg"]);
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["--out", "out", "--size", "80", "a.jpg"])
        .output()
        .unwrap();
    assert!(!contains(&output.stderr, " left "), "{output:?}");
    assert!(!contains(&output.stderr, "\x1b"), "{output:?}");
}
