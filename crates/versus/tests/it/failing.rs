//! Cases in which some items are bad on purpose, and contestants whose results are their own.

use crate::workspace::{Workspace, good};

/// A contestant that fails in so many of its two items, ends with `status`, and has this checksum.
fn contestant(model: &str, failed: u32, status: i32, checksum: &str) -> String {
    let script = good(model)
        .replace("\"failed\":0", &format!("\"failed\":{failed}"))
        .replace("\"ab\"", &format!("\"{checksum}\""));
    format!("{script}exit {status}\n")
}

/// The made-up workspace; its case `large` is one in which items fail, as everyone but processes says.
fn workspace(processes: &str) -> Workspace {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let failing = "title = \"a large one\"\nfailing = true";
    let scenario = scenario.replacen("title = \"a large one\"", failing, 1);
    workspace.write("crates/job/scenario.toml", &scenario);
    for model in ["sequential", "threads"] {
        workspace.write(&format!("{model}.sh"), &contestant(model, 1, 1, "ab"));
    }
    workspace.write("processes.sh", processes);
    workspace
}

const RUN: &str = "run --blocks 2 --cases large --workers 2";

#[test]
fn a_case_whose_items_fail_is_measured_where_everyone_says_so() {
    let workspace = workspace(&contestant("processes", 1, 1, "ab"));
    workspace.versus(RUN).expect(0);
    let samples = workspace.samples("results/latest");
    assert_eq!(samples[0]["scenarios"][0]["cases"][0]["failing"], true);
    let runs = samples.iter().filter(|line| line["line"] == "sample");
    assert!(runs.clone().count() >= 9);
    for run in runs {
        assert_eq!(run["record"]["outcome"]["failed"], 1);
    }
    let listed = workspace.versus("list").expect(0);
    assert!(
        listed.stdout.contains("a large one, some items fail"),
        "{}",
        listed.stdout
    );
}

#[test]
fn whoever_does_not_notice_what_is_bad_ends_the_measurement() {
    for (processes, said) in [
        (
            contestant("processes", 0, 0, "ab"),
            "ended with exit status: 0 in a case that is `failing`",
        ),
        (
            contestant("processes", 0, 1, "ab"),
            "failed in none of its 2 items",
        ),
        (
            contestant("processes", 2, 1, "ab"),
            "failed in all of its 2 items",
        ),
        (
            contestant("processes", 1, 3, "ab"),
            "ended with exit status: 3",
        ),
        (
            contestant("processes", 1, 1, "cd"),
            "checksum cd instead of ab",
        ),
    ] {
        let ended = workspace(&processes).versus(RUN).expect(1);
        ended.says("processes").says(said);
    }
}

/// With the reference `other`, whose results are its own.
fn with_own_results(other: &str) -> Workspace {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let own = "reference = true\nown_checksum = true";
    let scenario = scenario.replacen("reference = true", own, 1);
    workspace.write("crates/job/scenario.toml", &scenario);
    workspace.write("other.sh", other);
    workspace
}

const WITH_REFERENCES: &str = "run --blocks 2 --cases small --workers 2 --references";

#[test]
fn results_that_are_one_s_own_need_not_be_those_of_the_baseline() {
    let workspace = with_own_results(&contestant("threads", 0, 0, "0wn"));
    let ended = workspace.versus(WITH_REFERENCES).expect(0);
    assert!(
        ended
            .stdout
            .contains("as their results are their own: other"),
        "{}",
        ended.stdout
    );
    // Without that word in the scenario they do.
    let scenario = workspace.read("crates/job/scenario.toml");
    let scenario = scenario.replace("own_checksum = true\n", "");
    workspace.write("crates/job/scenario.toml", &scenario);
    let ended = workspace.versus(WITH_REFERENCES).expect(1);
    ended.says("checksum 0wn instead of ab");
}

#[test]
fn results_that_are_one_s_own_stay_the_same_and_count_the_same() {
    let changing = contestant("threads", 0, 0, "$n").replace(
        "test -s",
        "n=$(wc -l < \"$(dirname \"$0\")/runs\")\ntest -s",
    );
    let ended = with_own_results(&changing)
        .versus(WITH_REFERENCES)
        .expect(1);
    ended.says("other (workers 2) answered otherwise in block 1 than other (workers 2) in block 0: checksum ");
    let fewer = good("threads").replace("\"items\":2", "\"items\":1");
    let ended = with_own_results(&fewer).versus(WITH_REFERENCES).expect(1);
    ended.says("items 1 instead of 2");
}
