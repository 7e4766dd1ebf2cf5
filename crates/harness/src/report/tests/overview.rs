//! Several measurements beside each other, and the page of one.

use crate::measure::samples::{Article, Samples};
use crate::report::overview::{Measured, contents, overview, picture};
use crate::report::tests::pages::measurement;
use crate::report::{ScenarioFindings, analyse, page};

fn samples() -> Samples {
    let (mut header, samples) = measurement();
    header.scenarios[0].article = Some(Article {
        claim: "It is calculating, and * is a sign.".to_owned(),
        advice: "processes".to_owned(),
    });
    Samples {
        samples,
        ..Samples::new(header)
    }
}

fn with<T>(say: impl Fn(&[Measured]) -> T) -> T {
    let samples = samples();
    let findings: Vec<ScenarioFindings> = analyse(&samples).unwrap();
    say(&[Measured {
        name: "hasher",
        link: "hasher/README.md",
        header: &samples.header,
        findings: &findings,
    }])
}

#[test]
fn a_case_has_a_line_with_the_advice_the_times_and_the_verdict() {
    let table = with(overview);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[2].matches(" | ").count(), 5, "{table}");
    for part in [
        "| **[hasher](hasher/README.md)**: 4 files of 16 MiB | **processes**: It is calculating, and \\* is a sign. |",
        "threads: 362 ms<br>processes: 367 ms |",
        "| processes: equivalent within 3 %, ",
        ", n = 10 |",
        "| same program twice: ",
    ] {
        assert!(lines[2].contains(part), "`{part}`: {}", lines[2]);
    }
    // What the article says of both is said once, and references are not what the question is about.
    assert!(lines[3].contains(" | **processes** | "), "{}", lines[3]);
    assert!(lines[3].contains("x slower ("), "{}", lines[3]);
    assert!(
        !table.contains("python") && !table.contains("sequential:"),
        "{table}"
    );
}

#[test]
fn the_picture_counts_what_it_shows() {
    let drawn = with(picture).unwrap();
    assert_eq!(
        drawn.finding(),
        "Processes against threads, 2 comparisons: slower in 1, equivalent within 3 % in 1"
    );
    let file = drawn.file();
    assert_eq!(file.matches("processes mark").count(), 2, "{file}");
    assert!(!file.contains("threads mark"), "{file}");
}

#[test]
fn what_was_not_measurable_is_not_said_to_be_no_difference() {
    let mut samples = samples();
    let one_core = |block| {
        let line = format!(
            r#"{{"scenario":"hasher","case":"large","block":{block},"cores_before":1.0,"cores_after":1.0}}"#
        );
        serde_json::from_str(&line).unwrap()
    };
    samples.blocks = (1..=10).map(one_core).collect();
    let findings = analyse(&samples).unwrap();
    let all = [Measured {
        name: "hasher",
        link: "hasher/README.md",
        header: &samples.header,
        findings: &findings,
    }];
    assert_eq!(
        picture(&all).unwrap().finding(),
        "Processes against threads, 2 comparisons: slower in 1, not measurable here in 1"
    );
    assert!(overview(&all).contains("| processes: not measurable here |"));
}

#[test]
fn a_page_shows_every_chart_beside_its_table() {
    let samples = samples();
    let findings = analyse(&samples).unwrap();
    let text = page(&samples, &findings);
    for part in [
        "\n# Measured: hasher\n",
        "What the article says: It is calculating, and \\* is a sign. Its advice: **processes**.\n",
        "](charts/hasher-large-ratio.svg)\n",
        "](charts/hasher-small-cpu.svg)\n",
        "- CPU: Example CPU \\| 9\n",
        "[samples.jsonl](samples.jsonl)",
    ] {
        assert!(text.contains(part), "`{part}`: {text}");
    }
    // Nobody looked at its memory.
    assert!(!text.contains("-memory.svg"), "{text}");
}

#[test]
fn what_was_not_said_is_said_not_to_be() {
    let mut samples = samples();
    samples.header.scenarios[0].article = None;
    let findings = analyse(&samples).unwrap();
    let all = [Measured {
        name: "hasher",
        link: "hasher/README.md",
        header: &samples.header,
        findings: &findings,
    }];
    let text = contents(&all, &[], "overview.svg");
    assert_eq!(
        text.matches("| not said in these samples |").count(),
        1,
        "{text}"
    );
    assert!(page(&samples, &findings).contains("not said in these samples"));
}
