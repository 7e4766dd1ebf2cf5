//! `versus run` when all goes well, and `versus list`.

use std::process::Stdio;

use serde_json::Value;

use crate::workspace::{Ended, Workspace, is_empty};

/// What is in a result folder, in order.
fn result_files(cases: &[&str]) -> Vec<String> {
    let before = [
        "README.md",
        "charts",
        "environment.json",
        "report.html",
        "samples.jsonl",
    ];
    let tables = ["tables.csv", "tables.json", "tables.md"];
    let timelines = cases.iter().map(|case| format!("timeline-job-{case}.json"));
    let files = before.into_iter().chain(tables).map(str::to_owned);
    files.chain(timelines).collect()
}

fn count(samples: &[Value], holds: impl Fn(&Value) -> bool) -> usize {
    samples.iter().filter(|sample| holds(sample)).count()
}

#[test]
fn a_measurement_leaves_its_results_and_nothing_else() {
    let workspace = Workspace::new();
    let ended = workspace
        .versus("run --blocks 3 --workers 2 --seed 5")
        .expect(0);
    assert_eq!(workspace.names("results"), ["latest"]);
    assert_eq!(
        workspace.names("results/latest"),
        result_files(&["large", "small"])
    );
    assert!(is_empty(&workspace.path("tmp")));
    assert!(ended.stdout.contains("processes"), "{}", ended.stdout);
    ended
        .says("38 runs")
        .says("job small: 19 runs, in")
        .says("job large: 19 runs, in");
    assert_eq!(workspace.runs(), 38);
}

#[test]
fn the_first_line_says_what_was_measured() {
    let workspace = Workspace::new();
    workspace
        .versus("run job --blocks 3 --workers 2 --seed 5 --cases small")
        .expect(0);
    let header = &workspace.samples("results/latest")[0];
    assert_eq!(header["line"], "header");
    assert_eq!((&header["seed"], &header["blocks"]), (&5.into(), &3.into()));
    assert_eq!(
        header["command"],
        "cargo versus run job --blocks 3 --workers 2 --seed 5 --cases small"
    );
    let plan = &header["scenarios"][0];
    assert_eq!(plan["cases"].as_array().unwrap().len(), 1);
    assert_eq!(plan["contestants"][0]["workers"], 1);
    assert_eq!(plan["contestants"][2]["workers"], 2);
    let environment: Value =
        serde_json::from_str(&workspace.read("results/latest/environment.json")).unwrap();
    assert_eq!(environment, header["environment"]);
}

#[test]
fn every_block_has_every_contestant_once_and_the_baseline_twice() {
    let workspace = Workspace::new();
    workspace
        .versus("run --blocks 2 --workers 2 --cases small")
        .expect(0);
    let samples = &workspace.samples("results/latest")[1..];
    assert_eq!(samples.len(), 12);
    for block in 0..=2 {
        let of = |name: &str, control: bool| {
            count(samples, |sample| {
                sample["block"] == block
                    && sample["contestant"] == name
                    && sample["control"] == control
            })
        };
        assert_eq!((of("threads", false), of("threads", true)), (1, 1));
        assert_eq!((of("sequential", false), of("processes", false)), (1, 1));
        for position in 0..4 {
            let at = |sample: &Value| sample["block"] == block && sample["position"] == position;
            assert_eq!(count(samples, at), 1);
        }
    }
}

#[test]
fn spans_are_kept_for_the_first_counted_block_only() {
    let workspace = Workspace::new();
    workspace.versus("run --blocks 2 --cases small").expect(0);
    for sample in &workspace.samples("results/latest")[1..] {
        let spans = sample["record"]["spans"].as_array().map_or(0, Vec::len);
        assert_eq!(spans, usize::from(sample["block"] == 1), "{sample}");
    }
}

#[test]
fn a_seed_repeats_the_order_and_another_one_changes_it() {
    let workspace = Workspace::new();
    let order = |seed: u32| {
        let args = format!("run --blocks 4 --cases small --seed {seed}");
        workspace.versus(&args).expect(0);
        let samples = workspace.samples("results/latest");
        let names = samples[1..]
            .iter()
            .map(|sample| format!("{} {}", sample["contestant"], sample["control"]));
        names.collect::<Vec<_>>()
    };
    let first = order(1);
    assert_eq!(first, order(1));
    assert_ne!(first, order(2));
}

#[test]
fn models_choose_contestants_and_the_baseline_stays() {
    let workspace = Workspace::new();
    workspace
        .versus("run --blocks 1 --cases small --models processes")
        .expect(0);
    let samples = workspace.samples("results/latest");
    assert_eq!(
        count(&samples, |sample| sample["contestant"] == "sequential"),
        0
    );
    assert_eq!(
        count(&samples, |sample| sample["contestant"] == "threads"),
        4
    );
}

#[test]
fn it_works_from_a_subfolder_and_with_a_place_of_ones_own() {
    let workspace = Workspace::new();
    let mut command = workspace.command("run --blocks 1 --cases small --out mine/run-1");
    let ended = command
        .current_dir(workspace.path("crates/job"))
        .output()
        .unwrap();
    Ended::from(ended).expect(0);
    assert_eq!(workspace.names("crates/job/mine"), ["run-1"]);
    assert_eq!(
        workspace.names("crates/job/mine/run-1"),
        result_files(&["small"])
    );
}

#[test]
fn a_full_measurement_looks_at_memory_three_times() {
    let workspace = Workspace::new();
    // What ends before it was looked at has no memory to tell of.
    let script = format!("sleep 0.1\n{}", workspace.read("threads.sh"));
    workspace.write("threads.sh", &script);
    let passes = |args: &str| {
        workspace.versus(args).expect(0);
        let lines = workspace.lines("results/latest");
        let of_threads =
            |line: &&Value| line["line"] == "memory" && line["contestant"] == "threads";
        let passes = lines.iter().filter(of_threads);
        passes
            .map(|line| line["pass"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(passes("run --blocks 2 --cases small"), [0]);
    assert_eq!(passes("run --blocks 20 --cases small"), [0, 1, 2]);
}

#[test]
fn how_long_it_takes_is_told_before_it_begins_if_it_ran_before() {
    let workspace = Workspace::new();
    let first = workspace.versus("run --blocks 1").expect(0);
    first.says("how long it takes is said after the first block of each case");
    let made = |line: &&Value| line["line"] == "input";
    let lines = workspace.lines("results/latest");
    assert_eq!(lines.iter().filter(made).count(), 2);
    let second = workspace.versus("run --blocks 1").expect(0);
    second.says("takes about ").says("s (by results/latest)\n");
    // Schema 1 did not tell how long the input took.
    let old = workspace.read("results/latest/samples.jsonl");
    let without = old.lines().filter(|line| !line.contains("\"input\""));
    let without: Vec<_> = without.map(|line| format!("{line}\n")).collect();
    workspace.write("results/latest/samples.jsonl", &without.concat());
    let third = workspace.versus("run --blocks 1").expect(0);
    third.says("s and what making the inputs takes (by results/latest)\n");
}

#[test]
fn closed_outputs_are_no_failure() {
    let workspace = Workspace::new();
    let mut command = workspace.command("run --blocks 1 --cases small");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(workspace.names("results/latest"), result_files(&["small"]));
    for args in ["report results/latest", "list", "--help"] {
        let mut child = workspace.start(args);
        drop(child.stdout.take());
        Ended::from(child.wait_with_output().unwrap()).expect(0);
    }
}

#[test]
fn list_names_questions_cases_and_contestants() {
    let listed = Workspace::new().versus("list").expect(0).stdout;
    for part in [
        "job: Which one?",
        "    small  a small one",
        "    threads     threads, baseline",
        "    other       threads, reference",
    ] {
        assert!(listed.lines().any(|line| line == part), "{part}\n{listed}");
    }
}
