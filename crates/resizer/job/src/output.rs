//! Standard output.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use harness::contestant::Progress;

/// As much is collected before it is written.
const FULL: usize = 64 * 1024;
/// Who waits sees results after this long, even if there are few of them; and so much is lost of the lines of
/// a program that crashes.
const PATIENCE: Duration = Duration::from_millis(50);

/// Collects lines and writes them in pieces: each time, the progress bar must step aside, which is slow.
#[derive(Debug)]
pub(crate) struct Output {
    /// None if nothing is to be written.
    stdout: Option<io::Stdout>,
    lines: Vec<u8>,
    written: Instant,
}

impl Output {
    /// Lines go to stdout, or nowhere.
    pub(crate) fn new(printed: bool) -> Self {
        let stdout = io::stdout();
        Self {
            stdout: printed.then_some(stdout),
            lines: Vec::new(),
            written: Instant::now(),
        }
    }

    /// Where to append the next line.
    pub(crate) fn line(&mut self) -> &mut Vec<u8> {
        &mut self.lines
    }

    /// Writes what has collected, if it is much or somebody waits for it.
    pub(crate) fn flush_now_and_then(&mut self, progress: &Progress) -> io::Result<()> {
        if self.lines.len() >= FULL || self.written.elapsed() >= PATIENCE {
            progress.suspend(|| self.flush())?;
            self.written = Instant::now();
        }
        Ok(())
    }

    /// Writes what has collected.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if let Some(stdout) = &mut self.stdout {
            stdout.write_all(&self.lines)?;
            stdout.flush()?;
        }
        self.lines.clear();
        Ok(())
    }
}
