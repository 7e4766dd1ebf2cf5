//! From what the user named to tasks.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::error::HashError;
use crate::file_hasher::hash_stdin;
use crate::sys::special_kind;
use crate::task::{Entry, Item, PassedOver, Task, Tasks};

/// The name that stands for standard input.
pub(crate) const STDIN: &str = "-";

/// The tasks for `paths`, in their order. Made as they are asked for.
pub(crate) fn tasks(paths: Vec<OsString>, recursive: bool) -> Tasks {
    if recursive {
        Box::new(paths.into_iter().flat_map(walk))
    } else {
        Box::new(paths.into_iter().map(|name| task(name, None)))
    }
}

/// The task for one name. Standard input belongs to the process that was started, and there is only one
/// of it: it is read here, by whoever asks for the task, and not by a worker.
pub(crate) fn task(name: OsString, expected: Option<crate::Digest>) -> Task {
    if name == STDIN {
        Task::Known(Entry::Item(Item {
            name,
            expected,
            result: hash_stdin(),
        }))
    } else {
        Task::Hash { name, expected }
    }
}

/// `path` if it is no directory, else the regular files below it, in the byte order of their paths:
/// that of `find PATH -type f -print0 | LC_ALL=C sort -z`, found without holding all of them at once.
fn walk(path: OsString) -> Tasks {
    if path == STDIN || !Path::new(&path).is_dir() {
        return Box::new(std::iter::once(task(path, None)));
    }
    let entries = WalkDir::new(path).sort_by(by_path).into_iter();
    Box::new(entries.filter_map(|entry| match entry {
        Ok(entry) => found(entry),
        Err(error) => Some(Task::Known(Entry::Item(unreadable(&error)))),
    }))
}

/// The order of two siblings in which the whole paths of what they are or contain are in byte order: a
/// directory sorts as if its name ended in a slash. (`a-b` comes before `a/x`, as `-` does before `/`.)
fn by_path(a: &DirEntry, b: &DirEntry) -> Ordering {
    let bytes = |entry: &'_ DirEntry| -> (Vec<u8>, bool) {
        (
            entry.file_name().as_encoded_bytes().to_vec(),
            entry.file_type().is_dir(),
        )
    };
    let ((mut a, a_dir), (mut b, b_dir)) = (bytes(a), bytes(b));
    a.extend(a_dir.then_some(b'/'));
    b.extend(b_dir.then_some(b'/'));
    a.cmp(&b)
}

fn found(entry: DirEntry) -> Option<Task> {
    let kind = entry.file_type();
    if kind.is_file() {
        Some(Task::Hash {
            name: entry.into_path().into(),
            expected: None,
        })
    } else if kind.is_dir() {
        None
    } else {
        let kind = special_kind(kind).to_owned();
        Some(Task::Known(Entry::PassedOver(PassedOver { kind })))
    }
}

fn unreadable(error: &walkdir::Error) -> Item {
    let name = error
        .path()
        .map_or(OsStr::new("?"), Path::as_os_str)
        .to_owned();
    // walkdir keeps its error; the system's number makes another one of it.
    let number = error.io_error().and_then(io::Error::raw_os_error);
    let result = Err(number.map_or_else(
        || HashError::System(error.to_string()),
        |number| io::Error::from_raw_os_error(number).into(),
    ));
    Item {
        name,
        expected: None,
        result,
    }
}

/// How many bytes there are below `paths`, told to `add` file by file. For the progress bar; whatever
/// cannot be read counts nothing here, and is reported by those who try to hash it.
pub(crate) fn count_bytes(paths: &[OsString], recursive: bool, mut add: impl FnMut(u64)) {
    for path in paths {
        let depth = if recursive { usize::MAX } else { 0 };
        for entry in WalkDir::new(path).max_depth(depth).into_iter().flatten() {
            if let Ok(metadata) = entry.metadata()
                && metadata.is_file()
            {
                add(metadata.len());
            }
        }
    }
}
