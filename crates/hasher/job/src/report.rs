//! What is printed: results on stdout, what went wrong on stderr, both in the order of the input.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;

use harness::contestant::{Progress, Run};
use harness::record::{Outcome, RunRecord};
use harness::say;

use crate::error::HashError;
use crate::lines::{Style, shown, verdict};
use crate::options::Options;
use crate::output::Output;
use crate::task::{Answer, Entry, Item, ListEnd};

/// Takes the answers of a run, in the order of its tasks, and prints what there is to print.
#[derive(Debug)]
pub struct Report {
    run: Run,
    progress: Progress,
    output: Output,
    program: &'static str,
    style: Style,
    check: Check,
    list: Tally,
    outcome: Outcome,
    lists_failed: bool,
    passed_over: BTreeMap<String, u64>,
}

/// How `--check` talks.
#[derive(Clone, Copy, Debug)]
struct Check {
    quiet: bool,
    status: bool,
    strict: bool,
    ignore_missing: bool,
    warn: bool,
}

/// What came of the list that is being checked.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    lines: u64,
    malformed: u64,
    unread: u64,
    mismatched: u64,
    matched: u64,
}

impl Report {
    pub(crate) fn new(
        program: &'static str,
        options: &Options,
        run: Run,
        progress: Progress,
    ) -> Self {
        Self {
            run,
            progress,
            output: if options.common.json {
                Output::discarded()
            } else {
                Output::stdout()
            },
            program,
            style: options.style(),
            check: Check {
                quiet: options.common.quiet,
                status: options.checking.status,
                strict: options.checking.strict,
                ignore_missing: options.checking.ignore_missing,
                warn: options.checking.warn,
            },
            list: Tally::default(),
            outcome: Outcome::default(),
            lists_failed: false,
            passed_over: BTreeMap::new(),
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
        match answer.entry {
            Entry::Item(item) => self.item(&item),
            Entry::PassedOver(what) => *self.passed_over.entry(what.kind).or_default() += 1,
            Entry::Malformed { list, line } => {
                self.list.malformed += 1;
                if self.check.warn {
                    let list = shown(&list);
                    self.say(&format!(
                        "{list}: {line}: improperly formatted SHA256 checksum line"
                    ));
                }
            }
            Entry::ListEnd(end) => self.list_end(&end),
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
        self.outcome.checksum = self.output.finish()?;
        Ok(Finished {
            record: self.run.finish(self.outcome),
            lists_failed: self.lists_failed,
            passed_over: self.passed_over,
        })
    }

    fn item(&mut self, item: &Item) {
        self.outcome.items += 1;
        if let Ok(hashed) = &item.result {
            self.outcome.bytes += hashed.bytes;
            self.progress.add(hashed.bytes);
        }
        match item.expected {
            None => self.hashed(item),
            Some(expected) => {
                let matches = item.result.as_ref().map(|hashed| hashed.digest == expected);
                self.checked(item, matches);
            }
        }
    }

    fn hashed(&mut self, item: &Item) {
        match &item.result {
            Ok(hashed) => self
                .style
                .digest(self.output.line(), &item.name, hashed.digest),
            Err(HashError::Directory) => {
                let hint = "is a directory (add --recursive to hash the files in it)";
                self.failed(item, &hint);
            }
            Err(error) => self.failed(item, error),
        }
    }

    fn checked(&mut self, item: &Item, matches: Result<bool, &HashError>) {
        self.list.lines += 1;
        let words = match matches {
            Ok(true) => {
                self.list.matched += 1;
                (!self.check.quiet).then_some("OK")
            }
            Ok(false) => {
                self.list.mismatched += 1;
                self.outcome.failed += 1;
                Some("FAILED")
            }
            Err(HashError::Missing) if self.check.ignore_missing => None,
            Err(error) => {
                self.list.unread += 1;
                self.failed(item, error);
                Some("FAILED open or read")
            }
        };
        if let Some(words) = words.filter(|_| !self.check.status) {
            verdict(self.output.line(), &item.name, words);
        }
    }

    fn failed(&mut self, item: &Item, error: &dyn Display) {
        self.outcome.failed += 1;
        self.say(&format!("{}: {error}", shown(&item.name)));
    }

    /// The words of GNU, which scripts look for.
    fn list_end(&mut self, end: &ListEnd) {
        let name = if end.list == "-" {
            "standard input".to_owned()
        } else {
            shown(&end.list)
        };
        let tally = std::mem::take(&mut self.list);
        if let Some(error) = &end.error {
            self.say(&format!("{name}: {error}"));
        } else if tally.lines == 0 {
            self.say(&format!(
                "{name}: no properly formatted checksum lines found"
            ));
        } else if !self.check.status {
            self.warnings(&name, &tally);
        }
        self.lists_failed |=
            end.error.is_some() || tally.matched == 0 || (self.check.strict && tally.malformed > 0);
    }

    fn warnings(&self, name: &str, tally: &Tally) {
        let warn = |count: u64, one: &str, many: &str| {
            if count > 0 {
                self.say(&format!(
                    "WARNING: {count} {}",
                    if count == 1 { one } else { many }
                ));
            }
        };
        warn(
            tally.malformed,
            "line is improperly formatted",
            "lines are improperly formatted",
        );
        warn(
            tally.unread,
            "listed file could not be read",
            "listed files could not be read",
        );
        warn(
            tally.mismatched,
            "computed checksum did NOT match",
            "computed checksums did NOT match",
        );
        if self.check.ignore_missing && tally.matched == 0 {
            self.say(&format!("{name}: no file was verified"));
        }
    }

    fn say(&self, message: &str) {
        self.progress
            .suspend(|| say!("{}: {message}", self.program));
    }
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) record: RunRecord,
    /// Whether a list could not be read, verified nothing, or is malformed under `--strict`.
    pub(crate) lists_failed: bool,
    /// What a walk left out, by kind.
    pub(crate) passed_over: BTreeMap<String, u64>,
}
