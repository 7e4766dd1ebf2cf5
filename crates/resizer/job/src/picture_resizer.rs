//! A worker's tool: it reads, resizes and writes.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use harness::contestant::Stamp;
use resizer_pixels::{Resized, Resizer};

use crate::batch::Work;
use crate::caught::caught;
use crate::digest::Digest;
use crate::error::ResizeError;
use crate::save::{self, Place};
use crate::source::{self, Opened};
use crate::task::{Answer, Entry, Made, Picture, Task};

/// Answers tasks, one after another. Each worker has its own: its buffers are used again for every picture.
pub struct PictureResizer {
    work: Work,
    resizer: Resizer,
    /// The file that is read.
    content: Vec<u8>,
    /// Its size.
    bytes: u64,
}

impl PictureResizer {
    /// A resizer that does `work`.
    pub fn new(work: Work) -> Self {
        Self {
            resizer: Resizer::new(work.settings.clone()),
            work,
            content: Vec::new(),
            bytes: 0,
        }
    }

    /// Does `task`. What goes wrong is in the answer, a panic too.
    pub fn answer(&mut self, task: Task) -> Answer {
        match task {
            Task::Known(entry) => Answer::known(entry),
            Task::Resize {
                name,
                output,
                found,
            } => {
                self.bytes = 0;
                let (done, stamp) = Stamp::of(|| self.safely(Path::new(&name), &output, found));
                Answer {
                    entry: entry(name, output, done),
                    bytes: self.bytes,
                    stamp: Some(stamp),
                }
            }
        }
    }

    fn safely(&mut self, path: &Path, output: &OsStr, found: bool) -> Result<Done, ResizeError> {
        caught(|| self.resize(path, output, found)).unwrap_or_else(|panicked| {
            // Whatever it has left half done is not used again.
            self.resizer = Resizer::new(self.work.settings.clone());
            Err(panicked)
        })
    }

    fn resize(&mut self, path: &Path, output: &OsStr, found: bool) -> Result<Done, ResizeError> {
        let source = match source::open(path, found, &mut self.content)? {
            Opened::Picture(source) => source,
            Opened::Other(bytes) => {
                self.bytes = bytes;
                return Ok(Done::PassedOver);
            }
        };
        self.bytes = source.metadata.len();
        let target = Path::new(&self.work.out).join(output);
        if save::look(&target, &source, self.work.overwrite)? == Place::Kept {
            return Ok(Done::Kept);
        }
        source.read(&mut self.content, self.work.settings.memory)?;
        self.work.misbehave.iter().for_each(|it| it.at(path));
        let resized = self.resizer.resize(&self.content)?;
        self.save(&target, resized)
    }

    fn save(&self, target: &Path, resized: Resized) -> Result<Done, ResizeError> {
        let parts = Path::new(&self.work.parts);
        let saved = save::write(parts, target, &resized.bytes, self.work.overwrite);
        if !saved.map_err(|error| save::not_saved(&error))? {
            return Ok(Done::Kept);
        }
        Ok(Done::Made(Made {
            from: resized.from,
            to: resized.to,
            read: resized.read,
            written: resized.written,
            digest: self.work.digests.then(|| Digest::of(&resized.bytes)),
            notes: resized.notes,
        }))
    }
}

/// What became of a file.
enum Done {
    Made(Made),
    Kept,
    PassedOver,
}

fn entry(name: OsString, output: OsString, done: Result<Done, ResizeError>) -> Entry {
    let result = match done {
        Ok(Done::PassedOver) => return Entry::PassedOver("file without a picture".to_owned()),
        Ok(Done::Made(made)) => Ok(Some(made)),
        Ok(Done::Kept) => Ok(None),
        Err(error) => Err(error),
    };
    Entry::Picture(Picture {
        name,
        output,
        result,
    })
}
