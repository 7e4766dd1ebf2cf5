//! Starting a program and waiting for it, without disturbing it meanwhile.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use super::{Fault, Start};
use crate::record::CpuTime;
use crate::sys;

/// How much of stderr is shown when a program failed.
const LAST_LINES: usize = 10;
const LAST_BYTES: i64 = 4096;

/// A program that has ended.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) wall_ns: u64,
    pub(super) cpu: Option<CpuTime>,
    /// What it printed, at its beginning.
    pub(super) stdout: File,
    pub(super) stderr: File,
}

/// Runs the program in `folder` and waits for it.
pub(super) fn run(start: &Start, folder: &Path) -> Result<Ended, Fault> {
    // Files, not pipes: nobody has to read while the program runs, and a descendant that outlives it
    // with its stdout open holds nothing up. Nameless, so that nothing can be left behind.
    let (stdout, child_stdout) = output_file()?;
    let (stderr, child_stderr) = output_file()?;
    let mut command = Command::new(&start.program);
    command
        .args(&start.args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(child_stdout)
        .stderr(child_stderr);

    let clock = Instant::now();
    let child = command.spawn().map_err(|cause| Fault::Start {
        program: start.program.clone(),
        cause,
    })?;
    let (status, cpu) = sys::wait_with_usage(child).map_err(Fault::Observe)?;
    let wall_ns = clock.elapsed().as_nanos() as u64;

    Ok(Ended {
        status,
        wall_ns,
        cpu,
        stdout: rewound(stdout)?,
        stderr,
    })
}

/// A temporary file, once for us and once for the program.
fn output_file() -> Result<(File, Stdio), Fault> {
    let file = tempfile::tempfile().map_err(Fault::Observe)?;
    let copy = file.try_clone().map_err(Fault::Observe)?;
    Ok((file, copy.into()))
}

fn rewound(mut file: File) -> Result<File, Fault> {
    // The place in the file is shared with the program, which left it at the end.
    file.rewind().map_err(Fault::Observe)?;
    Ok(file)
}

/// The last lines of what a program wrote on stderr, indented and each after a line break.
pub(super) fn last_lines(mut stderr: File) -> String {
    let mut bytes = Vec::new();
    let from = stderr.metadata().map_or(0, |data| data.len()).cast_signed() - LAST_BYTES;
    let read = stderr
        .seek(SeekFrom::Start(from.max(0).cast_unsigned()))
        .and_then(|_| stderr.read_to_end(&mut bytes));
    if let Err(error) = read {
        return format!(" (its stderr cannot be read: {error})");
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    last.iter().fold(String::new(), |shown, line| {
        shown + "\n  | " + &harmless(line)
    })
}

/// Without control characters, which could do anything to a terminal.
pub(super) fn harmless(text: &str) -> String {
    let shown = |c: char| {
        if c.is_control() && c != '\t' {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().map(shown).collect()
}

/// Whether this is the end of a program that the user interrupted.
pub(super) fn interrupted(status: ExitStatus) -> bool {
    const BY_CONVENTION: i32 = 130;
    status.code() == Some(BY_CONVENTION) || signal(status).is_some_and(is_request_to_end)
}

/// SIGHUP, SIGINT or SIGTERM, which have these numbers on every Unix.
fn is_request_to_end(signal: i32) -> bool {
    matches!(signal, 1 | 2 | 15)
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn shell(script: &str) -> Result<Ended, Fault> {
        let start = Start {
            program: "sh".into(),
            args: vec!["-c".into(), script.into()],
        };
        run(&start, Path::new("/"))
    }

    #[test]
    fn output_status_and_usage_are_kept() {
        let ended = shell("pwd; echo oops >&2; exit 3").unwrap();
        assert_eq!(ended.status.code(), Some(3));
        assert_eq!(io::read_to_string(ended.stdout).unwrap(), "/\n");
        assert_eq!(last_lines(ended.stderr), "\n  | oops");
        assert!(ended.wall_ns > 0);
    }

    #[test]
    fn a_descendant_that_keeps_stdout_open_holds_nothing_up() {
        let ended = shell("sleep 600 & echo $!").unwrap();
        let pid = io::read_to_string(ended.stdout).unwrap();
        // Still there, so it was not waited for.
        assert!(
            Command::new("kill")
                .arg(pid.trim())
                .status()
                .unwrap()
                .success()
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let start = Start {
            program: "/no/such/program".into(),
            args: Vec::new(),
        };
        let error = run(&start, Path::new("/")).err().unwrap().to_string();
        assert!(
            error.starts_with("cannot be started: /no/such/program: "),
            "{error}"
        );
    }

    #[test]
    fn only_the_last_lines_of_stderr_are_shown_and_they_are_harmless() {
        let ended = shell(
            "i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; \
                           printf '\\033[2J\\n' >&2",
        )
        .unwrap();
        let shown = last_lines(ended.stderr);
        assert_eq!(shown.lines().count(), LAST_LINES + 1);
        assert!(shown.starts_with("\n  | line 1991\n"), "{shown}");
        assert!(shown.ends_with("\u{fffd}[2J"), "{shown}");
    }

    /// Made-up ends: a real SIGINT does nothing where the tests themselves run in the background of a
    /// script, because such programs inherit that it is ignored.
    #[cfg(unix)]
    #[test]
    fn the_end_by_ctrl_c_is_known() {
        use std::os::unix::process::ExitStatusExt;

        let exit = |code: i32| interrupted(ExitStatus::from_raw(code << 8));
        let signal = |number: i32| interrupted(ExitStatus::from_raw(number));
        assert!(exit(130) && signal(1) && signal(2) && signal(15));
        assert!(!exit(0) && !exit(1) && !signal(9) && !signal(11));
    }
}
