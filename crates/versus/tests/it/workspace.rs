//! A made-up workspace with one scenario, `job`, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Far more than anything here takes, on any machine.
const PATIENCE: Duration = Duration::from_mins(1);

const SCENARIO: &str = r#"question = "Which one?"
baseline = "threads"

[input]
command = ["sh", "-c", "echo {case} {seed} > input.txt"]

[[case]]
name = "small"
title = "a small one"

[[case]]
name = "large"
title = "a large one"

[[contestant]]
name = "sequential"
model = "sequential"
command = ["sh", "{root}/sequential.sh", "{workers}"]

[[contestant]]
name = "threads"
model = "threads"
command = ["sh", "{root}/threads.sh", "{workers}"]

[[contestant]]
name = "processes"
model = "processes"
command = ["sh", "{root}/processes.sh", "{workers}"]

[[contestant]]
name = "other"
model = "threads"
reference = true
command = ["sh", "{root}/other.sh", "{workers}"]
"#;

/// Prints a record of this model, and its number of workers from the command line.
pub(crate) fn good(model: &str) -> String {
    format!(
        r#"test -s input.txt || exit 9
echo {model} >> "$(dirname "$0")/runs"
cat <<END
{{"schema":1,"scenario":"job","model":"{model}","workers":$1,"version":"1",
"phases":{{"startup_ns":1,"work_ns":2,"shutdown_ns":3}},
"outcome":{{"items":2,"failed":0,"bytes":5,"checksum":"ab"}},
"spans":[{{"worker":0,"task":0,"kind":"computing","start_ns":1,"end_ns":3,"busy_ns":2}}]}}
END
"#
    )
}

pub(crate) struct Workspace {
    folder: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let workspace = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(workspace.path("crates/job")).unwrap();
        fs::create_dir(workspace.path("tmp")).unwrap();
        workspace.write("Cargo.toml", "[workspace]\nresolver = \"3\"\n");
        workspace.write("crates/job/scenario.toml", SCENARIO);
        for model in ["sequential", "threads", "processes"] {
            workspace.write(&format!("{model}.sh"), &good(model));
        }
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// What is in a folder, in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// How often a contestant was started so far, whatever came of it.
    pub(crate) fn runs(&self) -> usize {
        fs::read_to_string(self.path("runs")).map_or(0, |text| text.lines().count())
    }

    /// `versus` with these arguments, in the folder of the workspace. Its inputs go to `tmp`.
    pub(crate) fn command(&self, args: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_versus"));
        command
            .args(args.split_whitespace())
            .current_dir(self.folder.path())
            .env("TMPDIR", self.path("tmp"))
            .env("CARGO_TARGET_DIR", self.path("target"))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn versus(&self, args: &str) -> Ended {
        Ended::from(self.command(args).output().unwrap())
    }

    /// Starts it without waiting.
    pub(crate) fn start(&self, args: &str) -> Child {
        let mut command = self.command(args);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The header and the runs in the samples file of a folder.
    pub(crate) fn samples(&self, folder: &str) -> Vec<Value> {
        let mut lines = self.lines(folder);
        lines.retain(|line| line["line"] == "header" || line["line"] == "sample");
        lines
    }

    /// The samples file of a folder, line by line.
    pub(crate) fn lines(&self, folder: &str) -> Vec<Value> {
        let text = self.read(&format!("{folder}/samples.jsonl"));
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The folder that a measurement left which did not come to its end.
    pub(crate) fn partial(&self) -> String {
        let names = self.names("results");
        let mut partial = names
            .iter()
            .filter(|name| name.starts_with("latest.partial-"));
        let Some(name) = partial.next() else {
            panic!("no partial results: {names:?}");
        };
        format!("results/{name}")
    }
}

/// What a program left.
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, part: &str) -> &Self {
        assert!(
            self.stderr.contains(part),
            "`{part}` is not in:\n{}",
            self.stderr
        );
        self
    }
}

/// Waits until it is so, and fails if that takes for ever.
#[track_caller]
pub(crate) fn wait_until(what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn signal(name: &str, pid: u32) {
    let status = Command::new("kill")
        .args(["-s", name, &pid.to_string()])
        .status();
    assert!(status.unwrap().success());
}

pub(crate) fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

/// Whether there is such a process, zombies included.
pub(crate) fn lives(pid: &str) -> bool {
    let mut kill = Command::new("kill");
    let status = kill
        .args(["-s", "0", pid.trim()])
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}
