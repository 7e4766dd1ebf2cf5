//! `versus commands` and `versus check`, and runs that do not end.

use std::fs;

use serde_json::Value;

use crate::workspace::{Ended, Workspace, is_empty, lives, signal, wait_until};

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

/// Of the samples of a full measurement, all blocks are made ones that the host disturbed: gone on with, it has as many
/// again, and no more.
#[test]
fn a_full_measurement_makes_up_for_blocks_that_were_disturbed() {
    let workspace = Workspace::new();
    commands(&workspace, &["true", "sleep 0", "--full"]).expect(0);
    let disturbed = workspace.lines("results/commands").into_iter();
    // Without what was seen of the memory, so that something is left to be done.
    let disturbed = disturbed.filter(|line| line["line"] != "memory");
    let disturbed = disturbed.map(|mut line| {
        if line["line"] == "block" {
            line["steal_share"] = 0.5.into();
        }
        line.to_string() + "\n"
    });
    fs::create_dir(workspace.path("results/again.partial-1")).unwrap();
    workspace.write(
        "results/again.partial-1/samples.jsonl",
        &disturbed.collect::<String>(),
    );
    let ended = workspace.versus("run --resume results/again.partial-1");
    ended.expect(0);
    let blocks = workspace.lines("results/again");
    let blocks = kind(&blocks, "block").into_iter();
    let last = blocks.filter_map(|block| block["block"].as_u64()).max();
    assert_eq!(last, Some(40));
    let table = workspace.read("results/again/tables.md");
    assert!(table.contains(": 1 (50 % stolen by the host"), "{table}");
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
fn what_ends_soon_after_its_program_is_part_of_its_time() {
    let workspace = Workspace::new();
    let forked = "sh -c 'sleep 0.1 >/dev/null 2>&1 &'";
    commands(&workspace, &[forked, "true", "--blocks", "2"]).expect(0);
    let lines = workspace.lines("results/commands");
    for run in kind(&lines, "sample") {
        let is_long = run["wall_ns"].as_u64().unwrap() >= 100_000_000;
        assert_eq!(is_long, run["contestant"] == "sh", "{run}");
    }
}

#[test]
fn who_is_not_waited_for_is_no_leftover_and_what_it_used_counts() {
    let workspace = Workspace::new();
    let count = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done";
    // Its parent, the subshell, ends at once and never asks for it.
    let unwaited = "sh -c 'rm -f done; (sh count.sh &); while [ ! -e done ]; do sleep 0.3; done'";
    workspace.write("count.sh", &format!("{count}; touch done"));
    commands(&workspace, &[unwaited, "true", "--blocks", "1"]).expect(0);
    let lines = workspace.lines("results/commands");
    let first = kind(&lines, "sample")
        .into_iter()
        .find(|run| run["contestant"] == "sh")
        .unwrap();
    let used = first["cpu"]["user_ns"].as_u64().unwrap();
    assert!(used > 50_000_000, "{first}");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_gets_away_by_changing_its_group_and_environment() {
    let workspace = Workspace::new();
    if std::process::Command::new("setsid")
        .arg("true")
        .status()
        .is_err()
    {
        eprintln!("skipped: no setsid");
        return;
    }
    let script = "env -i setsid sh -c \"echo \\$\\$ > pid; exec sleep 600\" >/dev/null 2>&1 & \
                  while [ ! -s pid ]; do sleep 0.01; done";
    let command = format!("sh -c '{script}'");
    let ended = commands(&workspace, &["true", &command, "--blocks", "1"]).expect(1);
    ended.says("left `sleep` (process ");
    let pid = workspace.read("pid");
    wait_until("its end", || !lives(&pid));
}

#[test]
fn outputs_are_still_to_be_the_same_when_a_measurement_is_gone_on_with() {
    let workspace = Workspace::new();
    let first = "sh -c 'echo a; test -e go || { touch started; sleep 600; }'";
    let mut command = workspace.command("commands --check-output --blocks 1 --limit 60s");
    let child = command
        .args(["echo b", first])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("a run", || workspace.path("started").exists());
    signal("KILL", child.id());
    child.wait_with_output().unwrap();
    workspace.write("go", "");
    let names = workspace.names("results");
    let partial = format!("results/{}", names[0]);
    // What was left is named; it is this test's to end.
    let resumed = workspace.versus(&format!("run --resume {partial}"));
    let resumed = resumed.expect(1);
    resumed.says("is left of a measurement that was killed");
    resumed.says("answered otherwise");
    let left = resumed.stderr.split("(process ").nth(1).unwrap();
    let pid: String = left.chars().take_while(char::is_ascii_digit).collect();
    signal("KILL", pid.parse().unwrap());
}

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
        "programs of others (--references)",
        "verdict\n",
    ] {
        assert!(ended.stdout.contains(part), "{part}\n{}", ended.stdout);
    }
    assert!(is_empty(&workspace.path("tmp")) && fs::metadata(workspace.path("results")).is_err());
}
