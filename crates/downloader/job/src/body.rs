//! What has come of a page so far.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::error::DownloadError;
use crate::settings::Settings;
use crate::task::Task;

/// What has come of a page so far: its digest, and its bytes where they are kept. Memory does not grow with it.
#[derive(Debug)]
pub(crate) struct Body {
    hasher: Sha256,
    len: u64,
    limit: Option<u64>,
    /// How many bytes the page has, if the server has said.
    pub(crate) of: Option<u64>,
    /// What names this version of the page, so that the rest of it can be asked for; none where that is
    /// impossible.
    validator: Option<String>,
    /// How many bytes were there from an earlier run.
    pub(crate) resumed: u64,
    part: Option<Part>,
}

/// The file that collects a page.
#[derive(Debug)]
struct Part {
    path: PathBuf,
    /// Made when the first byte comes: a page that is not there leaves no file.
    file: Option<File>,
    /// Where it is written which page this is, and which version: only if the next run shall go on with it.
    origin: Option<(PathBuf, String)>,
}

/// Where the rest of a page begins, and the version that it must be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) from: u64,
    pub(crate) validator: String,
}

impl Body {
    /// Nothing yet, or what an earlier run has left.
    pub(crate) fn open(task: &Task, settings: &Settings) -> io::Result<Self> {
        let mut body = Self {
            hasher: Sha256::new(),
            len: 0,
            limit: settings.max_bytes,
            of: None,
            validator: None,
            resumed: 0,
            part: settings.parts.as_ref().map(|folder| Part {
                path: folder.join(&task.part),
                file: None,
                origin: settings
                    .keep_parts
                    .then(|| (folder.join(format!("{}.from", task.part)), task.url.clone())),
            }),
        };
        body.take_up()?;
        Ok(body)
    }

    /// Goes on with what an earlier run has left of this very page.
    fn take_up(&mut self) -> io::Result<()> {
        let Some(part) = &mut self.part else {
            return Ok(());
        };
        let Some(validator) = part.origin.as_ref().and_then(validator_of) else {
            return Ok(());
        };
        let file = OpenOptions::new().read(true).write(true).open(&part.path);
        let Ok(mut file) = file else {
            return Ok(());
        };
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            self.hasher.update(&buffer[..read]);
            self.len += read as u64;
        }
        part.file = Some(file);
        self.resumed = self.len;
        self.validator = Some(validator);
        Ok(())
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// What is left to ask for: none if nothing has come, or the server has not named the version.
    pub(crate) fn rest(&self) -> Option<Rest> {
        let validator = self.validator.clone().filter(|_| self.len > 0)?;
        Some(Rest {
            from: self.len,
            validator,
        })
    }

    /// The page begins anew. `of` is its length and `validator` names its version, if the server has told them
    /// of the very bytes that will be written here.
    pub(crate) fn begin(
        &mut self,
        of: Option<u64>,
        validator: Option<String>,
    ) -> Result<(), DownloadError> {
        self.check(of.unwrap_or(0))?;
        (self.hasher, self.len, self.resumed) = (Sha256::new(), 0, 0);
        (self.of, self.validator) = (of, validator);
        if let Some(part) = &mut self.part {
            part.begin(self.validator.as_deref())?;
        }
        Ok(())
    }

    /// More of the page comes; it has `of` bytes in all, if that is known.
    pub(crate) fn go_on(&mut self, of: Option<u64>) -> Result<(), DownloadError> {
        self.check(of.unwrap_or(0))?;
        self.of = of;
        Ok(())
    }

    /// The system's cache takes these bytes as they come, sooner than another thread could be told of them: so
    /// the thread that waits for all pages writes them too.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), DownloadError> {
        self.check(self.len + bytes.len() as u64)?;
        if let Some(file) = self.part.as_mut().and_then(|part| part.file.as_mut()) {
            file.write_all(bytes)?;
        }
        self.hasher.update(bytes);
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// The digest of the page, if all of it is there.
    pub(crate) fn finish(&mut self) -> Result<Digest, DownloadError> {
        if let Some(of) = self.of.filter(|of| *of != self.len) {
            return Err(DownloadError::Cut {
                got: self.len,
                of: Some(of),
            });
        }
        Ok(Digest(self.hasher.finalize_reset().into()))
    }

    /// The page is not complete and will not be in this run: its file is removed, unless the next run can go
    /// on with it.
    pub(crate) fn abandon(self) {
        let useful = self.rest().is_some();
        if let Some(part) = self.part {
            part.abandon(useful);
        }
    }

    fn check(&self, bytes: u64) -> Result<(), DownloadError> {
        match self.limit {
            Some(limit) if bytes > limit => Err(DownloadError::TooLarge(limit)),
            _ => Ok(()),
        }
    }
}

impl Part {
    fn begin(&mut self, validator: Option<&str>) -> io::Result<()> {
        match &mut self.file {
            Some(file) => {
                file.set_len(0)?;
                file.rewind()?;
            }
            None => self.file = Some(File::create(&self.path)?),
        }
        match (&self.origin, validator) {
            (Some((path, url)), Some(validator)) => fs::write(path, format!("{url}\n{validator}")),
            (Some((path, _)), None) => remove(path),
            (None, _) => Ok(()),
        }
    }

    fn abandon(self, useful: bool) {
        drop(self.file);
        match self.origin {
            Some(_) if useful => {}
            // What cannot be removed is in a folder that is removed at the end.
            origin => {
                let _ = remove(&self.path);
                let _ = origin.map(|(path, _)| remove(&path));
            }
        }
    }
}

/// The version that an earlier run has begun with, if it was of this URL.
fn validator_of((path, url): &(PathBuf, String)) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let (from, validator) = text.split_once('\n')?;
    (from == url).then(|| validator.to_owned())
}

fn remove(path: &PathBuf) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
