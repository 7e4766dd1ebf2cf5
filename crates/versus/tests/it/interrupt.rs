//! Ctrl-C in the middle of a measurement.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::workspace::{Ended, Workspace, good, is_empty, lives, signal, wait_until};

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
    wait_until("the contestant's end", || !lives(&pid()));
    assert!(stderr.any(|line| line.unwrap().contains("ended at once")));
    assert!(is_empty(&workspace.path("tmp")));
}

#[test]
fn an_interrupted_measurement_is_gone_on_with() {
    let workspace = Workspace::new();
    workspace.write(
        "processes.sh",
        &format!("sleep 0.05\n{}", good("processes")),
    );
    let child = workspace.start("run --blocks 4 --workers 1,2 --seed 5");
    wait_until("some runs", || workspace.runs() > 10);
    signal("INT", child.id());
    Ended::from(child.wait_with_output().unwrap()).expect(130);
    let partial = workspace.partial();
    let kept = workspace.samples(&partial);
    let ended = workspace
        .versus(&format!("run --resume {partial}"))
        .expect(0);
    ended.says("samples are there").says("results are in");
    assert_eq!(workspace.names("results"), ["latest"]);
    // Three of two numbers of workers, one of them sequential with 1 only, and the baselines twice.
    let samples = workspace.samples("results/latest");
    assert_eq!(samples.len() - 1, 2 * 5 * 7);
    // The first block was complete, and is the very same.
    assert_eq!(samples[..8], kept[..8]);
    let memory = workspace.lines("results/latest");
    let block_lines = memory.iter().filter(|line| line["line"] == "block");
    assert_eq!(block_lines.count(), 2 * 5);
}

#[test]
fn what_changed_meanwhile_is_not_gone_on_with() {
    let workspace = Workspace::new();
    workspace.write("processes.sh", "exit 3");
    workspace.write(
        "sequential.sh",
        &format!("sleep 0.05\n{}", good("sequential")),
    );
    for seed in 0..20 {
        workspace
            .versus(&format!("run --blocks 1 --seed {seed}"))
            .expect(1);
        if workspace.names("results").len() == 1 {
            break;
        }
    }
    let partial = workspace.partial();
    let scenario = workspace.read("crates/job/scenario.toml");
    let other = scenario.replace("baseline = \"threads\"", "baseline = \"processes\"");
    workspace.write("crates/job/scenario.toml", &other);
    let ended = workspace
        .versus(&format!("run --resume {partial}"))
        .expect(1);
    ended.says("no longer what they were");
    let before = workspace.read(&format!("{partial}/samples.jsonl"));
    workspace.write("crates/job/scenario.toml", &scenario);
    let samples = before.replace("\"cores\":", "\"cores\":9");
    workspace.write(&format!("{partial}/samples.jsonl"), &samples);
    let ended = workspace
        .versus(&format!("run --resume {partial}"))
        .expect(1);
    ended.says("the number of cores is another one");
    assert_eq!(workspace.read(&format!("{partial}/samples.jsonl")), samples);
    workspace
        .versus("run --resume nowhere")
        .expect(1)
        .says("nowhere/samples.jsonl");
}

#[test]
fn only_the_folder_of_an_interrupted_measurement_is_removed() {
    let workspace = Workspace::new();
    workspace
        .versus("run --blocks 1 --cases small --seed 3")
        .expect(0);
    std::fs::create_dir(workspace.path("precious")).unwrap();
    let samples = workspace.read("results/latest/samples.jsonl");
    workspace.write("precious/samples.jsonl", &samples);
    workspace.write("precious/thesis.txt", "thesis");
    workspace.write("results/latest/tables.md", "mine");
    for folder in ["precious", "results/latest"] {
        let ended = workspace.versus(&format!("run --resume {folder} --out x"));
        ended.expect(0).says(&format!("{folder} is left as it is"));
    }
    assert_eq!(workspace.read("precious/thesis.txt"), "thesis");
    assert_eq!(workspace.read("results/latest/tables.md"), "mine");
    assert!(workspace.read("x/tables.md").contains("threads"));
}
