//! `versus run` when something is wrong: a clear message, the right status, nothing lost.

use std::fs;

use crate::workspace::{Ended, Workspace, good, is_empty};

/// A measurement that fails, after one that did not: whose results must stay as they were.
fn fails_and_keeps_old_results(workspace: &Workspace, args: &str) -> Ended {
    fs::create_dir_all(workspace.path("results/latest")).unwrap();
    workspace.write("results/latest/samples.jsonl", "old");
    let ended = workspace.versus(args).expect(1);
    assert_eq!(workspace.names("results/latest"), ["samples.jsonl"]);
    assert_eq!(workspace.read("results/latest/samples.jsonl"), "old");
    assert!(is_empty(&workspace.path("tmp")));
    ended
}

/// A contestant that does this in its run number `run`, and before it what it should.
fn only_in_run(run: u32, script: &str) -> String {
    let count = "n=\"$(dirname \"$0\")/n\"; echo >> \"$n\"";
    format!(
        "{count}\nif test $(wc -l < \"$n\") -eq {run}; then\n{script}\nfi\n{}",
        good("processes")
    )
}

#[test]
fn a_failing_contestant_is_named_with_case_block_status_and_stderr() {
    let workspace = Workspace::new();
    workspace.write("processes.sh", &only_in_run(2, "echo no luck >&2; exit 3"));
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2 --cases large --workers 2");
    ended
        .says(
            "job, case large, block 1, workers 2: contestant `processes` ended with exit status: 3",
        )
        .says("\n  | no luck\n")
        .says("samples so far are kept");
    let partial = workspace.partial();
    let kept = workspace.samples(&partial);
    assert!((5..9).contains(&kept.len()), "{}", kept.len());
    // And they can be looked at.
    workspace.versus(&format!("report {partial}")).expect(0);
}

#[test]
fn a_killed_contestant_is_named_with_its_signal() {
    let workspace = Workspace::new();
    workspace.write("processes.sh", "kill -s KILL $$");
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended.says("contestant `processes` ended with signal: 9 (SIGKILL)");
}

#[test]
fn some_failed_items_are_a_failure_while_measuring() {
    let workspace = Workspace::new();
    workspace.write("processes.sh", &format!("{}exit 1\n", good("processes")));
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended.says("contestant `processes` ended with exit status: 1");
}

#[test]
fn a_contestant_that_ends_as_if_interrupted_is_a_failure_if_nobody_interrupted() {
    let workspace = Workspace::new();
    workspace.write("processes.sh", "exit 130");
    fails_and_keeps_old_results(&workspace, "run --blocks 2").says("exit status: 130");
}

#[test]
fn another_answer_ends_the_comparison_with_both() {
    let workspace = Workspace::new();
    let wrong = good("processes").replace("\"ab\"", "\"cd\"");
    workspace.write("processes.sh", &only_in_run(2, &format!("{wrong}exit 0\n")));
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2 --cases small");
    ended
        .says("processes")
        .says("threads")
        .says("checksum cd instead of ab");
    // The evidence is kept, and noticed again.
    let ended = workspace
        .versus(&format!("report {}", workspace.partial()))
        .expect(1);
    ended.says("checksum cd instead of ab");
}

#[test]
fn another_answer_is_noticed_before_and_after_the_first_run_of_the_baseline() {
    // With some of these seeds `processes` runs before `threads`, with others after it. Its later
    // answers are right, so the first one must be noticed.
    for seed in 0..6 {
        let workspace = Workspace::new();
        let wrong = good("processes").replace("\"ab\"", "\"cd\"");
        workspace.write("processes.sh", &only_in_run(1, &format!("{wrong}exit 0\n")));
        let args = format!("run --blocks 1 --seed {seed} --cases small");
        let ended = workspace.versus(&args).expect(1);
        ended.says("checksum cd instead of ab");
    }
}

#[test]
fn rubbish_instead_of_a_record_is_shown() {
    let workspace = Workspace::new();
    workspace.write("processes.sh", "echo Hello, I am no record");
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended
        .says("contestant `processes` printed no run record")
        .says("`Hello, I am no record`");
}

#[test]
fn a_record_of_a_newer_schema_or_another_run_is_refused() {
    let workspace = Workspace::new();
    let newer = good("processes").replace("\"schema\":1", "\"schema\":2");
    workspace.write("processes.sh", &newer);
    fails_and_keeps_old_results(&workspace, "run --blocks 2").says("schema 2");
    workspace.write("processes.sh", &good("processes").replace("$1", "7"));
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2 --workers 3");
    ended.says("workers is 7 in its run record, 3 in the plan");
}

#[test]
fn a_contestant_with_nothing_to_do_is_no_contestant() {
    let workspace = Workspace::new();
    for model in ["sequential", "threads", "processes"] {
        let idle = good(model).replace("\"items\":2", "\"items\":0");
        workspace.write(&format!("{model}.sh"), &idle);
    }
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended.says("had nothing to do: 0 items in its run record");
    for model in ["sequential", "threads", "processes"] {
        let failing = good(model).replace("\"failed\":0", "\"failed\":2");
        workspace.write(&format!("{model}.sh"), &failing);
    }
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended.says("failed in all of its 2 items");
}

#[test]
fn a_missing_program_is_named() {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let broken = scenario.replace("[\"sh\", \"{root}/processes.sh\"", "[\"{root}/none\"");
    workspace.write("crates/job/scenario.toml", &broken);
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended
        .says("contestant `processes` cannot be started: ")
        .says("/none: No such file or directory (os error 2)\n");
}

#[test]
fn input_that_cannot_be_made_is_a_failure_without_samples() {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let broken = scenario.replace(
        "echo {case} {seed} > input.txt",
        "echo disk full >&2; exit 4",
    );
    workspace.write("crates/job/scenario.toml", &broken);
    let ended = fails_and_keeps_old_results(&workspace, "run --blocks 2");
    ended.says("job, case small: the program that makes the input ended with exit status: 4\n  | disk full");
    assert_eq!(workspace.names("results"), ["latest"]);
}

#[test]
fn unknown_names_are_a_wrong_command_line_with_a_suggestion() {
    let workspace = Workspace::new();
    for (args, said) in [
        ("run jop", "no scenario `jop`: did you mean `job`?"),
        ("run --cases smal", "no case `smal`: did you mean `small`?"),
        ("run --models thread", "'threads'"),
        ("run --workers 0", "zero"),
        ("run --quick --full", "cannot be used with"),
        (
            "run --models async",
            "job: left out, it has none of these models",
        ),
        ("rum", "'run'"),
    ] {
        workspace.versus(args).expect(2).says(said);
    }
    assert!(!workspace.path("results").exists());
    assert_eq!(workspace.runs(), 0);
}

#[test]
fn a_broken_scenario_is_reported_with_file_line_and_cause() {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    workspace.write(
        "crates/job/scenario.toml",
        &scenario.replacen("title", "titel", 1),
    );
    for args in ["run", "list"] {
        let ended = workspace.versus(args).expect(1);
        ended.says("crates/job/scenario.toml:9: ").says("titel");
    }
}

#[test]
fn outside_of_a_workspace_it_says_so() {
    let workspace = Workspace::new();
    fs::remove_file(workspace.path("crates/job/scenario.toml")).unwrap();
    workspace
        .versus("run")
        .expect(1)
        .says("no workspace with a crates/*/scenario.toml in ");
}

#[test]
fn a_place_that_cannot_be_written_is_noticed_before_measuring() {
    let workspace = Workspace::new();
    workspace.write("file", "mine");
    fs::create_dir(workspace.path("photos")).unwrap();
    workspace.write("photos/holiday.jpg", "mine");
    for (place, cause) in [
        ("file", "file: Not a directory"),
        ("file/below", "file/below: Not a directory"),
        ("photos", "photos: it holds `holiday.jpg`"),
        ("/proc/results", "/proc/results: "),
    ] {
        let ended = workspace.versus(&format!("run --out {place}")).expect(1);
        ended.says("results cannot be written to ").says(cause);
    }
    assert_eq!(workspace.runs(), 0);
    assert_eq!(
        workspace.read("file") + &workspace.read("photos/holiday.jpg"),
        "minemine"
    );
    assert!(is_empty(&workspace.path("tmp")));
}
