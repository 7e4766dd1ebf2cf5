//! Reading a picture's file, and whether it is one.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use resizer_pixels::Format;

use crate::error::ResizeError;
use crate::names;
use crate::sys::{open_without_waiting, special_kind};

/// As many bytes tell every format from the others.
const HEAD: u64 = 64;

/// A file that is open, whose content begins as a picture does.
#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    pub(crate) metadata: Metadata,
}

/// What a file turned out to be.
#[derive(Debug)]
pub(crate) enum Opened {
    Picture(Source),
    /// Something else, in a folder where there may be anything. Its size in bytes.
    Other(u64),
}

/// Opens the file at `path`, reads its beginning into `content`, and looks what it is. One that was `found` in
/// a folder may be no picture, unless its name says that it is.
pub(crate) fn open(path: &Path, found: bool, content: &mut Vec<u8>) -> Result<Opened, ResizeError> {
    content.clear();
    let file = open_without_waiting(path).map_err(|error| refusal(path, error))?;
    let metadata = file.metadata()?;
    regular(&metadata)?;
    (&file).take(HEAD).read_to_end(content)?;
    if Format::of(content).is_some() {
        return Ok(Opened::Picture(Source { file, metadata }));
    }
    match content.is_empty() {
        _ if found && names::format_of(path).is_none() => Ok(Opened::Other(metadata.len())),
        true => Err(ResizeError::Empty),
        false => Err(ResizeError::NoPicture),
    }
}

impl Source {
    /// Reads the rest into `content`, which holds its beginning; at most `memory` bytes in all.
    pub(crate) fn read(mut self, content: &mut Vec<u8>, memory: u64) -> Result<(), ResizeError> {
        let bytes = self.metadata.len();
        refuse_above(memory, bytes)?;
        // One more, so that the end is found without the buffer growing. Not twice as much as needed, for the next one.
        content.reserve_exact((bytes as usize + 1).saturating_sub(content.len()));
        let rest = (memory + 1).saturating_sub(content.len() as u64);
        self.file.by_ref().take(rest).read_to_end(content)?;
        // It may have grown.
        refuse_above(memory, content.len() as u64)
    }
}

fn refuse_above(memory: u64, bytes: u64) -> Result<(), ResizeError> {
    if bytes > memory {
        return Err(ResizeError::TooLarge { bytes, memory });
    }
    Ok(())
}

/// Whether the file at `path` is a picture by its content.
pub(crate) fn is_picture(path: &Path) -> bool {
    matches!(open(path, false, &mut Vec::new()), Ok(Opened::Picture(_)))
}

/// Why `path` could not be opened. A socket cannot, with an error that names no socket.
fn refusal(path: &Path, error: io::Error) -> ResizeError {
    match fs::metadata(path).map(|metadata| regular(&metadata)) {
        Ok(Err(not_a_file)) => not_a_file,
        _ => error.into(),
    }
}

fn regular(metadata: &Metadata) -> Result<(), ResizeError> {
    match metadata.file_type() {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(ResizeError::Directory),
        kind => Err(ResizeError::NotAFile(special_kind(kind).to_owned())),
    }
}
