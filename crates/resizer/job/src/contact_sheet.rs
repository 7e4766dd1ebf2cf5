//! One picture of all results.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use resizer_pixels::{Format, Sheet};

use crate::error::cause;
use crate::names;
use crate::out;
use crate::save;

/// A file that will be a picture of all results.
#[derive(Clone, Debug)]
pub(crate) struct ContactSheet {
    pub(crate) path: PathBuf,
    pub(crate) overwrite: bool,
}

impl ContactSheet {
    /// Fails if it could not be written in the end, as far as that can be known.
    pub(crate) fn check(&self) -> Result<()> {
        self.format()?;
        if !self.overwrite && self.path.symlink_metadata().is_ok() {
            bail!(self.exists());
        }
        Ok(())
    }

    /// Makes it of `results`, in their order; those that are none have an empty cell.
    pub(crate) fn make(&self, results: &[Option<PathBuf>]) -> Result<()> {
        let mut sheet = Sheet::new(results.len());
        for result in results {
            // Gone again, or never a picture: its cell is empty, and the others are not to suffer.
            let file = result.as_ref().and_then(|path| fs::read(path).ok());
            sheet.add(file.as_deref());
        }
        let bytes = sheet
            .encode(self.format()?)
            .with_context(|| self.cannot())?;
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let parts = out::parts_in(folder)?;
        let written = save::write(parts.path(), &self.path, &bytes, self.overwrite)
            .map_err(|error| anyhow::anyhow!(cause(&error)))
            .with_context(|| self.cannot())?;
        if !written {
            bail!(self.exists());
        }
        Ok(())
    }

    fn format(&self) -> Result<Format> {
        names::format_of(&self.path).with_context(|| {
            let path = self.path.display();
            format!("the contact sheet {path} needs a name that ends in .jpg, .png or .webp")
        })
    }

    fn exists(&self) -> String {
        format!(
            "the contact sheet {} exists (--overwrite replaces it)",
            self.path.display()
        )
    }

    fn cannot(&self) -> String {
        format!("cannot write the contact sheet {}", self.path.display())
    }
}
