//! Starts the site as a program of its own, and ends it.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// What the program gets to say where it listens: making a text and a certificate takes milliseconds.
const READY_WITHIN: Duration = Duration::from_secs(20);

/// A site that runs as long as this value lives. If this process is killed, the site ends as well: the end
/// of its stdin is its lifeline.
#[derive(Debug)]
pub struct Site {
    process: Child,
    url: String,
    secure: Option<(String, PathBuf)>,
}

/// Why the site did not start.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The program is not there or cannot be run.
    #[error("cannot start {program}: {cause}", program = .program.display())]
    Start {
        /// What was to be started.
        program: PathBuf,
        /// Why it was not.
        cause: io::Error,
    },
    /// It ended without a line on stdout; what it said about that stands on stderr.
    #[error("{program} ended before it listened: {status}", program = .program.display())]
    Ended {
        /// What was started.
        program: PathBuf,
        /// How it ended.
        status: String,
    },
    /// It said nothing, for too long.
    #[error("{program} did not listen within {within:?}", program = .program.display())]
    Late {
        /// What was started.
        program: PathBuf,
        /// What it was given.
        within: Duration,
    },
    /// It is another program, as it seems.
    #[error("{program} does not say where it listens: {line:?}", program = .program.display())]
    Odd {
        /// What was started.
        program: PathBuf,
        /// Its first line.
        line: String,
    },
}

impl Site {
    /// Starts `program` (`downloader-site`) with `options` from its command line, and waits until it listens.
    ///
    /// # Errors
    /// If it cannot be started, or does not say in time that it listens. It is gone then.
    pub fn start<A: AsRef<OsStr>>(
        program: impl AsRef<Path>,
        options: impl IntoIterator<Item = A>,
    ) -> Result<Self, SiteError> {
        Self::start_within(program.as_ref(), options, READY_WITHIN)
    }

    fn start_within<A: AsRef<OsStr>>(
        program: &Path,
        options: impl IntoIterator<Item = A>,
        within: Duration,
    ) -> Result<Self, SiteError> {
        let mut process = Command::new(program)
            .arg("--until-stdin-closes")
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Its table of paths is for people who started it themselves.
            .arg("--quiet")
            .spawn()
            .map_err(|cause| SiteError::Start {
                program: program.to_owned(),
                cause,
            })?;
        let ready = first_line(&mut process, program, within).and_then(|line| {
            addresses(&line).ok_or(SiteError::Odd {
                program: program.to_owned(),
                line,
            })
        });
        match ready {
            Ok((url, secure)) => Ok(Self {
                process,
                url,
                secure,
            }),
            Err(error) => {
                end(&mut process);
                Err(error)
            }
        }
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `https://127.0.0.1:PORT`, if it was started with `--tls`.
    pub fn secure_url(&self) -> Option<&str> {
        self.secure.as_ref().map(|(url, _)| url.as_str())
    }

    /// The certificate of its authority as PEM, if it was started with `--tls`.
    pub fn ca_file(&self) -> Option<&Path> {
        self.secure.as_ref().map(|(_, file)| file.as_path())
    }

    /// Its process, for those who account for what it takes.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// Cuts the lifeline and waits a little, so that the site can clear up; then kills what is still there.
fn end(process: &mut Child) -> Option<ExitStatus> {
    drop(process.stdin.take());
    for _ in 0..200 {
        match process.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Ok(ended) => return ended,
            // Not ours to wait for any more.
            Err(_) => return None,
        }
    }
    // Both fail only if it has ended meanwhile.
    let _ = process.kill();
    process.wait().ok()
}

fn first_line(process: &mut Child, program: &Path, within: Duration) -> Result<String, SiteError> {
    let stdout = process.stdout.take();
    let (sender, receiver) = mpsc::channel();
    // A read from a pipe has no time limit, so a thread does it; it ends with the program.
    std::thread::spawn(move || sender.send(read_line(stdout)));
    match receiver.recv_timeout(within) {
        Ok(Ok(line)) if !line.is_empty() => Ok(line.trim_end().to_owned()),
        Ok(_) => Err(SiteError::Ended {
            program: program.to_owned(),
            status: end(process).map_or_else(|| "unknown".to_owned(), |status| status.to_string()),
        }),
        Err(_) => Err(SiteError::Late {
            program: program.to_owned(),
            within,
        }),
    }
}

fn read_line(stdout: Option<ChildStdout>) -> io::Result<String> {
    let mut line = String::new();
    if let Some(stdout) = stdout {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    Ok(line)
}

/// Takes `listening on URL[ and URL, authority in FILE]` apart.
fn addresses(line: &str) -> Option<(String, Option<(String, PathBuf)>)> {
    let rest = line.strip_prefix("listening on ")?;
    let Some((url, rest)) = rest.split_once(" and ") else {
        return Some((rest.to_owned(), None));
    };
    let (secure_url, file) = rest.split_once(", authority in ")?;
    Some((url.to_owned(), Some((secure_url.to_owned(), file.into()))))
}
