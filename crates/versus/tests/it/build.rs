//! Contestants that cargo builds.

use std::fs;

use crate::workspace::{Workspace, is_empty};

const MAIN: &str = r##"fn main() {
    let workers = std::env::args().nth(1).unwrap();
    println!(
        r#"{{"schema":1,"scenario":"job","model":"threads","workers":{workers},"version":"1",
        "phases":{{"startup_ns":1,"work_ns":2,"shutdown_ns":3}},
        "outcome":{{"items":2,"failed":0,"bytes":5,"checksum":"ab"}}}}"#
    );
}
"##;

fn workspace_with_package(main: &str) -> Workspace {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path("crates/job/threads/src")).unwrap();
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/job/threads\"]\n";
    workspace.write("Cargo.toml", members);
    let package = "[package]\nname = \"job-threads\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    workspace.write("crates/job/threads/Cargo.toml", package);
    workspace.write("crates/job/threads/src/main.rs", main);
    let scenario = workspace.read("crates/job/scenario.toml");
    let command = r#"command = ["sh", "{root}/threads.sh", "{workers}"]"#;
    let package = "package = \"job-threads\"\nargs = [\"{workers}\"]";
    workspace.write(
        "crates/job/scenario.toml",
        &scenario.replace(command, package),
    );
    workspace
}

#[test]
fn a_package_is_built_and_its_program_is_run() {
    let workspace = workspace_with_package(MAIN);
    let ended = workspace.versus("run --blocks 1 --cases small").expect(0);
    ended.says("Compiling job-threads");
    assert!(workspace.path("target/release/job-threads").exists());
    // All but those of the program, which does not count itself.
    assert_eq!(workspace.runs(), 6);
}

#[test]
fn a_package_that_does_not_compile_is_reported_as_cargo_does() {
    let workspace = workspace_with_package("fn main() { oops }");
    let ended = workspace.versus("run --blocks 1").expect(1);
    ended
        .says("cannot find value `oops`")
        .says("the variants cannot be built");
    assert_eq!(workspace.runs(), 0);
    assert!(is_empty(&workspace.path("results")) && is_empty(&workspace.path("tmp")));
}
