//! Progress on stderr, drawn between runs and never during one: a thread that redraws a bar would take
//! its time from the contestant.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::estimate::rounded;
use harness::say;

/// How far a measurement has come.
pub(crate) struct Progress {
    /// Absent where stderr is no terminal: a line for each case then says enough.
    bar: Option<ProgressBar>,
    case: String,
    case_runs: u64,
    case_began: Instant,
}

impl Progress {
    /// Of so many runs, of which so many are there already.
    pub(crate) fn new(runs: u64, done: usize) -> Self {
        Self {
            bar: io::stderr().is_terminal().then(|| bar(runs, done as u64)),
            case: String::new(),
            case_runs: 0,
            case_began: Instant::now(),
        }
    }

    pub(crate) fn case_begins(&mut self, scenario: &str, case: &str) {
        self.case = format!("{scenario} {case}");
        self.case_runs = 0;
        self.case_began = Instant::now();
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}: making the input", self.case));
        } else {
            say!("{}: making the input, then running", self.case);
        }
    }

    pub(crate) fn run_begins(&self, contestant: &str, block: u32) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}, block {block}: {contestant}", self.case));
        }
    }

    pub(crate) fn memory_run_begins(&self, contestant: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}, memory: {contestant}", self.case));
        }
    }

    /// Says how long the rest of the case will take, by what its first block took.
    pub(crate) fn warmed_up(&self, took: Duration, blocks: u32) {
        // And about one block more, to see the memory of each.
        let rest = rounded(took.as_secs_f64() * f64::from(blocks + 1));
        let line = format!("{}: about {rest} for {blocks} blocks and memory", self.case);
        self.tell(line);
    }

    fn tell(&self, line: String) {
        if let Some(bar) = &self.bar {
            bar.println(line);
        } else {
            say!("{line}");
        }
    }

    pub(crate) fn run_ends(&mut self) {
        self.case_runs += 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// So many will not be made.
    pub(crate) fn runs_are_left_out(&self, runs: u64) {
        if let Some(bar) = &self.bar {
            bar.dec_length(runs);
        }
    }

    pub(crate) fn case_ends(&self) {
        let seconds = self.case_began.elapsed().as_secs_f64();
        let (case, runs) = (&self.case, self.case_runs);
        let line =
            format!("{case}: {runs} runs, in {seconds:.1} s with making and removing the input");
        self.tell(line);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Also when the measurement ends early.
impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn bar(runs: u64, done: u64) -> ProgressBar {
    let template = "{bar:24} {pos}/{len} runs, {eta} left  {wide_msg}";
    // A template is checked when it is parsed; this one has not changed since it was seen to work.
    let style = ProgressStyle::with_template(template);
    let bar = ProgressBar::new(runs);
    // From here on, so that what was there does not make the rest look quick.
    let bar = bar.with_position(done).with_elapsed(Duration::ZERO);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
