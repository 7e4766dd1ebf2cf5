//! Systems that are not Unix. Written for, not tested.

use std::fs::{File, FileType, Metadata};
use std::io;
use std::path::Path;

use tempfile::Builder;

/// Opens `path` for reading.
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What something is that is neither a file nor a directory.
pub(crate) fn special_kind(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "symbolic link"
    } else {
        "special file"
    }
}

/// Whether both are of one file: the standard library does not tell.
pub(crate) fn is_same_file(_one: &Metadata, _other: &Metadata) -> bool {
    false
}

/// Temporary files are like others here.
pub(crate) fn with_usual_permissions<'a, 'b, 'c>(
    builder: &'c mut Builder<'a, 'b>,
) -> &'c mut Builder<'a, 'b> {
    builder
}

/// There is no limit that a process could set.
pub(crate) fn limit_memory(_more: u64) {}
