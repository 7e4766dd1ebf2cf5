//! The list of what failed.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use crate::error::DownloadError;
use crate::lines::shown;

/// A list of URLs that failed, each after a comment that says why: what it takes to try again just these.
#[derive(Debug)]
pub(crate) struct Failed {
    file: File,
}

impl Failed {
    /// Makes the file: nobody wants to learn at the end that it cannot be written.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        Ok(Self { file })
    }

    /// Written at once, so that it is right whatever ends the run.
    pub(crate) fn add(&mut self, url: &str, error: &DownloadError) -> io::Result<()> {
        let entry = format!("# {}\n{}\n", shown(&error.to_string()), shown(url));
        self.file.write_all(entry.as_bytes())
    }
}
