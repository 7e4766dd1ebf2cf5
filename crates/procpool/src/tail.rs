//! What a worker writes: forwarded to our standard error, its last lines kept.

use std::collections::VecDeque;
use std::io::{self, PipeReader, Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::sockets;

/// Lines to keep, and bytes of each: enough for a panic message.
const LINES: usize = 12;
const LINE_BYTES: usize = 400;
/// A line longer than this is forwarded in parts.
const FORWARD: usize = 16 * 1024;

#[derive(Default)]
struct State {
    lines: VecDeque<String>,
    ended: bool,
}

/// The last lines, filled by a thread of its own: a worker must never wait because nobody reads.
#[derive(Clone, Default)]
pub(crate) struct Tail(Arc<(Mutex<State>, Condvar)>);

impl Tail {
    pub(crate) fn follow(pipe: PipeReader) -> io::Result<Tail> {
        let tail = Tail::default();
        let filled = tail.clone();
        thread::Builder::new()
            .name("procpool-stderr".into())
            .spawn(move || filled.fill(pipe))?;
        Ok(tail)
    }

    /// The last lines of a worker that has ended.
    pub(crate) fn finish(&self) -> Vec<String> {
        // What it has written may still be in the pipe; but a process that it has left behind may
        // hold the pipe open for ever.
        let wait = Duration::from_millis(200);
        let (_, changed) = &*self.0;
        let (mut state, _) = changed
            .wait_timeout_while(self.lock(), wait, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.lines.drain(..).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fill(&self, mut pipe: PipeReader) {
        let mut pending = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => pending.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
            // Whole lines, so that those of two workers do not mix.
            let whole = pending
                .iter()
                .rposition(|&b| b == b'\n')
                .map_or(0, |at| at + 1);
            let whole = if pending.len() > FORWARD {
                pending.len()
            } else {
                whole
            };
            self.forward(&pending[..whole]);
            pending.drain(..whole);
        }
        self.forward(&pending);
        drop(pipe); // Before anyone is told: whoever counts descriptors then finds none of ours.
        self.lock().ended = true;
        self.0.1.notify_all();
    }

    fn forward(&self, lines: &[u8]) {
        if lines.is_empty() {
            return;
        }
        if !sockets::closed() {
            // If our own standard error is closed, the lines are still kept.
            let _ = io::stderr().lock().write_all(lines);
        }
        let mut state = self.lock();
        let all = lines
            .strip_suffix(b"\n")
            .unwrap_or(lines)
            .split(|&b| b == b'\n');
        for line in all {
            if state.lines.len() == LINES {
                state.lines.pop_front();
            }
            let kept = &line[..line.len().min(LINE_BYTES)];
            state
                .lines
                .push_back(String::from_utf8_lossy(kept).into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_lines_are_kept_and_none_is_long() {
        let (reader, mut writer) = io::pipe().unwrap();
        let tail = Tail::follow(reader).unwrap();
        for n in 0..LINES + 5 {
            writeln!(writer, "line {n}").unwrap();
        }
        write!(writer, "{}", "x".repeat(LINE_BYTES + 1)).unwrap();
        drop(writer);
        let lines = tail.finish();
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0], "line 6");
        assert_eq!(lines[LINES - 1].len(), LINE_BYTES);
    }
}
