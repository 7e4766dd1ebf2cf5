//! A scenario with a service, workers of its own and a case on request.

use crate::workspace::{Workspace, good};

const SERVICE: &str = r#"workers = 7

[service]
command = ["sh", "-c", "echo listening on http://a:1; echo up >> {root}/service; cat; echo down >> {root}/service"]

[input]"#;

/// The made-up workspace with a service that its contestants are told of, by the second argument.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    let scenario = scenario
        .replacen("[input]", SERVICE, 1)
        .replace("\"{workers}\"]", "\"{workers}\", \"{service}\"]")
        .replacen(
            "title = \"a large one\"",
            "title = \"a large one\"\non_request = true",
            1,
        );
    workspace.write("crates/job/scenario.toml", &scenario);
    for model in ["sequential", "threads", "processes"] {
        let script = format!("test \"$2\" = http://a:1 || exit 8\n{}", good(model));
        workspace.write(&format!("{model}.sh"), &script);
    }
    workspace
}

#[test]
fn a_service_is_there_for_all_runs_of_a_case_and_gone_afterwards() {
    let workspace = workspace();
    workspace
        .versus("run --blocks 2 --seed 5 --cases small,large")
        .expect(0);
    assert_eq!(workspace.read("service"), "up\ndown\nup\ndown\n");
}

#[test]
fn cases_on_request_are_left_out_and_workers_are_those_of_the_scenario() {
    let workspace = workspace();
    workspace.versus("run --blocks 2 --seed 5").expect(0);
    assert_eq!(workspace.read("service"), "up\ndown\n");
    let header = &workspace.samples("results/latest")[0];
    // Without a number of workers: the scenario says it, here and elsewhere.
    assert_eq!(header["command"], "cargo versus run --blocks 2 --seed 5");
    let plan = &header["scenarios"][0];
    assert_eq!(plan["cases"].as_array().unwrap().len(), 1);
    assert_eq!(plan["contestants"][0]["workers"], 1);
    assert_eq!(plan["contestants"][1]["workers"], 7);
}

#[test]
fn workers_that_are_asked_for_go_before_those_of_the_scenario() {
    let workspace = workspace();
    workspace
        .versus("run --blocks 2 --seed 5 --workers 3")
        .expect(0);
    let header = &workspace.samples("results/latest")[0];
    assert_eq!(header["scenarios"][0]["contestants"][1]["workers"], 3);
}

#[test]
fn a_service_that_does_not_come_up_is_the_cause() {
    let workspace = workspace();
    let scenario = workspace.read("crates/job/scenario.toml");
    let broken = scenario.replacen("echo listening on http://a:1;", "echo oops >&2; exit 1;", 1);
    workspace.write("crates/job/scenario.toml", &broken);
    workspace
        .versus("run --blocks 2 --seed 5")
        .expect(1)
        .says("job, case small: the service ended before it said that it is ready")
        .says("| oops");
    assert_eq!(workspace.runs(), 0);
}

#[test]
fn what_was_interrupted_goes_on_with_the_workers_that_it_had() {
    let workspace = workspace();
    // The third run of all fails.
    let failing = "test $(wc -l < \"$(dirname \"$0\")/runs\") -ge 5 && exit 9\n";
    let script = workspace.read("processes.sh");
    workspace.write("processes.sh", &format!("{failing}{script}"));
    workspace
        .versus("run --blocks 3 --seed 5 --workers 3")
        .expect(1);
    workspace.write("processes.sh", &script);
    let partial = workspace
        .names("results")
        .into_iter()
        .find(|name| name.contains(".partial-"));
    workspace
        .versus(&format!("run --resume results/{}", partial.unwrap()))
        .expect(0);
    let header = &workspace.samples("results/latest")[0];
    assert_eq!(header["scenarios"][0]["contestants"][1]["workers"], 3);
}
