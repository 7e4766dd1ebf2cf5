//! What is printed: results on stdout, what went wrong on stderr, both in the order of the input.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use harness::contestant::{Progress, Run};
use harness::record::{Outcome, RunRecord};
use harness::say;
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::error::ResizeError;
use crate::lines::{self, shown};
use crate::output::Output;
use crate::task::{Answer, Entry, Picture};

/// Takes the answers of a run, in the order of its tasks, and prints what there is to print.
#[derive(Debug)]
pub struct Report {
    program: &'static str,
    run: Run,
    progress: Progress,
    output: Output,
    /// The folder that resized pictures go to.
    out: PathBuf,
    outcome: Outcome,
    checksum: Sha256,
    kept: u64,
    passed_over: BTreeMap<String, u64>,
    results: Option<Vec<Option<PathBuf>>>,
}

/// What a report needs to know.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) program: &'static str,
    pub(crate) out: PathBuf,
    /// Whether there is a line a picture.
    pub(crate) lines: bool,
    /// Whether the results are to be listed in the end.
    pub(crate) list: bool,
}

impl Report {
    pub(crate) fn new(setting: Setting, run: Run, progress: Progress) -> Self {
        Self {
            program: setting.program,
            run,
            progress,
            output: Output::new(setting.lines),
            out: setting.out,
            outcome: Outcome::default(),
            checksum: Sha256::new(),
            kept: 0,
            passed_over: BTreeMap::new(),
            results: setting.list.then(Vec::new),
        }
    }

    /// The workers are ready: what comes now is work.
    pub fn workers_ready(&mut self) {
        self.run.workers_ready();
    }

    /// Takes the answer to the next task.
    ///
    /// # Errors
    /// If stdout cannot be written. Then there is nobody to work for: stop.
    pub fn take(&mut self, answer: Answer) -> io::Result<()> {
        self.run.task(answer.stamp);
        self.progress.add(answer.bytes);
        match answer.entry {
            Entry::Picture(picture) => self.picture(&picture, answer.bytes),
            Entry::PassedOver(kind) => *self.passed_over.entry(kind).or_default() += 1,
        }
        self.output.flush_now_and_then(&self.progress)
    }

    /// The last answer was taken: what comes now is shutdown.
    pub fn work_done(&mut self) {
        self.run.work_done();
    }

    /// Ends the run, when the workers are gone.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<Finished> {
        self.progress.clear();
        self.output.flush()?;
        self.outcome.checksum = Digest(self.checksum.finalize().into()).to_string();
        Ok(Finished {
            record: self.run.finish(self.outcome),
            kept: self.kept,
            passed_over: self.passed_over,
            results: self.results.unwrap_or_default(),
        })
    }

    fn picture(&mut self, picture: &Picture, bytes: u64) {
        self.outcome.items += 1;
        self.checksum.update(lines::canonical(picture));
        let path = self.out.join(&picture.output);
        match &picture.result {
            Ok(made) => {
                match made {
                    Some(_) => self.outcome.bytes += bytes,
                    None => self.kept += 1,
                }
                lines::picture(self.output.line(), picture, &path, made.as_ref());
            }
            Err(error) => self.failed(picture, error),
        }
        if let Some(results) = &mut self.results {
            results.push(picture.result.is_ok().then_some(path));
        }
    }

    fn failed(&mut self, picture: &Picture, error: &ResizeError) {
        self.outcome.failed += 1;
        let (program, name) = (self.program, shown(&picture.name));
        // A library may have put anything into its message.
        let error = shown(error.to_string().as_ref());
        self.progress.suspend(|| say!("{program}: {name}: {error}"));
    }
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) record: RunRecord,
    /// How many pictures were there already.
    pub(crate) kept: u64,
    /// What a walk left out, by kind.
    pub(crate) passed_over: BTreeMap<String, u64>,
    /// Where each picture is, in the order of the input; none for those that failed. Empty if nobody asked.
    pub(crate) results: Vec<Option<PathBuf>>,
}
