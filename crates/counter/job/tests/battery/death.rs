//! What is left when a worker dies while it holds the lock.

use super::*;

/// The row of `lock`, in columns.
fn row(text: &str, lock: &str) -> Vec<String> {
    let line = text.lines().find(|line| line.starts_with(lock));
    let line = line.unwrap_or_else(|| panic!("no {lock} in:\n{text}"));
    let cells = line
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty());
    cells.map(str::to_owned).collect()
}

#[test]
fn survivors_are_told_or_not_or_wait_in_vain() {
    if is_sequential() {
        return;
    }
    for workers in ["2", "4"] {
        let output = run(&["--die", "holder", "--workers", workers]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        // The one that died has added to the first number alone. Each other has added 1,000 to both.
        let (whole, more) = if workers == "2" {
            ("1,000", "1,001")
        } else {
            ("3,000", "3,001")
        };
        let (mutex, told) = if is("counter-threads") {
            ("mutex", "poisoned")
        } else {
            ("mutex (robust)", "EOWNERDEAD")
        };
        assert_eq!(row(&text, mutex), [mutex, told, whole, whole, "repaired"]);
        assert_eq!(
            row(&text, "spin"),
            ["spin", "held for ever", "1", "0", "out of reach"]
        );
        let file = ["file-lock", "free", more, whole, "broken, and nobody knows"];
        assert_eq!(row(&text, "file-lock"), file);
        if is("counter-processes") {
            let plain = ["mutex (plain)", "held for ever", "1", "0", "out of reach"];
            assert_eq!(row(&text, "mutex (plain)"), plain);
        }
    }
}
