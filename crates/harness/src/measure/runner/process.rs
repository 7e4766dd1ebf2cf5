//! Starting a program and waiting for it, without disturbing it meanwhile.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use super::guard::{self, Guard};
use super::{Fault, Limit, Start};
use crate::sys::{self, Usage};

/// How much of stderr is shown when a program failed.
const LAST_LINES: usize = 10;
const LAST_BYTES: i64 = 4096;

/// A program that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) wall_ns: u64,
    pub(super) usage: Usage,
    /// What it printed, at its beginning; empty where nobody wants it.
    pub(super) stdout: Option<File>,
    pub(super) stderr: File,
}

/// What becomes of stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stdout {
    Kept,
    /// As if redirected to `/dev/null`: writing costs the program nothing.
    Dropped,
}

/// A program that runs.
pub(super) struct Running {
    pub(super) child: Child,
    clock: Instant,
    mark: String,
    stdout: Option<File>,
    stderr: File,
}

/// Starts the program in `folder`.
pub(super) fn start(start: &Start, folder: &Path, stdout: Stdout) -> Result<Running, Fault> {
    // Files, not pipes: nobody has to read while the program runs, and a descendant that outlives it
    // with its stdout open holds nothing up. Nameless, so that nothing can be left behind.
    let (stdout, child_stdout) = match stdout {
        Stdout::Kept => output_file().map(|(file, copy)| (Some(file), copy))?,
        Stdout::Dropped => (None, Stdio::null()),
    };
    let (stderr, child_stderr) = output_file()?;
    let mark = guard::mark();
    let mut command = Command::new(&start.program);
    command
        .args(&start.args)
        .current_dir(folder)
        .env(guard::VARIABLE, &mark)
        .stdin(Stdio::null())
        .stdout(child_stdout)
        .stderr(child_stderr);
    sys::in_group_of_its_own(&mut command);
    let clock = Instant::now();
    let child = command.spawn().map_err(|cause| Fault::Start {
        program: start.program.clone(),
        cause,
    })?;
    Ok(Running {
        child,
        clock,
        mark,
        stdout,
        stderr,
    })
}

/// Runs the program in `folder` and waits for it.
pub(super) fn run(
    program: &Start,
    folder: &Path,
    stdout: Stdout,
    limit: Limit,
) -> Result<Ended, Fault> {
    let guard = Guard::new(limit);
    let mut running = start(program, folder, stdout)?;
    guard.watch(running.child.id(), &running.mark);
    sys::wait_until_ended(&mut running.child).map_err(Fault::Observe)?;
    let wall_ns = running.clock.elapsed().as_nanos() as u64;
    finish(running, &guard, wall_ns)
}

/// Like [`run`]. Meanwhile `look` is called again and again with the program's number; it says how long
/// to wait before the next time.
pub(super) fn run_observed(
    program: &Start,
    folder: &Path,
    stdout: Stdout,
    limit: Limit,
    mut look: impl FnMut(u32) -> std::time::Duration,
) -> Result<Ended, Fault> {
    let guard = Guard::new(limit);
    let mut running = start(program, folder, stdout)?;
    guard.watch(running.child.id(), &running.mark);
    while !sys::has_ended(&mut running.child).map_err(Fault::Observe)? {
        let pause = look(running.child.id());
        std::thread::sleep(pause);
    }
    let wall_ns = running.clock.elapsed().as_nanos() as u64;
    finish(running, &guard, wall_ns)
}

/// Takes the program's end, and makes sure that nothing of it is left.
fn finish(running: Running, guard: &Guard, wall_ns: u64) -> Result<Ended, Fault> {
    let pid = running.child.id();
    // Before the number can become somebody else's.
    let killed = guard.release();
    let (status, usage) = sys::wait_with_usage(running.child).map_err(Fault::Observe)?;
    if let Some(hung) = killed.filter(|_| !status.success()) {
        return Err(hung);
    }
    let rest = guard.rest(pid, &running.mark)?;
    Ok(Ended {
        status,
        // Its work is done when the last of it has ended, whoever waits for that.
        wall_ns: if rest.lasted {
            running.clock.elapsed().as_nanos() as u64
        } else {
            wall_ns
        },
        usage: rest.usage.map_or(usage, |orphans| usage.and(orphans)),
        stdout: running.stdout.map(rewound).transpose()?,
        stderr: running.stderr,
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
pub(super) fn last_lines(stderr: File) -> String {
    match end_of(stderr) {
        Err(error) => format!(" (its stderr cannot be read: {error})"),
        Ok(lines) => lines[lines.len().saturating_sub(LAST_LINES)..]
            .iter()
            .fold(String::new(), |shown, line| shown + "\n  | " + line),
    }
}

/// The last line of what a program wrote on stderr, if it wrote any.
pub(super) fn last_line(stderr: File) -> Option<String> {
    let lines = end_of(stderr).unwrap_or_default();
    lines.last().map(|line| line.trim().to_owned())
}

/// The lines at the end of a file that are not empty.
fn end_of(mut file: File) -> io::Result<Vec<String>> {
    let mut bytes = Vec::new();
    let from = file.metadata().map_or(0, |data| data.len()).cast_signed() - LAST_BYTES;
    file.seek(SeekFrom::Start(from.max(0).cast_unsigned()))?;
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(harmless).collect())
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
        run(&start, Path::new("/"), Stdout::Kept, Limit::default())
    }

    #[test]
    fn output_status_and_usage_are_kept() {
        let ended = shell("pwd; echo oops >&2; exit 3").unwrap();
        assert_eq!(ended.status.code(), Some(3));
        assert_eq!(io::read_to_string(ended.stdout.unwrap()).unwrap(), "/\n");
        assert_eq!(last_lines(ended.stderr), "\n  | oops");
        assert!(ended.wall_ns > 0);
    }

    #[test]
    fn what_is_left_in_the_background_is_named_and_killed() {
        // One stays in the group, the other one leaves it, its parent and its output.
        for script in [
            "sleep 600 & echo $! >&2",
            "(setsid sleep 600 >/dev/null 2>&1 &)",
        ] {
            if script.contains("setsid") && Command::new("setsid").arg("true").status().is_err() {
                eprintln!("skipped: no setsid");
                continue;
            }
            let fault = shell(script).unwrap_err();
            let Fault::Background { left } = &fault else {
                panic!("{fault}");
            };
            let (name, pid) = left.split_once(" (process ").unwrap();
            assert_eq!(name, "`sleep`");
            let pid: u32 = pid.trim_end_matches(')').parse().unwrap();
            assert!(sys::processes::tree(pid).is_empty(), "{script}");
        }
    }

    #[test]
    fn a_program_that_hangs_is_killed_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let start = Start {
            program: "sh".into(),
            args: vec![
                "-c".into(),
                "sleep 600 & echo $! > pid; sh -c 'sleep 600; true'; true".into(),
            ],
        };
        let limit = Limit(std::time::Duration::from_millis(300));
        let fault = run(&start, folder.path(), Stdout::Kept, limit).unwrap_err();
        let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
        assert!(matches!(fault, Fault::Hung { killed: 4, .. }), "{fault}");
        assert!(sys::processes::tree(pid.trim().parse().unwrap()).is_empty());
    }

    #[test]
    fn a_missing_program_is_named() {
        let start = Start {
            program: "/no/such/program".into(),
            args: Vec::new(),
        };
        let error = run(&start, Path::new("/"), Stdout::Kept, Limit::default());
        let error = error.unwrap_err().to_string();
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
