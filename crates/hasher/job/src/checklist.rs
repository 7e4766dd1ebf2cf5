//! Lists of checksums, for `--check`: what a line means, and a task for each.
//!
//! Read as GNU coreutils reads them: `DIGEST  NAME`, `DIGEST *NAME`, the reversed BSD form with one
//! blank, and the tagged form `SHA256 (NAME) = DIGEST`; a backslash before the line says that the name
//! is escaped.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::digest::Digest;
use crate::inputs::{STDIN, task};
use crate::lines::unescape;
use crate::task::{Entry, ListEnd, Task, Tasks};

/// A line is cut here: twice the longest path of Linux, every byte of it escaped. So a list without
/// line feeds (a device, a picture) does not fill the memory.
const LONGEST_LINE: u64 = 2 * 2 * 4096;

/// The tasks for the items of `lists`, and the end of each list.
pub(crate) fn tasks(lists: Vec<OsString>) -> Tasks {
    Box::new(lists.into_iter().flat_map(|name| -> Tasks {
        match open(&name) {
            Ok(reader) => Box::new(List {
                name,
                reader,
                line: 0,
                blanks: Blanks::Unknown,
                ended: false,
            }),
            Err(error) => Box::new(std::iter::once(end(name, Some(error)))),
        }
    }))
}

fn open(name: &OsString) -> io::Result<Box<dyn BufRead + Send>> {
    if name == STDIN {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    // Not `open_without_waiting`: a list from a FIFO is what `--check <(command)` gives.
    let file = File::open(Path::new(name))?;
    Ok(Box::new(BufReader::new(file)))
}

fn end(list: OsString, error: Option<io::Error>) -> Task {
    Task::Known(Entry::ListEnd(ListEnd {
        list,
        error: error.map(Into::into),
    }))
}

/// A list that is being read.
struct List {
    name: OsString,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    blanks: Blanks,
    ended: bool,
}

/// What stands between digest and name: the first line that shows it decides for its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blanks {
    Unknown,
    /// A blank and a mark (` ` or `*`), as GNU writes.
    Two,
    /// One blank, as `sha256 -r` of the BSDs writes: a further one belongs to the name.
    One,
}

impl Iterator for List {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        while !self.ended {
            self.line += 1;
            match read_line(&mut self.reader) {
                Ok(None) => return Some(self.end(None)),
                Err(error) => return Some(self.end(Some(error))),
                Ok(Some(line)) if line.is_empty() || line[0] == b'#' => {}
                Ok(Some(line)) => return Some(self.task(&line)),
            }
        }
        None
    }
}

impl List {
    fn end(&mut self, error: Option<io::Error>) -> Task {
        self.ended = true;
        end(self.name.clone(), error)
    }

    fn task(&mut self, line: &[u8]) -> Task {
        match parse(line, &mut self.blanks) {
            // The list itself comes from standard input, so that holds no item.
            Some((_, name)) if name == STDIN && self.name == STDIN => self.malformed(),
            Some((digest, name)) => task(name, Some(digest)),
            None => self.malformed(),
        }
    }

    fn malformed(&self) -> Task {
        Task::Known(Entry::Malformed {
            list: self.name.clone(),
            line: self.line,
        })
    }
}

/// The next line without its end (LF or CR LF); none at the end of the list. What exceeds
/// [`LONGEST_LINE`] is read and left out, which leaves a line that is malformed.
fn read_line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if reader
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)?
        == 0
    {
        return Ok(None);
    }
    if line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
        reader.skip_until(b'\n')?;
        line.truncate(1);
    }
    for end in [b'\n', b'\r'] {
        line.pop_if(|last| *last == end);
    }
    Ok(Some(line))
}

/// The digest and the name that `line` gives; none if it is no checksum line.
fn parse(line: &[u8], blanks: &mut Blanks) -> Option<(Digest, OsString)> {
    let line = line.trim_ascii_start();
    let (line, escaped) = match line.strip_prefix(b"\\") {
        Some(line) => (line, true),
        None => (line, false),
    };
    let (digest, name) = match line.strip_prefix(b"SHA256") {
        Some(rest) => tagged(rest)?,
        None => untagged(line, blanks)?,
    };
    if name.is_empty() {
        return None;
    }
    let name = if escaped {
        unescape(name)?
    } else {
        name.to_vec()
    };
    Some((digest, os_string(name)?))
}

/// `DIGEST  NAME`, `DIGEST *NAME` or `DIGEST NAME`.
fn untagged<'a>(line: &'a [u8], blanks: &mut Blanks) -> Option<(Digest, &'a [u8])> {
    let (hex, rest) = line.split_at_checked(64)?;
    let digest = Digest::parse(hex)?;
    let rest = rest
        .strip_prefix(b" ")
        .or_else(|| rest.strip_prefix(b"\t"))?;
    let marked = rest.len() > 1 && matches!(rest[0], b' ' | b'*');
    if *blanks == Blanks::Unknown {
        *blanks = if marked { Blanks::Two } else { Blanks::One };
    }
    let name = if marked && *blanks == Blanks::Two {
        &rest[1..]
    } else {
        rest
    };
    Some((digest, name))
}

/// What follows the tag: ` (NAME) = DIGEST`, with or without the blanks.
fn tagged(rest: &[u8]) -> Option<(Digest, &[u8])> {
    let rest = rest.strip_prefix(b" ").unwrap_or(rest).strip_prefix(b"(")?;
    let close = rest.iter().rposition(|byte| *byte == b')')?;
    let digest = rest[close + 1..]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    Some((Digest::parse(digest)?, &rest[..close]))
}

/// A name from its bytes. On Unix every sequence is one; elsewhere names are UTF-8 in lists.
#[cfg_attr(
    unix,
    expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")
)]
fn os_string(name: Vec<u8>) -> Option<OsString> {
    #[cfg(unix)]
    return Some(std::os::unix::ffi::OsStringExt::from_vec(name));
    #[cfg(not(unix))]
    return String::from_utf8(name).ok().map(Into::into);
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4";

    /// The names that GNU sha256sum 9.1 was seen to read from the same lines.
    fn name(line: &str) -> Option<String> {
        let line = line.replace("HEX", HEX);
        let parsed = parse(line.as_bytes(), &mut Blanks::Unknown);
        parsed.map(|(digest, name)| {
            assert_eq!(digest.to_string(), HEX);
            name.into_string().unwrap()
        })
    }

    #[test]
    fn every_form_of_a_checksum_line_is_read() {
        let lines = [
            ("HEX  a", "a"),
            ("HEX *a", "a"),
            ("HEX a", "a"),
            ("HEX   a", " a"),
            ("   HEX  a", "a"),
            ("\tHEX  a", "a"),
            ("HEX  ", " "),
            ("\\HEX  a\\nb\\\\c\\rd", "a\nb\\c\rd"),
            ("SHA256 (a) = HEX", "a"),
            ("SHA256(a)= HEX", "a"),
            ("SHA256 (a) =   HEX", "a"),
            ("SHA256 (a(b)c) = HEX", "a(b)c"),
            ("\\SHA256 (n\\nl) = HEX", "n\nl"),
        ];
        for (line, expected) in lines {
            assert_eq!(name(line).as_deref(), Some(expected), "{line}");
        }
        assert_eq!(
            name(&format!("{}  a", "A".repeat(64)).replace(&"A".repeat(64), "HEX")).as_deref(),
            Some("a")
        );
    }

    #[test]
    fn other_lines_are_malformed() {
        for line in [
            "garbage",
            "HEX",
            "HEX0  a",
            "0HEX  a",
            "\\HEX  a\\x",
            "\\HEX  a\\",
            "SHA512 (a) = HEX",
            "SHA256 a = HEX",
            "SHA256 (a) HEX",
            "SHA256 () = HEX",
        ] {
            assert_eq!(name(line), None, "{line}");
        }
    }

    #[test]
    fn the_first_line_decides_how_many_blanks_there_are() {
        let line = format!("{HEX} *a");
        let read = |blanks| parse(line.as_bytes(), &mut { blanks }).unwrap().1;
        assert_eq!(read(Blanks::Two), "a");
        assert_eq!(read(Blanks::One), "*a");
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let endless = io::repeat(b'x').take(1 << 20);
        let mut reader = BufReader::new(endless.chain(&b"\nnext\r\n"[..]));
        assert_eq!(read_line(&mut reader).unwrap().unwrap(), b"x");
        assert_eq!(read_line(&mut reader).unwrap().unwrap(), b"next");
        assert_eq!(read_line(&mut reader).unwrap(), None);
    }
}
