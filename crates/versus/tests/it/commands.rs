//! `versus commands` and `versus check`, and runs that do not end.

use std::fs;

use serde_json::Value;

use crate::workspace::{Ended, Workspace, is_empty, lives, wait_until};

fn commands(workspace: &Workspace, args: &[&str]) -> Ended {
    let mut command = workspace.command("commands");
    Ended::from(command.args(args).output().unwrap())
}

fn kind<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["line"] == kind).collect()
}

#[test]
fn commands_are_compared_where_the_user_is_with_each_number_of_workers() {
    let workspace = Workspace::new();
    workspace.write("here.txt", "here");
    let args = [
        "cat here.txt",
        "sh -c 'test {workers} -gt 0; cat here.txt'",
        "--workers",
        "1,2",
    ];
    let ended = commands(
        &workspace,
        &[&args[..], &["--blocks", "2", "--check-output"]].concat(),
    );
    let ended = ended.expect(0);
    assert!(ended.stdout.contains("cat"), "{}", ended.stdout);
    let lines = workspace.lines("results/commands");
    let contestants = lines[0]["scenarios"][0]["contestants"].as_array().unwrap();
    let of = |at: usize| {
        (
            contestants[at]["name"].as_str().unwrap(),
            contestants[at]["workers"].as_u64().unwrap(),
        )
    };
    // A command without {workers} is the same whatever their number is.
    assert_eq!(
        (contestants.len(), of(0), of(1), of(2)),
        (3, ("cat", 1), ("sh", 1), ("sh", 2))
    );
    assert_eq!(contestants[1]["command"], args[1]);
    assert_eq!(kind(&lines, "sample").len(), 3 * 4);
    assert_eq!(kind(&lines, "block").len(), 3);
    for sample in kind(&lines, "sample") {
        assert_eq!(sample["output"]["bytes"], 4, "{sample}");
        assert!(sample.get("record").is_none(), "{sample}");
        #[cfg(target_os = "linux")]
        assert!(sample["faults"]["minor"].as_u64() > Some(0), "{sample}");
    }
}

#[test]
fn outputs_that_differ_fail_only_where_they_are_to_be_the_same() {
    let workspace = Workspace::new();
    let two = [
        "echo one",
        "echo three",
        "--blocks",
        "1",
        "--name",
        "a",
        "--name",
        "b",
    ];
    commands(&workspace, &two).expect(0);
    let ended = commands(&workspace, &[&two[..], &["--check-output"]].concat()).expect(1);
    ended
        .says("a")
        .says("b")
        .says("printed bytes")
        .says("their SHA-256");
}

#[test]
fn what_is_no_command_is_a_wrong_command_line() {
    let workspace = Workspace::new();
    for (command, said) in [("'open", "quote that is not closed"), ("", "is empty")] {
        commands(&workspace, &[command]).expect(2).says(said);
    }
    commands(&workspace, &[]).expect(2).says("COMMAND");
    let ended = commands(&workspace, &["/no/such/program"]).expect(1);
    ended.says("cannot be started: /no/such/program");
    let ended = commands(
        &workspace,
        &["true", "sh -c 'echo oops >&2; exit 7'", "--blocks", "1"],
    );
    ended.expect(1).says("exit status: 7\n  | oops");
}

#[test]
fn a_command_that_hangs_is_named_and_killed_with_its_tree() {
    let workspace = Workspace::new();
    let script = "sleep 600 & echo $! > pid; wait";
    let command = format!("sh -c '{script}'");
    let ended = commands(&workspace, &["true", &command, "--limit", "300ms"]).expect(1);
    ended
        .says("contestant `sh` did not end within 300ms")
        .says("2 processes");
    let pid = workspace.read("pid");
    wait_until("its end", || !lives(&pid));
}

#[test]
fn a_command_that_goes_into_the_background_is_named() {
    let workspace = Workspace::new();
    let command = "sh -c 'sleep 600 & echo $! > pid'";
    let ended = commands(&workspace, &["true", command, "--blocks", "1"]).expect(1);
    ended
        .says("contestant `sh` ended and left")
        .says("in the background");
    let pid = workspace.read("pid");
    wait_until("its end", || !lives(&pid));
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_that_of_the_whole_tree() {
    let workspace = Workspace::new();
    let two = "sh -c 'sleep 0.3 & sleep 0.3; wait'";
    commands(&workspace, &["sleep 0.3", two, "--blocks", "1"]).expect(0);
    let lines = workspace.lines("results/commands");
    let memory = kind(&lines, "memory");
    assert_eq!(memory[0]["processes"], 1);
    assert_eq!(memory[1]["processes"], 3);
    assert!(memory[1]["looks"].as_u64() > Some(3), "{}", memory[1]);
    assert!(memory[1]["peak_rss_sum_bytes"].as_u64() > memory[0]["peak_rss_sum_bytes"].as_u64());
}

#[test]
fn check_says_what_the_machine_is_and_whether_it_is_quiet() {
    let workspace = Workspace::new();
    let ended = workspace.versus("check");
    let quiet = ended.stdout.contains("quiet: figures made now will hold");
    let ended = ended.expect(i32::from(!quiet));
    if !quiet {
        ended.says("this machine is not quiet");
    }
    for part in [
        "machine\n",
        "now\n",
        "effective cores",
        "can be measured here\n",
        "wall time",
        "verdict\n",
    ] {
        assert!(ended.stdout.contains(part), "{part}\n{}", ended.stdout);
    }
    assert!(is_empty(&workspace.path("tmp")) && fs::metadata(workspace.path("results")).is_err());
}
