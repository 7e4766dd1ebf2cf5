//! What is printed, and the run record.

use harness::record::SCHEMA;
use serde_json::Value;

use super::*;

const FEW: [&str; 6] = ["--messages", "20", "--payload", "1B,4KiB", "--blocks", "2"];

#[test]
fn a_table_has_a_row_for_each_way_and_payload() {
    let output = run(&FEW);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<_> = text
        .lines()
        .skip(1)
        .map(|line| {
            line.split_whitespace()
                .take(2)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let of = |payload: &'static str| {
        ways()
            .into_iter()
            .map(move |way| format!("{way} {payload}"))
    };
    assert_eq!(rows, of("1B").chain(of("4KiB")).collect::<Vec<_>>());
    assert!(text.starts_with("way") && text.contains("messages/s"));
    assert!(output.stderr.is_empty(), "--quiet");
}

#[test]
fn a_record_has_a_figure_for_each_block_and_the_case_of_its_payload() {
    let way = ways()[0];
    let record = record(&["--way", way, "--payload", "1MiB", "--blocks", "3"]);
    assert_eq!(record.run.schema, SCHEMA);
    assert_eq!(
        (record.run.scenario.as_str(), record.run.case.as_deref()),
        ("messenger", Some("1mib"))
    );
    assert_eq!(record.run.model, model());
    assert_eq!(record.cells.len(), 1);
    let cell = &record.cells[0];
    assert_eq!((cell.way.as_str(), cell.payload), (way, 1 << 20));
    assert_eq!((cell.round_trip_ns.len(), cell.message_ns.len()), (3, 3));
    let times = cell.round_trip_ns.iter().chain(&cell.message_ns);
    let total = record.run.phases.total_ns() as f64;
    assert!(times.into_iter().all(|time| *time > 0.0 && *time < total));
}

#[test]
fn one_mode_leaves_the_other_one_empty() {
    for (mode, trips, streams) in [("round-trip", 2, 0), ("stream", 0, 2)] {
        for cell in record(&[&FEW[..], &["--mode", mode]].concat()).cells {
            assert_eq!(
                (cell.round_trip_ns.len(), cell.message_ns.len()),
                (trips, streams)
            );
        }
    }
}

/// Both workers are in it: they are who they are, and at the same time.
#[test]
fn a_talk_has_a_span_for_each_worker() {
    let args = [
        "--way",
        ways()[0],
        "--payload",
        "1B",
        "--mode",
        "round-trip",
        "--blocks",
        "1",
    ];
    let run = record(&args).run;
    let workers: Vec<_> = run.spans.iter().map(|span| span.worker).collect();
    let expected: &[u32] = if model() == Model::Sequential {
        &[0]
    } else {
        &[0, 1]
    };
    assert_eq!(workers, expected);
    assert_eq!(run.workers as usize, expected.len());
    let ends = run.phases.total_ns();
    assert!(
        run.spans
            .iter()
            .all(|span| span.start_ns < span.end_ns && span.end_ns <= ends)
    );
}

/// Whoever reads the records of one model reads those of all: these are the fields, for each of them.
#[test]
fn the_record_of_every_model_has_the_same_structure() {
    let output = run(&[&FEW[..], &["--json"]].concat());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fields = |value: &Value| {
        let mut fields: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        fields.sort_unstable();
        fields.join(" ")
    };
    let run = "busy_ns cells cpu latency model outcome phases scenario schema spans unoptimised version workers";
    assert_eq!(fields(&value), run);
    assert_eq!(
        fields(&value["cells"][0]),
        "message_ns payload round_trip_ns way"
    );
}

#[test]
fn the_summary_goes_to_stderr_and_says_what_to_try_next() {
    let output = ended(Command::new(PROGRAM).args(FEW).stdin(Stdio::null()));
    assert!(
        contains(&output.stderr, "next: cargo run --release -p messenger"),
        "{output:?}"
    );
    assert!(!contains(&output.stdout, "next:"), "{output:?}");
    let one = [
        "--way",
        ways()[0],
        "--payload",
        "1B",
        "--mode",
        "stream",
        "--blocks",
        "1",
    ];
    let output = ended(Command::new(PROGRAM).args(one).stdin(Stdio::null()));
    for words in ["messages", "▕", "start-up", "next: cargo"] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
        assert!(!contains(&output.stdout, "▕"), "{output:?}");
    }
}
