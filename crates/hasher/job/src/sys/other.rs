//! Systems that are not Unix. Written for, not tested.

use std::fs::{File, FileType};
use std::io;
use std::path::Path;

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
