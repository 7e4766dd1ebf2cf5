//! What is printed, and the run record.

use harness::record::{Model, SCHEMA};
use serde_json::Value;

use super::*;

#[test]
fn a_table_has_a_row_for_each_mechanism() {
    let output = run(&["--increments", "1000"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let all = Mechanism::ALL.map(Mechanism::name);
    assert_eq!(names, [&["mechanism"], &all[..]].concat());
    assert!(output.stderr.is_empty(), "--quiet");
}

#[test]
fn a_record_has_a_span_for_each_worker_and_the_case_of_its_mechanism() {
    let record = record(&["--mechanism", "padded"]).run;
    assert_eq!(record.schema, SCHEMA);
    assert_eq!(
        (record.scenario.as_str(), record.case.as_deref()),
        ("counter", Some("padded"))
    );
    let model = match Path::new(PROGRAM).file_stem().unwrap().to_str().unwrap() {
        "counter" => Model::Sequential,
        "counter-threads" => Model::Threads,
        "counter-processes" => Model::Processes,
        other => panic!("{other}"),
    };
    assert_eq!(record.model, model);
    assert_eq!(record.spans.len(), record.workers as usize);
    assert_eq!(
        record.outcome.checksum,
        format!("{:016x}", record.outcome.items)
    );
    let ends = record.phases.total_ns();
    assert!(record.spans.iter().all(|span| span.end_ns <= ends));
}

#[test]
fn workers_are_started_before_anything_is_measured() {
    let record = record(&["--mechanism", "atomic", "--increments", "10000"]);
    // From when they are ready: no span begins before, but for the moment in which the gate opens.
    let slack = 5_000_000;
    for span in &record.run.spans {
        assert!(
            span.start_ns + slack >= record.run.phases.startup_ns,
            "{span:?}"
        );
    }
    assert!(record.counts[0].elapsed_ns <= record.run.phases.total_ns());
}

/// The names of all fields, at their places.
fn structure(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), structure(value)))
            .collect(),
        Value::Array(items) => items.iter().take(1).map(structure).collect(),
        _ => Value::Null,
    }
}

/// Whoever reads the records of one model reads those of all: these are the fields, for each of them.
#[test]
fn the_record_of_every_model_has_the_same_structure() {
    let output = run(&["--json", "--mechanism", "mutex", "--increments", "1000"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fields = |value: &Value| {
        let fields: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        fields.join(" ")
    };
    let structure = structure(&value);
    let run = "busy_ns counts cpu latency model outcome phases scenario schema spans unoptimised version workers";
    assert_eq!(sorted(&fields(&structure)), run);
    let count = fields(&structure["counts"][0]);
    let expected = "busy_ns counted elapsed_ns expected fairness mechanism waiting";
    let found = sorted(&count);
    // What the system does not tell is left out.
    assert!(
        found == expected || found == expected.trim_end_matches(" waiting"),
        "{found}"
    );
}

fn sorted(names: &str) -> String {
    let mut names: Vec<_> = names.split(' ').collect();
    names.sort_unstable();
    names.join(" ")
}

#[test]
fn the_summary_goes_to_stderr_and_says_what_to_try_next() {
    let output = Command::new(PROGRAM)
        .args(["--mechanism", "mutex", "--increments", "100000"])
        .output()
        .unwrap();
    for words in ["100000 increments", "▕", "start-up", "next: cargo"] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
        assert!(!contains(&output.stdout, words), "{words}: {output:?}");
    }
}
