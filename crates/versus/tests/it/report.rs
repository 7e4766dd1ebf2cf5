//! `versus report`: the same tables from the samples alone.

use std::fs;

use crate::workspace::Workspace;

const TABLES: [&str; 7] = [
    "README.md",
    "environment.json",
    "report.html",
    "tables.csv",
    "tables.json",
    "tables.md",
    "timeline-job-small.json",
];

fn measured() -> Workspace {
    let workspace = Workspace::new();
    workspace
        .versus("run --blocks 6 --cases small --seed 3")
        .expect(0);
    workspace
}

#[test]
fn tables_are_made_again_to_the_byte() {
    let workspace = measured();
    let tables = || TABLES.map(|name| workspace.read(&format!("results/latest/{name}")));
    let before = tables();
    for name in TABLES {
        fs::remove_file(workspace.path(&format!("results/latest/{name}"))).unwrap();
    }
    let printed = workspace.versus("report results/latest").expect(0).stdout;
    assert_eq!(tables(), before);
    assert_eq!(
        workspace.versus("report results/latest").expect(0).stdout,
        printed
    );
    assert!(printed.contains("threads"), "{printed}");
}

#[test]
fn charts_and_timelines_of_an_earlier_time_go() {
    let workspace = measured();
    let left = [
        "results/latest/charts/job-gone-ratio.svg",
        "results/latest/timeline-job-gone.json",
    ];
    for path in left {
        workspace.write(path, "left");
    }
    // What is nobody's stays.
    workspace.write("results/latest/charts/notes.txt", "mine");
    workspace.versus("report results/latest").expect(0);
    for path in left {
        assert!(!workspace.path(path).exists(), "{path}");
    }
    assert_eq!(workspace.read("results/latest/charts/notes.txt"), "mine");
    let charts = fs::read_dir(workspace.path("results/latest/charts")).unwrap();
    assert!(charts.count() > 3);
}

#[test]
fn cut_samples_are_reported_without_their_last_line() {
    let workspace = measured();
    let samples = workspace.read("results/latest/samples.jsonl");
    workspace.write(
        "results/latest/samples.jsonl",
        &samples[..samples.len() - 30],
    );
    let ended = workspace.versus("report results/latest").expect(0);
    ended
        .says("warning: results/latest/samples.jsonl: line ")
        .says(" is cut and was left out");
}

#[test]
fn broken_samples_are_reported_with_their_line() {
    let workspace = measured();
    let samples = workspace.read("results/latest/samples.jsonl");
    let broken = samples.replacen("\"block\":0", "\"block\":\"x\"", 1);
    workspace.write("results/latest/samples.jsonl", &broken);
    workspace
        .versus("report results/latest")
        .expect(1)
        .says("samples.jsonl:3: ");
    workspace
        .versus("report nowhere")
        .expect(1)
        .says("nowhere/samples.jsonl: No such file or directory (os error 2)\n");
}

#[test]
fn samples_of_a_newer_version_are_refused_and_their_tables_stay() {
    let workspace = measured();
    let samples = workspace.read("results/latest/samples.jsonl");
    let newer = samples.replacen("\"schema\":2", "\"schema\":3", 1);
    workspace.write("results/latest/samples.jsonl", &newer);
    let tables = workspace.read("results/latest/tables.md");
    let ended = workspace.versus("report results/latest").expect(1);
    ended.says("samples of schema 3, and this version reads up to 2");
    assert_eq!(workspace.read("results/latest/tables.md"), tables);
}

#[test]
fn tables_are_put_between_the_markers_and_nothing_else_changes() {
    let workspace = measured();
    workspace.write(
        "README.md",
        "# Title\n<!-- versus:begin job -->\nold\n<!-- versus:end job -->\n\
         <!-- versus:begin other -->\nkept\n<!-- versus:end other -->\n",
    );
    let splice = || {
        workspace
            .versus("report results/latest --splice README.md")
            .expect(0);
        workspace.read("README.md")
    };
    let document = splice();
    assert!(
        document.starts_with("# Title\n<!-- versus:begin job -->\n"),
        "{document}"
    );
    assert!(
        document.contains("threads") && !document.contains("old"),
        "{document}"
    );
    assert!(
        document.ends_with("-->\nkept\n<!-- versus:end other -->\n"),
        "{document}"
    );
    assert_eq!(splice(), document);
}

#[test]
fn a_document_can_show_several_measurements_of_one_scenario() {
    let workspace = measured();
    workspace.write(
        "README.md",
        "<!-- versus:begin job -->\nkept\n<!-- versus:end job -->\n\
         <!-- versus:begin job-many -->\nold\n<!-- versus:end job-many -->\n",
    );
    let splice = "report results/latest --splice README.md --marker job-many";
    workspace.versus(splice).expect(0);
    let document = workspace.read("README.md");
    let kept = "<!-- versus:begin job -->\nkept\n<!-- versus:end job -->\n";
    assert!(document.starts_with(kept), "{document}");
    assert!(
        document.contains("threads") && !document.contains("old"),
        "{document}"
    );
    let nowhere = workspace
        .versus("report results/latest --splice README.md --marker none")
        .expect(1);
    nowhere.says("none of <!-- versus:begin none -->");
}

#[test]
fn a_document_without_the_right_markers_is_refused_and_untouched() {
    let workspace = measured();
    for (text, said) in [
        (
            "# Title\n",
            "no place for the tables: none of <!-- versus:begin job -->",
        ),
        ("<!-- versus:begin job -->\n", "`<!-- versus:end job -->`"),
    ] {
        workspace.write("README.md", text);
        let ended = workspace
            .versus("report results/latest --splice README.md")
            .expect(1);
        ended.says("README.md: ").says(said);
        assert_eq!(workspace.read("README.md"), text);
    }
    let ended = workspace
        .versus("report results/latest --splice none.md")
        .expect(1);
    ended.says("cannot read none.md: No such file or directory (os error 2)\n");
}
