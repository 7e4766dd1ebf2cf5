//! `versus pages`: several result folders beside each other.

use std::fs;

use crate::workspace::{Workspace, good};

const ARTICLE: &str = "[article]\nclaim = \"It is waiting.\"\nadvice = \"threads\"\n\n[input]";

/// With a measurement of an article's claim, an older one that knows of no article, and another program's table.
fn measured() -> Workspace {
    let workspace = Workspace::new();
    let scenario = workspace.read("crates/job/scenario.toml");
    workspace.write(
        "crates/job/scenario.toml",
        &scenario.replacen("[input]", ARTICLE, 1),
    );
    workspace
        .versus("run --blocks 6 --cases small --seed 3 --out results/job")
        .expect(0);
    let samples = workspace.read("results/job/samples.jsonl");
    let (before, after) = samples.split_once("\"article\":{").unwrap();
    let (_, after) = after.split_once("},").unwrap();
    for folder in ["a-job-before", "job-table", "latest"] {
        fs::create_dir(workspace.path(&format!("results/{folder}"))).unwrap();
    }
    workspace.write(
        "results/a-job-before/samples.jsonl",
        &format!("{before}{after}"),
    );
    workspace.write("results/latest/samples.jsonl", "not looked at");
    workspace.write("results/job-table/table.md", "| a |\n");
    workspace
}

/// Everything that the command makes.
fn made(workspace: &Workspace) -> [String; 5] {
    [
        "README.md",
        "results/README.md",
        "results/overview.svg",
        "results/job/README.md",
        "results/a-job-before/README.md",
    ]
    .map(|path| workspace.read(path))
}

#[test]
fn the_overview_shows_what_the_article_says_beside_what_was_measured() {
    let workspace = measured();
    workspace.write(
        "README.md",
        "# Title\n<!-- versus:begin overview -->\nold\n<!-- versus:end overview -->\nkept\n",
    );
    workspace.versus("pages --splice README.md").expect(0);
    let [document, contents, picture, page, before] = made(&workspace);
    let place = |part: &str| {
        contents
            .find(part)
            .unwrap_or_else(|| panic!("`{part}`: {contents}"))
    };
    assert!(
        place("**[job](job/README.md)**: a small one | **threads**: It is waiting. |")
            < place("[a-job-before]")
    );
    assert!(
        contents.contains("| not said in these samples |"),
        "{contents}"
    );
    assert!(
        contents.contains("](overview.svg)") && contents.contains("[table.md](job-table/table.md)"),
        "{contents}"
    );
    assert!(!contents.contains("latest"), "{contents}");
    assert!(
        document.starts_with("# Title\n") && document.ends_with("-->\nkept\n"),
        "{document}"
    );
    assert!(
        document.contains("](results/overview.svg)")
            && document.contains("](results/job/README.md)"),
        "{document}"
    );
    assert!(
        picture.contains("job small") && picture.contains("2 comparisons"),
        "{picture}"
    );
    assert!(
        page.contains("Its advice: **threads**") && page.contains("](charts/job-small-wall.svg)"),
        "{page}"
    );
    assert!(before.contains("not said in these samples"), "{before}");
    workspace
        .versus("pages results --splice README.md")
        .expect(0);
    assert_eq!(
        made(&workspace),
        [document, contents, picture, page, before]
    );
}

#[test]
fn a_page_that_somebody_wrote_is_not_replaced() {
    let workspace = measured();
    workspace.versus("pages").expect(0);
    for (path, command) in [
        ("results/README.md", "pages"),
        ("results/job/README.md", "pages"),
        ("results/job/README.md", "report results/job"),
        ("results/job/README.md", "run --blocks 1 --out results/job"),
    ] {
        let made = workspace.read(path);
        workspace.write(path, "# Notes\n");
        workspace.versus(command).expect(1).says("README.md");
        assert_eq!(workspace.read(path), "# Notes\n", "{command}");
        workspace.write(path, &made);
    }
}

#[test]
fn the_page_of_a_measurement_of_several_scenarios_begins_with_the_overview() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path("crates/task")).unwrap();
    let scenario = workspace.read("crates/job/scenario.toml");
    let scenario = scenario.replacen("[input]", ARTICLE, 1);
    workspace.write(
        "crates/task/scenario.toml",
        &scenario.replace("{root}/", "{root}/task-"),
    );
    for model in ["sequential", "threads", "processes"] {
        let script = good(model).replace("\"job\"", "\"task\"");
        workspace.write(&format!("task-{model}.sh"), &script);
    }
    workspace.versus("run --blocks 2 --cases small").expect(0);
    let page = workspace.read("results/latest/README.md");
    let overview = page.find("| **task**: a small one | **threads**: It is waiting. |");
    assert!(
        overview < page.find("What was found:") && overview.is_some(),
        "{page}"
    );
}

#[test]
fn a_folder_without_measurements_makes_no_overview() {
    let workspace = Workspace::new();
    workspace.versus("pages").expect(1).says("cannot read ");
    fs::create_dir_all(workspace.path("results/notes")).unwrap();
    workspace
        .versus("pages results")
        .expect(1)
        .says("no folder in results holds samples.jsonl");
    assert_eq!(workspace.names("results"), ["notes"]);
}
