//! The run record says what happened.

use harness::record::{Model, RunRecord, SCHEMA};

use super::*;

fn record(output: &Output) -> RunRecord {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn sha256(dir: &Path, bytes: &[u8]) -> String {
    let output = run_with_stdin(dir, &["-"], bytes);
    String::from_utf8(output.stdout[..64].to_vec()).unwrap()
}

#[test]
fn a_record_counts_items_failures_and_bytes() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "12345").unwrap();
    fs::write(dir.path().join("b"), "123").unwrap();
    let output = run(dir.path(), ["--json", "a", "nosuch", "b"]);
    assert_eq!(status(&output), Some(1));
    let record = record(&output);
    assert_eq!(record.schema, SCHEMA);
    assert_eq!(record.scenario, "hasher");
    assert_eq!(record.case, None);
    let outcome = &record.outcome;
    assert_eq!((outcome.items, outcome.failed, outcome.bytes), (3, 1, 8));
    assert_eq!(record.spans.iter().map(|span| span.tasks).sum::<u64>(), 3);
    let ends = record.phases.total_ns();
    assert!(
        record
            .spans
            .iter()
            .all(|span| span.start_ns <= span.end_ns && span.end_ns <= ends)
    );
    assert!(record.cpu.unwrap().total_ns() > 0);
}

#[test]
fn the_checksum_is_that_of_the_output_so_it_is_the_same_for_every_model() {
    let tree = odd_tree();
    let printed = run(tree.path(), ["-r", "."]).stdout;
    let record = record(&run(tree.path(), ["-r", ".", "--json"]));
    assert_eq!(record.outcome.checksum, sha256(tree.path(), &printed));
}

#[test]
fn model_and_workers_are_told() {
    let dir = odd_tree();
    let record = record(&run(dir.path(), ["-r", ".", "--json", "--workers", "1"]));
    assert_eq!(record.workers, 1);
    let expected = match Path::new(PROGRAM).file_name().unwrap().to_str().unwrap() {
        "hasher" => Model::Sequential,
        "hasher-threads" => Model::Threads,
        "hasher-processes" => Model::Processes,
        other => panic!("{other}"),
    };
    assert_eq!(record.model, expected);
}

#[test]
fn the_summary_goes_to_stderr_and_shows_a_timeline() {
    let dir = odd_tree();
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["-r", "."])
        .output()
        .unwrap();
    for words in ["16 files", "▕", "start-up", "CPU time", "next: cargo"] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
        assert!(!contains(&output.stdout, words), "{words}: {output:?}");
    }
}
