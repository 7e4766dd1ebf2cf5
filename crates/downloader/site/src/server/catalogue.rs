//! The table of paths: one text for the documentation, for `--help` and for `/`.

use std::fmt::Write;

const TABLE: &str = include_str!("../../paths.md");

/// A row: an example of the path, and what it does.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| {
        let (path, what) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((path, what.strip_suffix(" |")?))
    })
}

/// What `--help` ends with.
pub(crate) fn help() -> String {
    let mut text = String::from("Paths:\n");
    for (path, what) in rows() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {path}\n          {what}");
    }
    text
}

/// The same with a command for each, of the site at `base`.
pub(crate) fn examples(base: &str) -> String {
    let mut text = String::new();
    for (path, what) in rows() {
        let _ = writeln!(text, "{what}\n    curl -i '{base}{path}'");
    }
    text
}
