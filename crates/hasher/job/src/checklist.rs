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
    let lists = Lists {
        names: lists.into_iter(),
        open: None,
        blanks: Blanks::Unknown,
    };
    Box::new(lists)
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

/// What stands between digest and name: the first line that shows it decides for the whole run. Both
/// in one run are not allowed, as a name may begin with a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blanks {
    Unknown,
    /// A blank and a mark (` ` or `*`), as GNU writes.
    Two,
    /// One blank, as `sha256 -r` of the BSDs writes: a further one belongs to the name.
    One,
}

/// Lists that are read one after another.
struct Lists {
    names: std::vec::IntoIter<OsString>,
    open: Option<List>,
    blanks: Blanks,
}

/// A list that is being read.
struct List {
    name: OsString,
    reader: Box<dyn BufRead + Send>,
    line: u64,
}

impl Iterator for Lists {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        let mut list = match self.open.take() {
            Some(list) => list,
            None => match List::open(self.names.next()?) {
                Ok(list) => list,
                Err(end) => return Some(end),
            },
        };
        match list.next_line() {
            Ok(Some(line)) => {
                let task = list.task(&line, &mut self.blanks);
                self.open = Some(list);
                Some(task)
            }
            Ok(None) => Some(end(list.name, None)),
            Err(error) => Some(end(list.name, Some(error))),
        }
    }
}

impl List {
    /// Opens a list; its end at once if it cannot be opened.
    fn open(name: OsString) -> Result<Self, Task> {
        match open(&name) {
            Ok(reader) => Ok(Self {
                name,
                reader,
                line: 0,
            }),
            Err(error) => Err(end(name, Some(error))),
        }
    }

    /// The next line that is neither empty nor a comment.
    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            self.line += 1;
            match read_line(&mut self.reader)? {
                Some(line) if line.is_empty() || line[0] == b'#' => {}
                line => return Ok(line),
            }
        }
    }

    fn task(&self, line: &[u8], blanks: &mut Blanks) -> Task {
        match parse(line, blanks) {
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
    let line = past_blanks(line);
    let (line, escaped) = match line.strip_prefix(b"\\") {
        Some(line) => (line, true),
        None => (line, false),
    };
    let (digest, name) = match line.strip_prefix(b"SHA256") {
        Some(rest) => tagged(rest)?,
        None => untagged(line, blanks)?,
    };
    // No file has a name that is empty or holds a NUL.
    if name.is_empty() || name.contains(&0) {
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
    match (*blanks, marked) {
        (Blanks::Unknown, true) => *blanks = Blanks::Two,
        (Blanks::Unknown, false) => *blanks = Blanks::One,
        (Blanks::Two, false) => return None,
        (Blanks::Two, true) | (Blanks::One, _) => {}
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
    let digest = past_blanks(past_blanks(&rest[close + 1..]).strip_prefix(b"=")?);
    Some((Digest::parse(digest)?, &rest[..close]))
}

/// `line` from its first byte on that is neither a blank nor a tab.
fn past_blanks(line: &[u8]) -> &[u8] {
    let blanks = line
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    &line[blanks..]
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
            "\rHEX  a",
            "HEX  a\0b",
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
        let one_blank = format!("{HEX} a");
        assert_eq!(parse(one_blank.as_bytes(), &mut { Blanks::Two }), None);
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
