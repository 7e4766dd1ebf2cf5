//! What is under way, for somebody who looks at a terminal.
//!
//! A worker is a thread of this process, a task of its runtime, or in another process altogether. So it tells what it
//! is at in a file, which all of them can write, and which is read ten times a second. Where nobody looks, there are
//! no files.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::time::{Duration, Instant, SystemTime};

use harness::contestant::remove_on_interrupt;
use tempfile::TempDir;

use crate::lines::shown;

/// A notice: when its page was begun (ms since 1970, 0 for none), how long its text is, and the text.
const SIZE: usize = 256;
const TEXT: usize = SIZE - 10;
/// Nobody reads faster.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the notices of all workers hang. Gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Noticeboard(TempDir);

impl Noticeboard {
    pub(crate) fn open() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("downloader-").tempdir()?;
        remove_on_interrupt(folder.path().to_owned());
        Ok(Self(folder))
    }

    /// The folder that it is.
    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Reads all notices: a line a page that is under way, the longest first.
    pub(crate) fn reader(&self) -> impl Fn() -> Vec<String> + Send + Sync + 'static {
        let folder = self.0.path().to_owned();
        move || {
            let mut found: Vec<_> = files(&folder).iter().flat_map(|file| read(file)).collect();
            found.sort_unstable();
            found.into_iter().map(|(_, text)| text).collect()
        }
    }
}

/// The files of workers that live. What cannot be read just now is shown the next time.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let living = entries.filter(|entry| {
        let name = entry.file_name();
        let process = name
            .to_str()
            .and_then(|name| name.split('-').next()?.parse().ok());
        process.is_none_or(lives)
    });
    living
        .filter_map(|entry| fs::read(entry.path()).ok())
        .collect()
}

fn read(file: &[u8]) -> Vec<(u64, String)> {
    let notices = file.chunks_exact(SIZE).filter_map(|notice| {
        let (began, rest) = notice.split_first_chunk()?;
        let (length, text) = rest.split_first_chunk()?;
        let began = Some(u64::from_le_bytes(*began)).filter(|began| *began > 0)?;
        let text = text.get(..u16::from_le_bytes(*length).into())?;
        Some((began, String::from_utf8_lossy(text).into_owned()))
    });
    notices.collect()
}

/// Whether `process` is there. One that was killed does not take down its notices.
#[cfg(unix)]
fn lives(process: i32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    Pid::from_raw(process).is_none_or(|process| test_kill_process(process).is_ok())
}

#[cfg(not(unix))]
fn lives(_process: i32) -> bool {
    true
}

/// Where one worker, or all tasks of one runtime, hang their notices.
#[derive(Debug)]
pub(crate) struct Notices(Option<File>);

impl Notices {
    /// On the board that is `folder`; nowhere if there is none. Nor if there can be no file: what is only looked at
    /// shall not be the end of a download.
    pub(crate) fn on(folder: Option<&PathBuf>) -> Self {
        let file = |folder: &PathBuf| {
            let name = tempfile::Builder::new()
                .prefix(&format!("{}-", process::id()))
                .tempfile_in(folder);
            // The folder's owner removes it.
            name.and_then(|file| Ok(file.keep()?.0)).ok()
        };
        Self(folder.and_then(file))
    }

    /// Begins to tell of the page at `url`, which is in `slot` of this worker.
    pub(crate) fn begin<'n>(&'n self, slot: u16, url: &'n str) -> Notice<'n> {
        let since = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let mut notice = Notice {
            file: self.0.as_ref(),
            slot,
            url,
            began: since.as_millis() as u64,
            told: None,
        };
        notice.say(|| "waiting".into());
        notice
    }
}

/// What is told of one page, as long as this is there.
pub(crate) struct Notice<'n> {
    file: Option<&'n File>,
    slot: u16,
    url: &'n str,
    began: u64,
    told: Option<Instant>,
}

impl Notice<'_> {
    /// So much has come, of so much if that is known. Told now and then, as that is often.
    pub(crate) fn came(&mut self, got: u64, of: Option<u64>) {
        use harness::contestant::bytes;
        if self.told.is_none_or(|told| told.elapsed() >= PAUSE) {
            self.say(|| match of {
                Some(of) => format!("{} of {}", bytes(got), bytes(of)),
                None => bytes(got),
            });
        }
    }

    /// Tells `what`, if anybody can look at it.
    pub(crate) fn say(&mut self, what: impl FnOnce() -> String) {
        if let Some(file) = self.file {
            let mut text = format!("  {}  {}", what(), shown(self.url));
            text.truncate(text.floor_char_boundary(TEXT));
            self.write(file, self.began, &text);
            self.told = Some(Instant::now());
        }
    }

    fn write(&self, mut file: &File, began: u64, text: &str) {
        let mut notice = [0; SIZE];
        notice[..8].copy_from_slice(&began.to_le_bytes());
        notice[8..10].copy_from_slice(&(text.len() as u16).to_le_bytes());
        notice[10..10 + text.len()].copy_from_slice(text.as_bytes());
        let place = u64::from(self.slot) * SIZE as u64;
        // Where it cannot be told, it is not shown, and that is all.
        let _ = file
            .seek(SeekFrom::Start(place))
            .and_then(|_| file.write_all(&notice));
    }
}

impl Drop for Notice<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.file {
            self.write(file, 0, "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_shown_from_its_begin_to_its_end() {
        let board = Noticeboard::open().unwrap();
        let look = board.reader();
        let notices = Notices::on(Some(&board.folder().to_owned()));
        let mut notice = notices.begin(3, "http://a/1");
        assert_eq!(look(), ["  waiting  http://a/1"]);
        notice.told = None;
        notice.came(1_500, Some(3_000));
        assert_eq!(look(), ["  1.50 kB of 3.00 kB  http://a/1"]);
        notice.came(2_000, Some(3_000));
        assert_eq!(
            look(),
            ["  1.50 kB of 3.00 kB  http://a/1"],
            "too soon to tell"
        );
        drop(notice);
        assert_eq!(look(), [""; 0]);
    }

    #[test]
    fn pages_of_all_workers_are_shown_and_the_longest_first() {
        let board = Noticeboard::open().unwrap();
        let folder = board.folder().to_owned();
        let (one, other) = (Notices::on(Some(&folder)), Notices::on(Some(&folder)));
        let (mut second, mut first) = (one.begin(0, "second"), other.begin(0, "first"));
        let third = other.begin(1, "third");
        (first.began, second.began) = (1, 2);
        first.say(|| "waiting".into());
        second.say(|| "waiting".into());
        assert_eq!(
            board.reader()(),
            ["first", "second", "third"].map(|url| format!("  waiting  {url}"))
        );
        drop((first, second, third));
    }

    #[test]
    fn a_long_url_is_cut_between_two_characters() {
        let board = Noticeboard::open().unwrap();
        let notices = Notices::on(Some(&board.folder().to_owned()));
        let url = "\u{e9}".repeat(300);
        let _notice = notices.begin(0, &url);
        let text = board.reader()().concat();
        assert!(text.ends_with('\u{e9}') && text.len() + 1 >= TEXT, "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn a_worker_that_is_dead_has_nothing_under_way() {
        let board = Noticeboard::open().unwrap();
        let notices = Notices::on(Some(&board.folder().to_owned()));
        let _notice = notices.begin(0, "http://a/1");
        let mut child = process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        let file = files_in(board.folder()).pop().unwrap();
        fs::rename(&file, board.folder().join(format!("{}-x", child.id()))).unwrap();
        assert_eq!(board.reader()(), [""; 0]);
    }

    fn files_in(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    }

    #[test]
    fn where_nobody_looks_nothing_is_told() {
        let notices = Notices::on(None);
        let mut notice = notices.begin(0, "http://a/1");
        notice.say(|| panic!("nobody has asked"));
    }
}
