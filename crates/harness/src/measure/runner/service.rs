//! A program that the contestants of a case talk to, and that is none of them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::process::last_lines;
use super::{Fault, Start};
use crate::sys;

/// How long it may take until it says where it listens.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long it may take to end once its stdin has.
const GRACE: Duration = Duration::from_secs(2);

/// A program that runs beside all contestants of a case: a server that they download from, for instance. Its
/// time is nobody's, so it is started before the first run and ended after the last.
///
/// It says that it is ready by its first line on stdout. When its stdin ends it has to end: that is so even if
/// this program is killed.
#[derive(Debug)]
pub struct Service {
    process: Child,
    address: String,
}

impl Service {
    /// Starts the program in `folder` and waits until it is ready.
    ///
    /// # Errors
    /// If it cannot be started, ends, or does not say that it is ready.
    pub fn start(start: &Start, folder: &Path) -> Result<Self, Fault> {
        let stderr = tempfile::tempfile().map_err(Fault::Observe)?;
        let mut command = Command::new(&start.program);
        command
            .args(&start.args)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr.try_clone().map_err(Fault::Observe)?);
        // As contestants are: Ctrl-C in a terminal must not end it under the run that is under way.
        sys::in_group_of_its_own(&mut command);
        let mut process = command.spawn().map_err(|cause| Fault::Start {
            program: start.program.clone(),
            cause,
        })?;
        match first_line(process.stdout.take(), READY_WITHIN) {
            Ok(line) => Ok(Self {
                address: address(&line).to_owned(),
                process,
            }),
            Err(what) => Err(not_ready(&mut process, what, stderr)),
        }
    }

    /// What `{service}` stands for: where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn not_ready(process: &mut Child, what: &str, stderr: File) -> Fault {
    end(process);
    Fault::NotReady {
        what: what.to_owned(),
        stderr: last_lines(stderr),
    }
}

/// Asks it to end, by the end of its stdin, and kills it if it does not.
fn end(process: &mut Child) {
    drop(process.stdin.take());
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        match process.try_wait() {
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Ok(Some(_)) | Err(_) => return,
        }
    }
    // Both fail only if it has ended by now.
    let _ = process.kill();
    let _ = process.wait();
}

/// Its first line. A thread reads, as reading knows no time limit, and then reads on: a program whose output
/// nobody takes would stop at some point.
fn first_line(stdout: Option<ChildStdout>, within: Duration) -> Result<String, &'static str> {
    let (say, hear) = mpsc::channel();
    thread::spawn(move || {
        let lines = stdout
            .map(BufReader::new)
            .into_iter()
            .flat_map(BufRead::lines);
        for line in lines.map_while(Result::ok) {
            // Only the first one is waited for.
            let _ = say.send(line);
        }
    });
    hear.recv_timeout(within).map_err(|error| match error {
        RecvTimeoutError::Timeout => "did not say within 30s that it is ready",
        RecvTimeoutError::Disconnected => "ended before it said that it is ready",
    })
}

/// The first URL in the line, or else all of it.
fn address(line: &str) -> &str {
    let line = line.trim();
    let mut words = line.split_whitespace();
    words.find(|word| word.contains("://")).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Service, Fault> {
        let start = Start {
            program: "sh".into(),
            args: vec!["-c".into(), script.into()],
        };
        Service::start(&start, Path::new("/"))
    }

    #[test]
    fn it_is_there_until_it_is_dropped_and_ends_with_its_stdin() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().display();
        let script = format!("echo listening on http://a:1 and more; cat; echo ended > {path}");
        let service = shell(&script).unwrap();
        assert_eq!(service.address(), "http://a:1");
        let said = || std::fs::read_to_string(file.path()).unwrap();
        assert_eq!(said(), "");
        drop(service);
        assert_eq!(said(), "ended\n");
    }

    #[test]
    fn it_is_killed_if_it_does_not_end() {
        let service = shell("echo ready; exec sleep 600").unwrap();
        let pid = service.process.id();
        assert_eq!(service.address(), "ready");
        drop(service);
        assert!(sys::processes::tree(pid).is_empty());
    }

    #[test]
    fn one_that_ends_at_once_is_told_with_its_last_lines() {
        let fault = shell("echo oops >&2").unwrap_err().to_string();
        assert_eq!(fault, "ended before it said that it is ready\n  | oops");
    }
}
