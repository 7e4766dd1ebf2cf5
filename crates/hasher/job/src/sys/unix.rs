//! Unix.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// Opens `path` for reading. A FIFO without a writer does not wait for one, and a terminal does not
/// become this process's own; for a regular file neither flag means anything.
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
}

/// What something is that is neither a file nor a directory.
pub(crate) fn special_kind(kind: FileType) -> &'static str {
    match kind {
        _ if kind.is_fifo() => "fifo",
        _ if kind.is_socket() => "socket",
        _ if kind.is_char_device() => "character device",
        _ if kind.is_block_device() => "block device",
        _ if kind.is_symlink() => "symbolic link",
        _ => "special file",
    }
}
