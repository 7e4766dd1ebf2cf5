//! Timelines as trace events.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fixture::{PROCESSES, THREADS, header, record_of, run};
use crate::measure::samples::Samples;
use crate::record::{Phases, Span, SpanKind};
use crate::report::traces;

fn measured() -> Samples {
    let mut samples = Vec::new();
    for contestant in [THREADS, PROCESSES] {
        for block in 0..3 {
            let mut one = run(contestant, block, 400);
            let record = record_of(&mut one);
            record.phases = Phases {
                startup_ns: 1_500,
                work_ns: 300_000,
                shutdown_ns: 7,
            };
            record.spans = (0..4).map(|task| span(task, u64::from(block))).collect();
            samples.push(one);
        }
    }
    Samples {
        samples,
        ..Samples::new(header(3, &[THREADS, PROCESSES]))
    }
}

fn span(task: u64, block: u64) -> Span {
    Span {
        worker: (task % 2) as u32,
        task,
        tasks: 1 + task % 2,
        kind: if task == 3 {
            SpanKind::Waiting
        } else {
            SpanKind::Computing
        },
        start_ns: 2_000 + task * 50_000 + block,
        end_ns: 40_000 + task * 50_000 + block,
        busy_ns: 30_000,
    }
}

fn events() -> Vec<Value> {
    let all = traces(&measured());
    let [(scenario, case, text)] = &all[..] else {
        panic!("{} cases", all.len())
    };
    assert_eq!((scenario.as_str(), case.as_str()), ("hasher", "large"));
    let whole: Value = serde_json::from_str(text).unwrap();
    whole["traceEvents"].as_array().unwrap().clone()
}

fn named(events: &[Value], what: &str) -> Vec<String> {
    let names = events.iter().filter(|event| event["name"] == what);
    names
        .map(|event| event["args"]["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_thread_and_every_process_has_a_track_of_its_own() {
    let events = events();
    let expected = [
        "threads (2)",
        "processes (2)",
        "processes (2): process 1",
        "processes (2): process 2",
    ];
    assert_eq!(named(&events, "process_name"), expected);
    let threads = [
        "the run",
        "thread 1",
        "thread 2",
        "the run",
        "process 1",
        "process 2",
    ];
    assert_eq!(named(&events, "thread_name"), threads);
    let tasks = events
        .iter()
        .filter(|event| event["cat"] == "computing" || event["cat"] == "waiting");
    let tracks: BTreeSet<String> = tasks
        .map(|event| format!("{}/{}", event["pid"], event["tid"]))
        .collect();
    assert_eq!(tracks.len(), 4);
}

#[test]
fn times_are_microseconds_of_the_first_counted_block() {
    let events = events();
    let task = events
        .iter()
        .find(|event| event["name"] == "task 0")
        .unwrap();
    assert_eq!(
        (&task["ph"], &task["ts"], &task["dur"]),
        (&"X".into(), &2.001.into(), &38.0.into())
    );
    let work = events.iter().find(|event| event["name"] == "work").unwrap();
    assert_eq!((&work["ts"], &work["dur"]), (&1.5.into(), &300.0.into()));
    assert_eq!(
        events
            .iter()
            .filter(|event| event["cat"] == "waiting")
            .count(),
        2
    );
    assert!(events.iter().any(|event| event["name"] == "2 tasks from 1"));
}

#[test]
fn runs_without_spans_make_no_timeline() {
    let mut samples = measured();
    for run in &mut samples.samples {
        record_of(run).spans.clear();
    }
    assert!(traces(&samples).is_empty());
}
