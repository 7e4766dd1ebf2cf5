//! What a worker writes, forwarded to our standard error, its last lines kept; and when it ends.

use std::collections::VecDeque;
use std::io::{self, PipeReader, Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::sockets;
use crate::sys::{ExitWatch, Heard};

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
    /// Reads in a thread of its own until nobody holds the pipe, and calls `ended` when the process
    /// has ended, which may be before that: what it has left behind may hold the pipe.
    pub(crate) fn follow(
        &self,
        pipe: PipeReader,
        pid: u32,
        ended: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let tail = self.clone();
        // Without a watch, the end of the pipe is taken for the end of the process.
        let exit = ExitWatch::new(pid);
        thread::Builder::new()
            .name("procpool-stderr".into())
            .spawn(move || tail.fill(pipe, exit, ended))?;
        Ok(())
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

    fn fill(&self, mut pipe: PipeReader, mut exit: Option<ExitWatch>, ended: impl FnOnce()) {
        let mut ended = Some(ended);
        let mut pending = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match ExitWatch::next(&pipe, exit.as_ref()) {
                Heard::Exit => {
                    exit = None;
                    if let Some(ended) = ended.take() {
                        ended();
                    }
                    continue;
                }
                Heard::Output => {}
            }
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => pending.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
            self.forward_lines(&mut pending);
        }
        self.forward(&pending);
        drop(pipe);
        // Nobody can write any more; but the worker may have closed its end and live on.
        exit.as_ref().inspect(|exit| exit.wait());
        drop(exit); // Before anyone is told: whoever counts descriptors finds none of ours.
        if let Some(ended) = ended {
            ended();
        }
        self.lock().ended = true;
        self.0.1.notify_all();
    }

    /// Whole lines, so that those of two workers do not mix.
    fn forward_lines(&self, pending: &mut Vec<u8>) {
        let end = pending.iter().rposition(|&b| b == b'\n');
        let whole = if pending.len() > FORWARD {
            pending.len()
        } else {
            end.map_or(0, |at| at + 1)
        };
        self.forward(&pending[..whole]);
        pending.drain(..whole);
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
        let tail = Tail::default();
        tail.follow(reader, std::process::id(), || ()).unwrap();
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
