//! Standard output, and the checksum over everything that went there.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use harness::contestant::Progress;
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

/// As much is collected before it is written.
const FULL: usize = 64 * 1024;
/// A person who watches sees results after this long, even if there are few of them.
const PATIENCE: Duration = Duration::from_millis(50);

/// Collects lines and writes them in pieces: to a file or a pipe when there are many, to a terminal
/// when some time has passed (each time, the progress bar must step aside, which is slow).
#[derive(Debug)]
pub(crate) struct Output {
    stdout: Option<io::Stdout>,
    lines: Vec<u8>,
    written: Instant,
    watched: bool,
    checksum: Sha256,
}

impl Output {
    /// Lines go to stdout.
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        Self {
            watched: stdout.is_terminal(),
            stdout: Some(stdout),
            ..Self::discarded()
        }
    }

    /// Lines go nowhere, but into the checksum.
    pub(crate) fn discarded() -> Self {
        Self {
            stdout: None,
            lines: Vec::new(),
            written: Instant::now(),
            watched: false,
            checksum: Sha256::new(),
        }
    }

    /// Where to append the next line.
    pub(crate) fn line(&mut self) -> &mut Vec<u8> {
        &mut self.lines
    }

    /// Writes what has collected, if it is much or somebody waits for it.
    pub(crate) fn flush_now_and_then(&mut self, progress: &Progress) -> io::Result<()> {
        if self.lines.len() >= FULL || (self.watched && self.written.elapsed() >= PATIENCE) {
            progress.suspend(|| self.flush())?;
            self.written = Instant::now();
        }
        Ok(())
    }

    /// Writes the rest; the checksum in hexadecimal.
    pub(crate) fn finish(mut self) -> io::Result<String> {
        self.flush()?;
        Ok(Digest(self.checksum.finalize().into()).to_string())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.checksum.update(&self.lines);
        if let Some(stdout) = &mut self.stdout {
            stdout.write_all(&self.lines)?;
            stdout.flush()?;
        }
        self.lines.clear();
        Ok(())
    }
}
