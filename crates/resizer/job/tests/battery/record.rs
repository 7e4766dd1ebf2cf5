//! The run record says what happened.

use harness::record::{Model, SCHEMA};

use super::*;

#[test]
fn a_record_counts_items_failures_and_bytes() {
    let dir = photos(["a.jpg", "b.jpg", "c.jpg"]);
    put(dir.path(), "out/c.jpg", b"old");
    let args = ["--json", "a.jpg", "nosuch", "b.jpg", "c.jpg"];
    let output = run(dir.path(), args);
    assert_eq!(status(&output), Some(1));
    let record = record(&output);
    assert_eq!(record.schema, SCHEMA);
    assert_eq!(record.scenario, "resizer");
    assert_eq!(record.case, None);
    let outcome = &record.outcome;
    let bytes = 2 * some_photo().len() as u64;
    assert_eq!(
        (outcome.items, outcome.failed, outcome.bytes),
        (4, 1, bytes)
    );
    assert_eq!(record.spans.iter().map(|span| span.tasks).sum::<u64>(), 4);
    let ends = record.phases.total_ns();
    let mut spans = record.spans.iter();
    assert!(spans.all(|span| span.start_ns <= span.end_ns && span.end_ns <= ends));
    assert!(record.cpu.unwrap().total_ns() > 0);
}

/// The digest by another program.
fn sha256(dir: &Path, bytes: &[u8]) -> String {
    put(dir, "hashed", bytes);
    let output = Command::new("sha256sum").arg(dir.join("hashed")).output();
    String::from_utf8(output.unwrap().stdout[..64].to_vec()).unwrap()
}

#[test]
fn the_checksum_is_over_the_digests_of_the_outputs_in_order() {
    if Command::new("sha256sum").arg("--version").output().is_err() {
        println!("skipped: no sha256sum");
        return;
    }
    let dir = photos(["in/a.jpg", "in/c/d.jpg", "in/k.jpg"]);
    put(dir.path(), "in/b.jpg", b"bad");
    put(dir.path(), "out/k.jpg", b"old");
    let record = record(&run(dir.path(), ["--json", "-r", "in"]));
    let digest = |name| {
        let content = fs::read(dir.path().join("out").join(name)).unwrap();
        sha256(dir.path(), &content)
    };
    let text = format!(
        "{}  a.jpg\nfailed  in/b.jpg\n{}  c/d.jpg\nkept  k.jpg\n",
        digest("a.jpg"),
        digest("c/d.jpg")
    );
    let expected = sha256(dir.path(), text.as_bytes());
    assert_eq!(record.outcome.checksum, expected);
}

/// Of this seed's photos, resized by this version: whoever changes the sample changes every figure, and whoever
/// changes the pixels changes what users get. Every model has the same.
#[cfg(target_arch = "x86_64")]
const SAMPLE_CHECKSUM: &str = "783f6a97915c0c71892643e1654e26be4ac959ad73964975e15bca1567b8c7b0";

#[cfg(target_arch = "x86_64")]
#[test]
fn every_model_makes_the_same_of_the_sample_as_ever() {
    let tmp = tempfile::tempdir().unwrap();
    let mut command = program(tmp.path());
    command
        .env("TMPDIR", tmp.path())
        .args(["--case", "mixed", "--json"])
        .args(more_workers());
    let output = command.output().unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    let record = record(&output);
    assert_eq!(record.case.as_deref(), Some("mixed"));
    let outcome = &record.outcome;
    assert_eq!((outcome.items, outcome.failed), (MIXED as u64, 0));
    assert_eq!(outcome.checksum, SAMPLE_CHECKSUM);
}

#[test]
fn model_and_workers_are_told() {
    let dir = photos(["a.jpg"]);
    let output = program(dir.path())
        .args(["--out", "out", "--size", "80", "--json", "--workers", "1"])
        .arg("a.jpg")
        .output()
        .unwrap();
    let record = record(&output);
    assert_eq!(record.workers, 1);
    let expected = match Path::new(PROGRAM).file_name().unwrap().to_str().unwrap() {
        "resizer" => Model::Sequential,
        "resizer-threads" => Model::Threads,
        "resizer-processes" => Model::Processes,
        other => panic!("{other}"),
    };
    assert_eq!(record.model, expected);
}

#[test]
fn the_summary_goes_to_stderr_and_shows_a_timeline() {
    let dir = photos(["a.jpg", "b.jpg"]);
    let output = Command::new(PROGRAM)
        .current_dir(dir.path())
        .args(["--out", "out", "--size", "80", "a.jpg", "b.jpg"])
        .output()
        .unwrap();
    for words in ["2 pictures", "▕", "start-up", "CPU time", "next: cargo"] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
        assert!(!contains(&output.stdout, words), "{words}: {output:?}");
    }
}
