//! Programs that are not of the workspace: they run when asked for, and where they can.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::workspace::{Ended, Workspace, good, signal, wait_until};

const RUN: &str = "run --blocks 2 --cases small --references";

/// Reference `other` runs by the interpreter, and nothing else of the scenario changes.
fn with_python() -> Workspace {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let by_python = scenario.replace(
        r#"command = ["sh", "{root}/other.sh""#,
        r#"command = ["{python}", "{root}/other.sh""#,
    );
    assert_ne!(by_python, scenario);
    workspace.write("crates/job/scenario.toml", &by_python);
    workspace.write("other.sh", &workspace.read("threads.sh"));
    workspace
}

fn program(workspace: &Workspace, name: &str, script: &str) {
    workspace.write(name, &format!("#!/bin/sh\n{script}\n"));
    let path = workspace.path(name);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Answers what it is asked with the name of another program, as a script does that chooses an interpreter.
fn chooser(workspace: &Workspace, version: &str) -> String {
    let real = workspace.path("real");
    let (program_name, real) = ("chooser", real.display());
    let script = format!("echo chooser >> \"$0.log\"\nprintf '%s\\n' '{real}' {version} 'GIL off'");
    program(workspace, program_name, &script);
    program(workspace, "real", "echo real >> \"$0.log\"\nexec sh \"$@\"");
    workspace.path(program_name).display().to_string()
}

fn not_run(workspace: &Workspace) -> Vec<(String, String)> {
    let lines = workspace.lines("results/latest");
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    lines
        .iter()
        .filter(|line| line["line"] == "not-run")
        .map(|line| (text(line, "contestant"), text(line, "reason")))
        .collect()
}

fn runs_of_other(workspace: &Workspace) -> usize {
    let samples = workspace.samples("results/latest");
    let is_other = |sample: &&Value| sample["contestant"] == "other";
    samples.iter().filter(is_other).count()
}

#[test]
fn what_is_missing_is_not_run_and_the_results_say_why() {
    let workspace = Workspace::new();
    let ended = workspace.versus(RUN).expect(0);
    ended.says("not run      other: there is no other.sh");
    let expected = [("other".to_owned(), "there is no other.sh".to_owned())];
    assert_eq!(not_run(&workspace), expected);
    let tables = workspace.read("results/latest/tables.md");
    assert!(
        tables.contains("other: not run: there is no other.sh"),
        "{tables}"
    );
    assert!(tables.contains("| other (2) |  | not run |"), "{tables}");
    // Nobody waits for its runs.
    assert!(!tables.contains("hold every contestant"), "{tables}");
    let csv = workspace.read("results/latest/tables.csv");
    assert!(
        csv.contains(",not-run,other: not run: there is no other.sh"),
        "{csv}"
    );
    workspace.write("other.sh", &workspace.read("threads.sh"));
    workspace.versus(RUN).expect(0);
    assert_eq!(not_run(&workspace), []);
    assert_eq!(runs_of_other(&workspace), 3);
}

#[test]
fn whoever_cannot_do_its_job_here_says_so_by_its_status() {
    let workspace = Workspace::new();
    let told = "echo starting >&2; echo 'no Pillow here' >&2; exit 77";
    workspace.write("other.sh", &format!("echo once >> \"$0.log\"; {told}"));
    let ended = workspace.versus(RUN).expect(0);
    ended.says("job small: other is not run: no Pillow here");
    let expected = [("other".to_owned(), "no Pillow here".to_owned())];
    assert_eq!(not_run(&workspace), expected);
    assert_eq!(runs_of_other(&workspace), 0);
    // It is not asked again, neither in other blocks nor for its memory.
    assert_eq!(workspace.read("other.sh.log"), "once\n");
    let tables = workspace.read("results/latest/tables.md");
    assert!(
        tables.contains("other: not run: no Pillow here"),
        "{tables}"
    );
}

/// A measurement that Ctrl-C has ended, and that was gone on with.
fn gone_on_with(workspace: &Workspace) {
    let slow = format!("sleep 0.05\n{}", good("processes"));
    workspace.write("processes.sh", &slow);
    let child = workspace.start("run --blocks 8 --cases small --references");
    wait_until("some runs", || workspace.runs() > 10);
    signal("INT", child.id());
    Ended::from(child.wait_with_output().unwrap()).expect(130);
    let partial = workspace.partial();
    workspace
        .versus(&format!("run --resume {partial}"))
        .expect(0);
}

#[test]
fn who_was_not_run_is_not_asked_again_when_a_measurement_is_gone_on_with() {
    let workspace = Workspace::new();
    workspace.write(
        "other.sh",
        "echo once >> \"$0.log\"; echo 'not here' >&2; exit 77",
    );
    gone_on_with(&workspace);
    assert_eq!(
        not_run(&workspace),
        [("other".to_owned(), "not here".to_owned())]
    );
    assert_eq!(workspace.read("other.sh.log"), "once\n");
}

#[test]
fn what_is_missing_is_said_once_when_a_measurement_is_gone_on_with() {
    let workspace = Workspace::new();
    gone_on_with(&workspace);
    assert_eq!(
        not_run(&workspace),
        [("other".to_owned(), "there is no other.sh".to_owned())]
    );
}

#[test]
fn that_status_is_a_failure_of_those_who_had_run_and_of_our_own() {
    let workspace = Workspace::new();
    let good = workspace.read("threads.sh");
    let later = "echo once >> \"$0.log\"; test $(wc -l < \"$0.log\") -lt 2 || exit 77";
    workspace.write("other.sh", &format!("{later}\n{good}"));
    let ended = workspace.versus(RUN).expect(1);
    ended.says("`other` says that it cannot do this here");
    workspace.write("processes.sh", "echo 'I will not' >&2; exit 77");
    let ended = workspace.versus("run --blocks 2 --cases small").expect(1);
    ended
        .says("contestant `processes` ended with exit status: 77")
        .says("I will not");
}

#[test]
fn the_interpreter_is_started_and_not_what_chose_it() {
    let workspace = with_python();
    let python = chooser(&workspace, "3.14.0");
    let ended = workspace
        .versus(&format!("{RUN} --python {python}"))
        .expect(0);
    ended.says("{python} is 3.14.0, GIL off");
    assert_eq!(workspace.read("chooser.log"), "chooser\n");
    // A warm-up, two blocks, and a look at its memory.
    assert_eq!(workspace.read("real.log"), "real\n".repeat(4));
    assert_eq!(runs_of_other(&workspace), 3);
    let header = &workspace.lines("results/latest")[0];
    let command = header["command"].as_str().unwrap();
    assert!(command.ends_with("--references --python 3.14"), "{command}");
}

#[test]
fn an_interpreter_that_is_asked_for_and_of_no_use_is_a_wrong_command_line() {
    let workspace = with_python();
    let python = chooser(&workspace, "3.7.1");
    let ended = workspace
        .versus(&format!("{RUN} --python {python}"))
        .expect(2);
    ended.says("chooser is 3.7.1, too old");
    let ended = workspace
        .versus(&format!("{RUN} --python no-such-python"))
        .expect(2);
    ended.says("no Python `no-such-python`: no-such-python is not there");
    workspace
        .versus("run --python 3.13")
        .expect(2)
        .says("--references");
}

#[test]
fn without_any_interpreter_its_programs_are_not_run() {
    let workspace = with_python();
    // Only what the test itself needs is to be found.
    fs::create_dir(workspace.path("bin")).unwrap();
    for name in ["sh", "cat", "dirname", "test", "cargo", "sync"] {
        let found = ["/bin", "/usr/bin"].map(|folder| format!("{folder}/{name}"));
        let Some(real) = found.iter().find(|path| fs::exists(path).unwrap()) else {
            continue;
        };
        std::os::unix::fs::symlink(real, workspace.path("bin").join(name)).unwrap();
    }
    let mut command = workspace.command(RUN);
    command.env("PATH", workspace.path("bin"));
    command.env("PYENV_ROOT", workspace.path("no-pyenv"));
    let ended = command.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    let [(contestant, reason)] = &not_run(&workspace)[..] else {
        panic!("{said}");
    };
    assert_eq!(contestant, "other");
    assert_eq!(
        reason,
        "no Python 3.8 or newer: python3 is not there; python is not there"
    );
}
