//! Progress on stderr, drawn between runs and never during one: a thread that redraws a bar would take
//! its time from the contestant.

use std::io::{self, IsTerminal};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

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
    pub(crate) fn new(runs: u64) -> Self {
        Self {
            bar: io::stderr().is_terminal().then(|| bar(runs)),
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

    pub(crate) fn run_ends(&mut self) {
        self.case_runs += 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    pub(crate) fn case_ends(&self) {
        let seconds = self.case_began.elapsed().as_secs_f64();
        let (case, runs) = (&self.case, self.case_runs);
        let line =
            format!("{case}: {runs} runs, in {seconds:.1} s with making and removing the input");
        if let Some(bar) = &self.bar {
            bar.println(line);
        } else {
            say!("{line}");
        }
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

fn bar(runs: u64) -> ProgressBar {
    let template = "{bar:24} {pos}/{len} runs, {eta} left  {wide_msg}";
    // A template is checked when it is parsed; this one has not changed since it was seen to work.
    let style = ProgressStyle::with_template(template);
    let bar = ProgressBar::new(runs);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
