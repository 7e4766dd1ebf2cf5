//! A line a picture, for people and for `cut`: columns between tabs.

use std::ffi::OsStr;
use std::path::Path;

use crate::names;
use crate::task::{Made, Picture};

/// What stands where a picture would have its new size.
const KEPT: &str = "kept: exists (--overwrite replaces it)";

/// Appends the line for a picture that was made, or was there: its name, its size, the new file's name and
/// size, and what there is to say. A name that holds a tab, a line break or a backslash is escaped, and a
/// backslash before the line says so.
pub(crate) fn picture(out: &mut Vec<u8>, picture: &Picture, path: &Path, made: Option<&Made>) {
    let names = [picture.name.as_os_str(), path.as_os_str()].map(OsStr::as_encoded_bytes);
    let escape = names
        .iter()
        .any(|name| name.iter().copied().any(needs_escape));
    if escape {
        out.push(b'\\');
    }
    push_name(out, names[0], escape);
    let (from, to) = match made {
        Some(made) => (size(made.from), size(made.to)),
        None => ("-".to_owned(), KEPT.to_owned()),
    };
    out.extend(format!("\t{from}\t").bytes());
    push_name(out, names[1], escape);
    out.extend(format!("\t{to}").bytes());
    if let Some(notes) = made
        .map(|made| notes(made, path))
        .filter(|notes| !notes.is_empty())
    {
        out.extend(format!("\t{notes}").bytes());
    }
    out.push(b'\n');
}

/// What the checksum of a run is over: the digest of each output, in order, with its name in the output
/// folder, in the form that `sha256sum` has. Whatever has no digest has a word for that.
pub(crate) fn canonical(picture: &Picture) -> Vec<u8> {
    let (first, name) = match &picture.result {
        Ok(Some(made)) => (
            made.digest.map_or("none".to_owned(), |it| it.to_string()),
            &picture.output,
        ),
        Ok(None) => ("kept".to_owned(), &picture.output),
        Err(_) => ("failed".to_owned(), &picture.name),
    };
    [first.as_bytes(), b"  ", name.as_encoded_bytes(), b"\n"].concat()
}

/// `name` for a message on a terminal: control characters, which could redraw it, are spelled out.
pub(crate) fn shown(name: &OsStr) -> String {
    let mut text = String::new();
    for letter in name.to_string_lossy().chars() {
        if letter.is_control() {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

fn size((width, height): (u32, u32)) -> String {
    format!("{width}x{height}")
}

fn notes(made: &Made, path: &Path) -> String {
    let mut notes: Vec<String> = made.notes.iter().map(ToString::to_string).collect();
    if names::format_of(path).is_some_and(|format| format != made.written) {
        notes.push(format!(
            "is {}, as it was, whatever its name says",
            made.written.name()
        ));
    }
    notes.join("; ")
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'\n' | b'\r' | b'\t')
}

fn push_name(out: &mut Vec<u8>, name: &[u8], escape: bool) {
    if !escape {
        out.extend(name);
        return;
    }
    for byte in name {
        match byte {
            b'\\' => out.extend(b"\\\\"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            other => out.push(*other),
        }
    }
}

#[cfg(test)]
mod tests {
    use resizer_pixels::Format;

    use super::*;
    use crate::digest::Digest;
    use crate::error::ResizeError;

    fn made() -> Made {
        Made {
            from: (4000, 3000),
            to: (800, 600),
            read: Format::Jpeg,
            written: Format::Jpeg,
            notes: Vec::new(),
            digest: Some(Digest([7; 32])),
        }
    }

    fn named(name: &str, result: Result<Option<Made>, ResizeError>) -> Picture {
        Picture {
            name: name.into(),
            output: "o.jpg".into(),
            result,
        }
    }

    fn line(name: &str, path: &str, made: Option<&Made>) -> String {
        let mut out = Vec::new();
        picture(&mut out, &named(name, Ok(None)), Path::new(path), made);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_its_columns_whatever_is_in_a_name() {
        assert_eq!(
            line("a b.jpg", "out/a b.jpg", Some(&made())),
            "a b.jpg\t4000x3000\tout/a b.jpg\t800x600\n"
        );
        assert_eq!(
            line("a\tb\n\\.jpg", "out/a", Some(&made())),
            "\\a\\tb\\n\\\\.jpg\t4000x3000\tout/a\t800x600\n"
        );
        assert_eq!(
            line("a.jpg", "out/a.jpg", None),
            "a.jpg\t-\tout/a.jpg\tkept: exists (--overwrite replaces it)\n"
        );
    }

    #[test]
    fn a_name_that_says_something_else_than_the_content_is_noted() {
        let noted = line("a.png", "out/a.png", Some(&made()));
        assert!(
            noted.ends_with("\t800x600\tis JPEG, as it was, whatever its name says\n"),
            "{noted}"
        );
    }

    #[test]
    fn the_checksum_is_over_digests_and_names_in_the_output_folder() {
        let text = |result| String::from_utf8(canonical(&named("i.jpg", result))).unwrap();
        assert_eq!(
            text(Ok(Some(made()))),
            format!("{}  o.jpg\n", "07".repeat(32))
        );
        assert_eq!(text(Ok(None)), "kept  o.jpg\n");
        assert_eq!(text(Err(ResizeError::Empty)), "failed  i.jpg\n");
    }

    #[test]
    fn names_in_messages_cannot_redraw_the_terminal() {
        assert_eq!(shown(OsStr::new("a\x1b[2Jb\n")), "a\\u{1b}[2Jb\\n");
    }
}
