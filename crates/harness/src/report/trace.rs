//! Timelines as trace events, which Perfetto and `chrome://tracing` open.
//!
//! The format is the JSON object of Google's "Trace Event Format": complete events (`X`) with start and
//! length in microseconds, and metadata events (`M`) that name processes and threads. What the viewer
//! calls a process is one run of threads, or one process; the numbers of both are made up.

use serde_json::{Value, json};

use crate::measure::samples::{Sample, Samples};
use crate::record::{Model, Phases, RunRecord, Span, SpanKind};

/// One text for each case of which any run has spans, as scenario, case, and text. All contestants stand
/// in it, each from its own beginning on: a track a thread or process, and one for the run's phases.
pub fn traces(samples: &Samples) -> Vec<(String, String, String)> {
    let scenarios = samples.header.scenarios.iter();
    let cases =
        scenarios.flat_map(|plan| plan.cases.iter().map(move |case| (&plan.name, &case.name)));
    let trace = |(scenario, case): (&String, &String)| {
        let text = trace(&shown(samples, scenario, case))?;
        Some((scenario.clone(), case.clone(), text))
    };
    cases.filter_map(trace).collect()
}

/// The runs with spans, in the order of the plan.
fn shown<'a>(samples: &'a Samples, scenario: &str, case: &str) -> Vec<(&'a Sample, &'a RunRecord)> {
    let plans = samples
        .header
        .scenarios
        .iter()
        .filter(|plan| plan.name == scenario);
    let contestants = plans.flat_map(|plan| &plan.contestants);
    let first = |plan: &crate::measure::samples::ContestantPlan| {
        let mut runs = samples
            .samples
            .iter()
            .filter_map(|run| Some((run, run.record.as_ref()?)));
        runs.find(|(run, record)| {
            run.scenario == scenario
                && run.case == case
                && run.contestant == plan.name
                && run.workers == plan.workers
                && !run.control
                && run.block > 0
                && !record.spans.is_empty()
        })
    };
    contestants.filter_map(first).collect()
}

fn trace(runs: &[(&Sample, &RunRecord)]) -> Option<String> {
    if runs.is_empty() {
        return None;
    }
    let mut events = Vec::new();
    for (place, (run, record)) in runs.iter().enumerate() {
        events.extend(of_run(place as u32, run, record));
    }
    let lines: Vec<_> = events.iter().map(Value::to_string).collect();
    Some(format!(
        "{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{}\n]}}\n",
        lines.join(",\n")
    ))
}

/// Where a track is: the numbers of its process and its thread.
#[derive(Clone, Copy)]
struct Track {
    pid: u32,
    tid: u32,
}

fn of_run(place: u32, run: &Sample, record: &RunRecord) -> Vec<Value> {
    let name = format!("{} ({})", run.contestant, run.workers);
    // Far enough apart for any number of workers that a record may have.
    let first = 1 + place * 100_000;
    let top = Track { pid: first, tid: 0 };
    let mut events = vec![
        named("process_name", top, &name),
        named("thread_name", top, "the run"),
    ];
    events.push(
        json!({"ph": "M", "name": "process_sort_index", "pid": top.pid, "tid": 0,
        "args": {"sort_index": top.pid}}),
    );
    events.extend(phases(top, record.phases));
    let workers = record
        .spans
        .iter()
        .map(|span| span.worker + 1)
        .max()
        .unwrap_or(0);
    for worker in 0..workers {
        let track = track(record.model, first, worker);
        let called = format!("{} {}", record.worker(), worker + 1);
        if track.pid != top.pid {
            events.push(named("process_name", track, &format!("{name}: {called}")));
        }
        events.push(named("thread_name", track, &called));
        let spans = record.spans.iter().filter(|span| span.worker == worker);
        events.extend(spans.map(|span| task(track, span)));
    }
    events
}

/// Threads belong to their process; processes stand for themselves.
fn track(model: Model, first: u32, worker: u32) -> Track {
    match model {
        Model::Processes => Track {
            pid: first + 1 + worker,
            tid: 1,
        },
        _ => Track {
            pid: first,
            tid: worker + 1,
        },
    }
}

fn named(what: &str, track: Track, name: &str) -> Value {
    json!({"ph": "M", "name": what, "pid": track.pid, "tid": track.tid, "args": {"name": name}})
}

fn phases(track: Track, phases: Phases) -> Vec<Value> {
    let mut begin = 0;
    let parts = [
        ("startup", phases.startup_ns),
        ("work", phases.work_ns),
        ("shutdown", phases.shutdown_ns),
    ];
    let event = |(name, long): (&str, u64)| {
        let event = json!({"ph": "X", "name": name, "cat": "phase", "pid": track.pid,
            "tid": track.tid, "ts": us(begin), "dur": us(long)});
        begin += long;
        event
    };
    parts.into_iter().map(event).collect()
}

fn task(track: Track, span: &Span) -> Value {
    let name = if span.tasks == 1 {
        format!("task {}", span.task)
    } else {
        format!("{} tasks from {}", span.tasks, span.task)
    };
    let kind = match span.kind {
        SpanKind::Computing => "computing",
        SpanKind::Waiting => "waiting",
    };
    json!({"ph": "X", "name": name, "cat": kind, "pid": track.pid, "tid": track.tid,
        "ts": us(span.start_ns), "dur": us(span.end_ns.saturating_sub(span.start_ns)),
        "args": {"tasks": span.tasks, "busy_us": us(span.busy_ns)}})
}

fn us(ns: u64) -> f64 {
    ns as f64 / 1e3
}
