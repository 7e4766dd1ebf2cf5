//! The Python interpreter that `{python}` stands for.
//!
//! What `python3` names is often no interpreter but a script that chooses one (of pyenv, say), whose own time would be
//! counted as Python's. So a candidate is asked what it really is, and that is what is started.

use std::cmp::Reverse;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest that the reference programs run with.
const OLDEST: (u32, u32) = (3, 8);

/// What a candidate is asked: the program that it really is, its version, and whether it has a lock over all threads.
const QUESTION: &str = "\
import sys, sysconfig
on = getattr(sys, '_is_gil_enabled', lambda: not sysconfig.get_config_var('Py_GIL_DISABLED'))()
print(sys.executable, '%d.%d.%d' % sys.version_info[:3], 'GIL on' if on else 'GIL off', sep='\\n')";

/// An interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Python {
    /// Its program.
    pub(crate) program: PathBuf,
    /// Its version: `3.11.7`.
    pub(crate) version: String,
    /// `GIL on` or `GIL off`.
    pub(crate) lock: String,
}

impl Python {
    /// `3.11`: what `--python` can be told on any machine.
    pub(crate) fn short_version(&self) -> &str {
        self.version
            .rsplit_once('.')
            .map_or(&self.version, |(short, _)| short)
    }
}

/// The interpreter that was asked for, which is a program or a version, or else the first that is new enough: of
/// `python3` and `python` in `PATH`, then those of pyenv, the newest first.
///
/// # Errors
///
/// Why there is none.
pub(crate) fn find(asked: Option<&str>) -> Result<Python, String> {
    let candidates = asked.map_or_else(usual, named);
    let mut refused = Vec::new();
    for candidate in &candidates {
        match ask(candidate) {
            Ok(python) => return Ok(python),
            Err(why) => refused.push(format!("{} {why}", candidate.display())),
        }
    }
    let (major, minor) = OLDEST;
    let wanted = match asked {
        Some(asked) => format!("no Python `{asked}`"),
        None => format!("no Python {major}.{minor} or newer"),
    };
    Err(match refused.as_slice() {
        [] => format!("{wanted}: name a program or a version by --python"),
        refused => format!("{wanted}: {}", refused.join("; ")),
    })
}

fn usual() -> Vec<PathBuf> {
    let in_path = ["python3", "python"].map(PathBuf::from);
    in_path.into_iter().chain(of_pyenv("")).collect()
}

/// `3.13` is `python3.13` in `PATH`, or the newest 3.13 of pyenv; anything else is a program.
fn named(asked: &str) -> Vec<PathBuf> {
    let is_version = asked.starts_with(|first: char| first.is_ascii_digit());
    if !is_version {
        return vec![asked.into()];
    }
    let in_path = PathBuf::from(format!("python{asked}"));
    [in_path].into_iter().chain(of_pyenv(asked)).collect()
}

/// Those of pyenv whose version begins so, the newest first.
fn of_pyenv(version: &str) -> Vec<PathBuf> {
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".pyenv"));
    let Some(root) = env::var_os("PYENV_ROOT").map(PathBuf::from).or_else(home) else {
        return Vec::new();
    };
    let folders = fs::read_dir(root.join("versions"));
    let mut found: Vec<(Vec<u32>, PathBuf)> = folders
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|folder| Some((numbers(&folder.file_name())?, folder.path())))
        .filter(|(own, _)| own.starts_with(&numbers(OsStr::new(version)).unwrap_or_default()))
        .collect();
    found.sort_by_key(|(own, _)| Reverse(own.clone()));
    let program = |(_, folder): (_, PathBuf)| folder.join("bin").join("python3");
    found.into_iter().map(program).collect()
}

/// `3.13.0` as numbers; nothing if it is anything else, like `miniconda3-4.7`.
fn numbers(version: &OsStr) -> Option<Vec<u32>> {
    let parts = version.to_str()?.split('.');
    parts.map(|part| part.parse().ok()).collect()
}

/// The error goes on after the name of the candidate.
fn ask(candidate: &Path) -> Result<Python, String> {
    let mut command = Command::new(candidate);
    // Isolated, so that nothing is imported which lies in this folder.
    command.args(["-I", "-c", QUESTION]).stdin(Stdio::null());
    let answer = command.output().map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => "is not there".to_owned(),
        _ => format!("cannot be started: {cause}"),
    })?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let lines: Vec<&str> = text.lines().collect();
    let [program, version, lock] = lines[..] else {
        return Err("does not answer as a Python does".to_owned());
    };
    let found = numbers(OsStr::new(version)).unwrap_or_default();
    if found < vec![OLDEST.0, OLDEST.1] {
        return Err(format!("is {version}, too old"));
    }
    Ok(Python {
        program: program.into(),
        version: version.to_owned(),
        lock: lock.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_pyenv_are_numbers_and_nothing_else() {
        assert_eq!(numbers(OsStr::new("3.13.0")), Some(vec![3, 13, 0]));
        assert_eq!(numbers(OsStr::new("miniconda3-4.7")), None);
        assert!(numbers(OsStr::new("3.9.18")) < numbers(OsStr::new("3.13.0")));
    }

    #[test]
    fn a_version_is_looked_for_in_path_first_and_a_program_is_taken_as_it_is() {
        assert_eq!(named("3.13")[0], Path::new("python3.13"));
        assert_eq!(named("./my/python"), [Path::new("./my/python")]);
    }

    #[test]
    fn what_is_no_python_is_refused_by_name() {
        let error = find(Some("no-such-python")).unwrap_err();
        assert_eq!(
            error,
            "no Python `no-such-python`: no-such-python is not there"
        );
        if cfg!(unix) {
            let error = find(Some("true")).unwrap_err();
            assert!(
                error.ends_with("true does not answer as a Python does"),
                "{error}"
            );
        }
    }
}
