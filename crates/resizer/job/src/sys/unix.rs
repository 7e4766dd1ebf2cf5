//! Unix.

use std::fs::{self, File, FileType, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::param::page_size;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::Builder;

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

/// Whether both are of one file, by whatever names.
pub(crate) fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// A temporary file is private by default; results are as public as the user's umask lets them be.
pub(crate) fn with_usual_permissions<'a, 'b, 'c>(
    builder: &'c mut Builder<'a, 'b>,
) -> &'c mut Builder<'a, 'b> {
    builder.permissions(Permissions::from_mode(0o666))
}

/// Lets this process have `more` bytes of memory beside what it has. Where the system does not tell what that is,
/// or has a lower limit, nothing changes or the limit is 4 GiB.
pub(crate) fn limit_memory(more: u64) {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let now = pages.map_or(4 << 30, |pages| pages * page_size() as u64);
    let limit = getrlimit(Resource::As);
    let current = Some((now + more).min(limit.maximum.unwrap_or(u64::MAX)));
    // If it is refused, the system's own limit is met, later.
    let _ = setrlimit(Resource::As, Rlimit { current, ..limit });
}
