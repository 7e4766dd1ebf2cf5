//! What is printed, and the run record.

use harness::record::SCHEMA;
use serde_json::Value;

use super::*;

#[test]
fn a_table_has_a_row_for_each_way_and_number() {
    let output = run(&["--samples", "6"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let mut expected = vec!["way"];
    expected.extend(ways().into_iter().flat_map(|way| [way; 5]));
    assert_eq!(names, expected);
    assert!(output.stderr.is_empty(), "--quiet");
}

#[test]
fn a_record_has_the_model_and_the_case_of_its_way() {
    let record = record(&["--way", ways()[0], "--workers", "2", "--samples", "6"]).run;
    assert_eq!(record.schema, SCHEMA);
    assert_eq!(record.scenario, "spawner");
    assert_eq!(record.case, Some(format!("start {}", ways()[0])));
    assert_eq!(record.model, model());
    let ends = record.phases.total_ns();
    assert!(!record.spans.is_empty());
    assert!(record.spans.iter().all(|span| span.end_ns <= ends));
}

/// Whoever reads the records of one model reads those of all: these are the fields, for each of them.
#[test]
fn the_record_of_every_model_has_the_same_structure() {
    let output = run(&["--json", "--workers", "2", "--samples", "6"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fields = |value: &Value| {
        let fields = value.as_object().unwrap().keys().cloned();
        let mut fields: Vec<_> = fields.collect();
        fields.sort_unstable();
        fields.join(" ")
    };
    let run = "busy_ns cpu latency left model outcome phases scenario schema spans starts unoptimised version workers";
    assert_eq!(fields(&value), run);
    let start = "ballast_bytes end_ns ready_ns samples way workers";
    assert_eq!(fields(&value["starts"][0]), start);
    assert_eq!(fields(&value["left"]), "children descriptors threads");
}

#[test]
fn notes_go_to_stderr_and_say_what_to_try_next() {
    let output = Command::new(PROGRAM)
        .args(["--workers", "1", "--samples", "6"])
        .output()
        .unwrap();
    for words in ["n = 6 blocks", "next: cargo"] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
        assert!(!contains(&output.stdout, words), "{words}: {output:?}");
    }
}
