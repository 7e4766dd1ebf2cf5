//! The run record says what happened.

use harness::record::{Model, RunRecord, SCHEMA, SpanKind};

use super::*;

/// Of the five pages of the sample: whoever changes them changes every figure.
const CHECKSUM: &str = "2b73a21670275c27ff1304be33aa55eef36df48635b7cbcda5ca57b8ee088761";

fn record(output: &Output) -> RunRecord {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn the_sample_has_the_same_record_for_every_model() {
    let dir = tempfile::tempdir().unwrap();
    let record = record(&run(dir.path(), ["--json"]));
    assert_eq!(
        (record.schema, record.scenario.as_str()),
        (SCHEMA, "downloader")
    );
    assert_eq!(record.case.as_deref(), Some("five-pages"));
    let outcome = &record.outcome;
    assert_eq!(
        (outcome.items, outcome.failed, outcome.bytes),
        (5, 0, 50_000)
    );
    assert_eq!(outcome.checksum, CHECKSUM);
    let (model, workers) = match Path::new(PROGRAM).file_name().unwrap().to_str().unwrap() {
        "downloader" => (Model::Sequential, 1),
        "downloader-threads" => (Model::Threads, 5),
        "downloader-async" => (Model::Async, 5),
        "downloader-processes" => (Model::Processes, 5),
        other => panic!("{other}"),
    };
    assert_eq!((record.model, record.workers), (model, workers));
}

#[test]
fn a_page_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let record = record(&run(dir.path(), ["--json"]));
    assert_eq!(record.spans.len(), 5);
    assert!(
        record
            .spans
            .iter()
            .all(|span| span.kind == SpanKind::Waiting)
    );
    let ends = record.phases.total_ns();
    let inside = |span: &harness::record::Span| span.start_ns <= span.end_ns && span.end_ns <= ends;
    assert!(record.spans.iter().all(inside));
    // It is 200 ms away.
    assert!(record.spans.iter().all(|span| span.busy_ns >= 200_000_000));
    let workers: std::collections::BTreeSet<_> =
        record.spans.iter().map(|span| span.worker).collect();
    assert_eq!(workers.len(), if is_sequential() { 1 } else { 5 });
}

#[test]
fn the_port_of_a_site_is_nothing_of_the_result() {
    let dir = tempfile::tempdir().unwrap();
    let checksum = |site: &Site| {
        let list = page(site, "/urls?count=20&append=?encode=gzip");
        fs::write(dir.path().join("list"), list).unwrap();
        record(&run(dir.path(), ["--json", "--input-file", "list"]))
            .outcome
            .checksum
    };
    let (one, other) = (site(), site());
    assert_ne!(one.url(), other.url());
    assert_eq!(checksum(&one), checksum(&other));
}

#[test]
fn failures_are_counted_and_belong_to_the_result() {
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let url = |path: &str| format!("{}/{path}", site.url());
    let of = |path: &str| {
        let output = run(
            dir.path(),
            ["--json", "--retries", "0", &url("page/1"), &url(path)],
        );
        (status(&output), record(&output).outcome)
    };
    let (bad_status, bad) = of("status/404/x");
    assert_eq!(
        (bad_status, bad.items, bad.failed, bad.bytes),
        (Some(1), 2, 1, 10_000)
    );
    let (good_status, good) = of("page/2");
    assert_eq!((good_status, good.failed), (Some(0), 0));
    assert_ne!(good.checksum, bad.checksum);
}

#[test]
fn several_workers_of_a_process_are_told() {
    if is_sequential() {
        return;
    }
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    fs::write(dir.path().join("list"), page(&site, "/urls?count=60")).unwrap();
    let record = record(&run(
        dir.path(),
        ["--json", "--workers", "50", "--input-file", "list"],
    ));
    let expected = (record.model == Model::Processes).then_some(5);
    assert_eq!((record.workers, record.processes), (50, expected));
}

#[test]
fn the_summary_goes_to_stderr_and_shows_a_timeline() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .output()
        .unwrap();
    for words in [
        "no URL was named",
        "5 pages",
        "··",
        "waiting",
        "CPU time",
        "next: cargo",
    ] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
        assert!(!contains(&output.stdout, words), "{words}: {output:?}");
    }
}
