//! What is printed and kept: results on stdout and in the output folder, what went wrong on stderr, all in the
//! order of the input.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use harness::contestant::{Progress, Run};
use harness::record::{Outcome, RunRecord};
use harness::say;
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;

use crate::digest::Digest;
use crate::error::DownloadError;
use crate::failed::Failed;
use crate::lines::{Line, canonical, shown};
use crate::names::Names;
use crate::parts::Parts;
use crate::task::{Answer, Fetched};

/// Takes the answers of a run, in the order of its tasks, prints what there is to print, and puts pages in
/// their place.
#[derive(Debug)]
pub struct Report {
    run: Run,
    progress: Progress,
    program: &'static str,
    lines: Lines,
    out: Option<Out>,
    failed: Option<Failed>,
    outcome: Outcome,
    checksum: Sha256,
}

/// What is printed for a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Columns.
    Text,
    /// A JSON object.
    Json,
    /// Nothing: stdout is for the run record.
    None,
}

/// Where pages are kept.
#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) folder: PathBuf,
    pub(crate) parts: Parts,
    pub(crate) names: Names,
    pub(crate) overwrite: bool,
}

impl Report {
    pub(crate) fn new(
        program: &'static str,
        run: Run,
        progress: Progress,
        lines: Lines,
        out: Option<Out>,
        failed: Option<Failed>,
    ) -> Self {
        Self {
            run,
            progress,
            program,
            lines,
            out,
            failed,
            outcome: Outcome::default(),
            checksum: Sha256::new(),
        }
    }

    /// The workers share so many processes.
    pub fn in_processes(&mut self, processes: u32) {
        self.run.in_processes(processes);
    }

    /// The workers are ready: what comes now is work.
    pub fn workers_ready(&mut self) {
        self.run.workers_ready();
    }

    /// Takes the answer to the next task.
    ///
    /// # Errors
    /// If stdout or the list of what failed cannot be written. Then there is nobody to work for: stop.
    pub fn take(&mut self, mut answer: Answer) -> io::Result<()> {
        self.run.task(answer.stamp);
        self.outcome.items += 1;
        let mut path = None;
        if let (Some(out), Ok(fetched)) = (&mut self.out, &answer.result) {
            match out.publish(&answer, fetched) {
                Ok(published) => path = Some(published),
                Err(error) => answer.result = Err(error.into()),
            }
        }
        self.checksum.update(canonical(&answer));
        self.print(&Line {
            answer: &answer,
            path: path.as_deref(),
        })?;
        match &answer.result {
            Ok(fetched) => {
                self.outcome.bytes += fetched.bytes;
                self.progress.item(fetched.bytes);
            }
            Err(error) => self.failure(&answer.url, error)?,
        }
        Ok(())
    }

    /// The last answer was taken: what comes now is shutdown.
    pub fn work_done(&mut self) {
        self.run.work_done();
    }

    /// Ends the run, when the workers are gone.
    ///
    /// # Errors
    /// If what is left of incomplete pages cannot be removed.
    pub(crate) fn finish(mut self) -> io::Result<RunRecord> {
        self.progress.clear();
        if let Some(out) = self.out {
            out.parts.close()?;
        }
        self.outcome.checksum = Digest(self.checksum.finalize().into()).to_string();
        Ok(self.run.finish(self.outcome))
    }

    fn print(&self, line: &Line<'_>) -> io::Result<()> {
        let text = match self.lines {
            Lines::None => return Ok(()),
            Lines::Text => line.text(),
            Lines::Json => line.json()?,
        };
        self.progress
            .suspend(|| writeln!(io::stdout().lock(), "{text}"))
    }

    fn failure(&mut self, url: &str, error: &DownloadError) -> io::Result<()> {
        self.outcome.failed += 1;
        self.progress.item(0);
        // A terminal shows both streams: there, the line has said it.
        if self.lines == Lines::None || !io::stdout().is_terminal() {
            let text = format!("{}: {}: {error}", self.program, shown(url));
            self.progress.suspend(|| say!("{text}"));
        }
        match &mut self.failed {
            Some(failed) => failed.add(url, error),
            None => Ok(()),
        }
    }
}

impl Out {
    /// Gives a whole page its name: at once, and never that of a file that is there.
    fn publish(&mut self, answer: &Answer, fetched: &Fetched) -> io::Result<PathBuf> {
        let part = self.parts.folder().join(&answer.part);
        let name = self.names.give(&answer.url, fetched.name.as_deref());
        let path = if self.overwrite {
            let path = self.folder.join(&name);
            fs::rename(&part, &path)?;
            path
        } else {
            self.persist(TempPath::try_from_path(&part)?, &name)?
        };
        // There is one only if the next run should have gone on.
        remove_if_there(&self.parts.folder().join(format!("{}.from", answer.part)))?;
        Ok(path)
    }

    fn persist(&mut self, mut part: TempPath, name: &str) -> io::Result<PathBuf> {
        let mut path = self.folder.join(name);
        loop {
            match part.persist_noclobber(&path) {
                Ok(()) => return Ok(path),
                Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                    part = taken.path;
                    path = self.folder.join(self.names.distinct(name));
                }
                Err(other) => return Err(other.error),
            }
        }
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
