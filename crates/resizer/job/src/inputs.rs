//! From what the user named to tasks.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use crate::error::ResizeError;
use crate::names::Names;
use crate::sys::special_kind;
use crate::task::{Entry, Picture, Task, Tasks};

/// What the user named.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    pub(crate) paths: Vec<OsString>,
    /// Whether folders are walked through.
    pub(crate) recursive: bool,
    /// What a walk leaves out wherever it meets it: what this run itself writes.
    pub(crate) left_out: LeftOut,
}

impl Inputs {
    /// The tasks for all files, in their order, with names by `names`. Made as they are asked for.
    pub(crate) fn tasks(self, mut names: Names) -> Tasks {
        let Self {
            paths,
            recursive,
            left_out,
        } = self;
        let found = paths.into_iter().flat_map(move |path| {
            if recursive && Path::new(&path).is_dir() {
                walk(path, left_out.clone())
            } else {
                Box::new(std::iter::once(Found::named(path)))
            }
        });
        Box::new(found.map(move |found| found.task(&mut names)))
    }

    /// How many bytes there are below the paths, told to `add` file by file. For the progress bar; whatever
    /// cannot be read counts nothing here, and is reported by those who try to resize it.
    pub(crate) fn count_bytes(&self, mut add: impl FnMut(u64)) {
        for path in &self.paths {
            let depth = if self.recursive { usize::MAX } else { 0 };
            let walk = WalkDir::new(path).max_depth(depth).into_iter();
            let entries = walk.filter_entry(|entry| !self.left_out.holds(entry));
            for entry in entries.flatten() {
                if let Ok(metadata) = entry.metadata()
                    && metadata.is_file()
                {
                    add(metadata.len());
                }
            }
        }
    }
}

/// Places that a walk leaves out.
#[derive(Clone, Debug)]
pub(crate) struct LeftOut(Arc<[PathBuf]>);

impl LeftOut {
    /// Those of `places` that are there.
    pub(crate) fn new<'a>(places: impl IntoIterator<Item = &'a Path>) -> Self {
        let there = places
            .into_iter()
            .filter_map(|path| path.canonicalize().ok());
        Self(there.collect())
    }

    /// Whether `entry` is one of them. Where a walk begins is none: the user has named it.
    fn holds(&self, entry: &DirEntry) -> bool {
        entry.depth() > 0
            && self.0.iter().any(|place| {
                // Links are not followed, so what is the same place has the same name.
                place.file_name() == Some(entry.file_name())
                    && entry.path().canonicalize().is_ok_and(|path| path == *place)
            })
    }
}

/// Something that was named or found.
enum Found {
    File {
        path: OsString,
        /// Its name below what the user named: the tree is kept.
        relative: PathBuf,
        /// Whether it was found in a folder.
        in_folder: bool,
    },
    Known(Entry),
}

impl Found {
    fn named(path: OsString) -> Self {
        let relative = Path::new(&path).file_name().unwrap_or_default().into();
        Self::File {
            path,
            relative,
            in_folder: false,
        }
    }

    fn task(self, names: &mut Names) -> Task {
        let (name, relative, found) = match self {
            Self::Known(entry) => return Task::Known(entry),
            Self::File {
                path,
                relative,
                in_folder,
            } => (path, relative, in_folder),
        };
        match names.give(&name, &relative) {
            Ok(output) => Task::Resize {
                name,
                output,
                found,
            },
            Err(error) => Task::Known(failed(name, error)),
        }
    }
}

fn failed(name: OsString, error: ResizeError) -> Entry {
    let output = OsString::new();
    let result = Err(error);
    Entry::Picture(Picture {
        name,
        output,
        result,
    })
}

/// The files below `root`, in the byte order of their paths: that of `find ROOT -type f -print0 |
/// LC_ALL=C sort -z`, found without holding all of them at once.
fn walk(root: OsString, left_out: LeftOut) -> Box<dyn Iterator<Item = Found> + Send> {
    let entries = WalkDir::new(&root).sort_by(by_path).into_iter();
    let entries = entries.filter_entry(move |entry| !left_out.holds(entry));
    Box::new(entries.filter_map(move |entry| match entry {
        Ok(entry) => found(entry, Path::new(&root)),
        Err(error) => Some(Found::Known(unreadable(&error))),
    }))
}

/// The order of two siblings in which the whole paths of what they are or contain are in byte order: a
/// directory sorts as if its name ended in a slash. (`a-b` comes before `a/x`, as `-` does before `/`.)
fn by_path(a: &DirEntry, b: &DirEntry) -> Ordering {
    let bytes = |entry: &'_ DirEntry| {
        let slash = entry.file_type().is_dir().then_some(b'/');
        let name = entry.file_name().as_encoded_bytes().iter().copied();
        name.chain(slash).collect::<Vec<u8>>()
    };
    bytes(a).cmp(&bytes(b))
}

fn found(entry: DirEntry, root: &Path) -> Option<Found> {
    let kind = entry.file_type();
    if kind.is_file() {
        let path = entry.into_path();
        let relative = path.strip_prefix(root).unwrap_or(&path).to_owned();
        Some(Found::File {
            path: path.into(),
            relative,
            in_folder: true,
        })
    } else if kind.is_dir() {
        None
    } else {
        let kind = special_kind(kind).to_owned();
        Some(Found::Known(Entry::PassedOver(kind)))
    }
}

fn unreadable(error: &walkdir::Error) -> Entry {
    let name = error.path().map_or(OsStr::new("?"), Path::as_os_str);
    // walkdir keeps its error; the system's number makes another one of it.
    let number = error.io_error().and_then(io::Error::raw_os_error);
    let error = number.map_or_else(
        || ResizeError::System(error.to_string()),
        |number| io::Error::from_raw_os_error(number).into(),
    );
    failed(name.to_owned(), error)
}
