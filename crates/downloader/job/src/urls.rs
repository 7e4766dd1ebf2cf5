//! From what the user named to tasks.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use url::Url;

use crate::error::{DownloadError, of_system};
use crate::task::Task;

/// The name that stands for standard input.
pub(crate) const STDIN: &str = "-";
/// A longer line is no URL, and is not kept.
const LONGEST: u64 = 64 * 1024;

/// One line of the input, or why there are no more.
type Line = Result<String, DownloadError>;
/// Lines, made as they are asked for.
type Lines = Box<dyn Iterator<Item = Line> + Send>;

/// The tasks for URLs, and after them for those in files, in their order. Files are read as tasks are asked for;
/// standard input is read here, to its end: whoever asks for a task waits for pages meanwhile, and must not be
/// held up by a program that has not yet thought of the next URL.
pub(crate) fn tasks(
    urls: Vec<String>,
    files: &[PathBuf],
) -> io::Result<impl Iterator<Item = Task> + Send + use<>> {
    let mut lists: Vec<Lines> = vec![Box::new(urls.into_iter().map(Ok))];
    for file in files {
        lists.push(lines_of(file)?);
    }
    let mut parts = Parts::default();
    Ok(lists.into_iter().flatten().map(move |line| match line {
        Ok(url) => Task {
            part: parts.name(&url),
            fault: check(&url).err(),
            url,
        },
        Err(fault) => Task {
            url: STDIN.to_owned(),
            part: String::new(),
            fault: Some(fault),
        },
    }))
}

fn lines_of(file: &Path) -> io::Result<Lines> {
    if file.as_os_str() == STDIN {
        let lines: Vec<Line> = lines(io::stdin().lock(), STDIN.to_owned()).collect();
        return Ok(Box::new(lines.into_iter()));
    }
    let reader = BufReader::new(File::open(file)?);
    Ok(Box::new(lines(reader, file.display().to_string())))
}

/// The URLs in a list: a line each, without blanks around it. Empty lines and those that begin with `#` are
/// left out.
fn lines(mut reader: impl BufRead, name: String) -> impl Iterator<Item = Line> {
    let mut failed = false;
    std::iter::from_fn(move || {
        while !failed {
            match line(&mut reader) {
                Ok(None) => return None,
                Ok(Some(line)) if line.is_empty() || line.starts_with('#') => {}
                Ok(Some(line)) => return Some(Ok(line)),
                Err(error) => {
                    failed = true;
                    let what = format!("{name} cannot be read: {}", of_system(&error));
                    return Some(Err(DownloadError::Input(what)));
                }
            }
        }
        None
    })
}

/// The next line; its beginning, if it is too long. None at the end.
fn line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if reader
        .by_ref()
        .take(LONGEST)
        .read_until(b'\n', &mut bytes)?
        == 0
    {
        return Ok(None);
    }
    if bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n") {
        skip_line(reader)?;
    }
    // A list that a Windows program has written may begin with a mark.
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.trim_start_matches('\u{feff}').trim().to_owned()))
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let (used, ended) = match reader.fill_buf()? {
            [] => return Ok(()),
            bytes => match bytes.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (bytes.len(), false),
            },
        };
        reader.consume(used);
        if ended {
            return Ok(());
        }
    }
}

/// Whether it is a URL that can be fetched.
fn check(url: &str) -> Result<(), DownloadError> {
    let wrong = |what: String| Err(DownloadError::Url(what));
    if url.len() as u64 >= LONGEST {
        return wrong("too long for a URL".into());
    }
    match Url::parse(url) {
        Ok(parsed) => match parsed.scheme() {
            "http" | "https" => Ok(()),
            // `localhost:8000/x` and `example.org:80` look like schemes.
            scheme if scheme.contains('.') || scheme == "localhost" => wrong(without_scheme(url)),
            scheme => wrong(format!(
                "no way to fetch `{scheme}:` URLs, only http and https"
            )),
        },
        Err(url::ParseError::RelativeUrlWithoutBase) => wrong(without_scheme(url)),
        Err(error) => wrong(format!("not a URL: {error}")),
    }
}

fn without_scheme(url: &str) -> String {
    format!("no URL: is https://{} meant?", url.trim_start_matches('/'))
}

/// Names for the files that collect pages: the same for the same input, so that the next run finds what the last
/// one has left, and another one for each time that a URL is there.
#[derive(Default)]
struct Parts {
    seen: HashMap<u64, u32>,
}

impl Parts {
    fn name(&mut self, url: &str) -> String {
        let mut hasher = DefaultHasher::new();
        url.hash(&mut hasher);
        let hash = hasher.finish();
        let times = self.seen.entry(hash).or_default();
        *times += 1;
        format!("{hash:016x}-{times}.part")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<String> {
        lines(text, "list".into()).map(Result::unwrap).collect()
    }

    #[test]
    fn lists_may_have_comments_blanks_and_the_line_ends_of_windows() {
        let text = b"\xef\xbb\xbfhttp://a/\r\n\r\n# http://b/\r\n  http://c/ \n\nhttp://d/#e";
        assert_eq!(read(text), ["http://a/", "http://c/", "http://d/#e"]);
    }

    #[test]
    fn a_line_without_end_is_not_kept() {
        let mut text = vec![b'x'; 1_000_000];
        text.extend(b"\nhttp://a/\n");
        let lines = read(&text);
        assert_eq!(lines[0].len() as u64, LONGEST);
        assert_eq!(lines[1..], ["http://a/"]);
        assert!(check(&lines[0]).is_err());
    }

    #[test]
    fn a_list_that_breaks_off_is_told() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::from_raw_os_error(5))
            }
        }
        let text = b"http://a/\n".chain(Broken);
        let lines: Vec<_> = lines(BufReader::new(text), "list".into()).collect();
        let error = lines[1].as_ref().unwrap_err().to_string();
        assert_eq!(error, "list cannot be read: input/output error");
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn what_cannot_be_fetched_is_told_with_what_may_be_meant() {
        let said = |url| check(url).unwrap_err().to_string();
        assert!(check("http://a/b?c#d").is_ok() && check("HTTPS://A").is_ok());
        assert_eq!(
            said("ftp://a/b"),
            "no way to fetch `ftp:` URLs, only http and https"
        );
        assert_eq!(
            said("file:///etc/passwd"),
            "no way to fetch `file:` URLs, only http and https"
        );
        for url in ["example.org/x", "//example.org/x"] {
            assert_eq!(said(url), "no URL: is https://example.org/x meant?");
        }
        for url in ["example.org:80/x", "localhost:80/x"] {
            assert_eq!(said(url), format!("no URL: is https://{url} meant?"));
        }
        assert_eq!(said("http://"), "not a URL: empty host");
        assert_eq!(said("http://a:99999/"), "not a URL: invalid port number");
    }

    #[test]
    fn parts_have_names_of_their_own_that_are_the_same_next_time() {
        let names = || {
            let mut parts = Parts::default();
            ["http://a/", "http://b/", "http://a/"].map(|url| parts.name(url))
        };
        let [a, b, again] = names();
        assert!(a != b && a != again && b != again);
        assert_eq!(names(), [a, b, again]);
    }
}
