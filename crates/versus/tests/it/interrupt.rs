//! Ctrl-C in the middle of a measurement.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::workspace::{Ended, Workspace, good, is_empty, signal, wait_until};

#[test]
fn an_interrupted_measurement_keeps_its_samples_and_leaves_nothing_else() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path("results/latest")).unwrap();
    workspace.write("results/latest/samples.jsonl", "old");
    workspace.write("processes.sh", &format!("sleep 0.1\n{}", good("processes")));
    let child = workspace.start("run --blocks 1000 --cases small");
    wait_until("some runs", || workspace.runs() > 5);
    signal("INT", child.id());
    let ended = Ended::from(child.wait_with_output().unwrap()).expect(130);
    ended.says("samples so far are kept").says("interrupted");
    assert!(is_empty(&workspace.path("tmp")));
    assert_eq!(workspace.read("results/latest/samples.jsonl"), "old");
    let partial = workspace.partial();
    ended.says(&partial);
    // The run that was under way was waited for, or had not begun.
    assert_eq!(workspace.samples(&partial).len() - 1, workspace.runs());
    workspace.versus(&format!("report {partial}")).expect(0);
}

#[test]
fn a_contestant_that_ends_by_the_same_ctrl_c_is_no_failure() {
    let workspace = Workspace::new();
    // As if from the terminal, which sends it to both, and the contestant is the first to end.
    let script = format!(
        "(sleep 0.02; kill -s INT $PPID) & {}kill -s INT $$\n",
        good("processes")
    );
    workspace.write("processes.sh", &script);
    let ended = workspace.versus("run --blocks 2 --cases small").expect(130);
    assert!(!ended.stderr.contains("SIGINT"), "{}", ended.stderr);
    assert!(is_empty(&workspace.path("tmp")));
}

#[test]
fn nothing_is_kept_if_nothing_was_measured() {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let slow = scenario.replace("echo {case}", "kill -s INT $PPID; sleep 0.05; echo {case}");
    workspace.write("crates/job/scenario.toml", &slow);
    workspace.versus("run --blocks 2").expect(130);
    assert_eq!(workspace.runs(), 0);
    assert!(is_empty(&workspace.path("tmp")) && is_empty(&workspace.path("results")));
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_the_contestant() {
    let workspace = Workspace::new();
    let script = "echo $$ > \"$(dirname \"$0\")/pid\"\nexec sleep 600\n";
    workspace.write("processes.sh", script);
    let mut child = workspace.start("run --blocks 2 --cases small");
    let pid = || fs::read_to_string(workspace.path("pid")).unwrap_or_default();
    wait_until("the contestant", || pid().ends_with('\n'));
    signal("INT", child.id());
    // Two at once may be taken for one, so the second comes when the first has been seen.
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(stderr.any(|line| line.unwrap().contains("Ctrl-C again stops at once")));
    signal("INT", child.id());
    let ended = child.wait().unwrap();
    assert_eq!(ended.code(), Some(130));
    assert!(stderr.any(|line| line.unwrap().contains("ended at once")));
    assert!(is_empty(&workspace.path("tmp")));
}
