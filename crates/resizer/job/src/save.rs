//! Writing what a picture has become: whole, or not at all.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::error::{ResizeError, cause};
use crate::source::Source;
use crate::sys::{is_same_file, with_usual_permissions};

/// What is at the place of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Free,
    /// A file that stays.
    Kept,
    /// A file that will be replaced.
    Replaced,
}

/// Looks what is at `target`, where `source` is to go.
pub(crate) fn look(target: &Path, source: &Source, overwrite: bool) -> Result<Place, ResizeError> {
    let there: Metadata = match fs::metadata(target) {
        Ok(there) => there,
        // Also a link to nowhere, which is replaced or kept like a file.
        Err(_) => return Ok(Place::Free),
    };
    if is_same_file(&there, &source.metadata) {
        return Err(ResizeError::Itself);
    }
    if there.is_dir() {
        return Err(ResizeError::Save(format!(
            "{} is a directory",
            target.display()
        )));
    }
    Ok(if overwrite {
        Place::Replaced
    } else {
        Place::Kept
    })
}

/// Writes `bytes` to a temporary file in the folder `parts`, which then becomes `target`. Whether it did: without
/// `overwrite`, a file that is there stays.
pub(crate) fn write(
    parts: &Path,
    target: &Path,
    bytes: &[u8],
    overwrite: bool,
) -> io::Result<bool> {
    let mut part = with_usual_permissions(Builder::new().prefix("part-")).tempfile_in(parts)?;
    part.write_all(bytes)?;
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    become_target(part, target, overwrite)
}

fn become_target(part: NamedTempFile, target: &Path, overwrite: bool) -> io::Result<bool> {
    let renamed = if overwrite {
        part.persist(target)
    } else {
        part.persist_noclobber(target)
    };
    match renamed {
        Ok(_) => Ok(true),
        Err(error) if !overwrite && error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// The error of a picture that could not be written.
pub(crate) fn not_saved(error: &io::Error) -> ResizeError {
    // tempfile says which of its files it was, which nobody knows.
    let text = cause(error);
    let text = text.split(" at path ").next().unwrap_or_default();
    ResizeError::Save(text.to_owned())
}
