//! Hand-made measurements.

use std::collections::BTreeMap;

use crate::measure::environment::Environment;
use crate::measure::samples::{
    self, CasePlan, ContestantPlan, Header, Sample, Samples, ScenarioPlan,
};
use crate::record::{self, CpuTime, Model, Outcome, Phases, RunRecord};
use crate::report::{self, ReportError, ScenarioFindings};

/// What there is to find in runs alone.
pub(super) fn analyse(
    header: &Header,
    samples: &[Sample],
) -> Result<Vec<ScenarioFindings>, ReportError> {
    report::analyse(&Samples {
        samples: samples.to_vec(),
        ..Samples::new(header.clone())
    })
}

type Contestant = (&'static str, Model, u32);

/// A measurement with one scenario, `hasher`, whose baseline is `threads`.
pub(super) fn header(blocks: u32, contestants: &[Contestant]) -> Header {
    let plan = |&(name, model, workers): &Contestant| ContestantPlan {
        name: name.to_owned(),
        model,
        workers,
        command: None,
        own_checksum: false,
    };
    Header {
        schema: samples::SCHEMA,
        version: "0.1.0".to_owned(),
        command: "versus run hasher".to_owned(),
        started_s: 1_780_000_000,
        seed: 42,
        blocks,
        check_output: false,
        scenarios: vec![ScenarioPlan {
            name: "hasher".to_owned(),
            question: "Is hashing files faster with threads or with processes?".to_owned(),
            article: None,
            cases: vec![case("large", "4 files of 16 MiB")],
            contestants: contestants.iter().map(plan).collect(),
            baseline: "threads".to_owned(),
        }],
        environment: Environment {
            cores: Some(2),
            ..Environment::default()
        },
    }
}

pub(super) const THREADS: Contestant = ("threads", Model::Threads, 2);
pub(super) const PROCESSES: Contestant = ("processes", Model::Processes, 2);
pub(super) const SEQUENTIAL: Contestant = ("sequential", Model::Sequential, 1);

pub(super) fn case(name: &str, title: &str) -> CasePlan {
    CasePlan {
        name: name.to_owned(),
        title: title.to_owned(),
        failing: false,
    }
}

/// What a run said of itself.
pub(super) fn record_of(run: &mut Sample) -> &mut RunRecord {
    run.record.as_mut().expect("all of these have a record")
}

/// A run of `contestant` in case `large` that took so many microseconds, without CPU time.
pub(super) fn run(contestant: Contestant, block: u32, wall_us: u64) -> Sample {
    let (name, model, workers) = contestant;
    Sample {
        scenario: "hasher".to_owned(),
        case: "large".to_owned(),
        contestant: name.to_owned(),
        workers,
        block,
        position: 0,
        control: false,
        wall_ns: wall_us * 1000,
        cpu: None,
        switches: None,
        faults: None,
        record: Some(record(model, workers)),
        output: None,
        more: BTreeMap::new(),
    }
}

/// The runs of `contestant` in blocks 0, 1, 2 and so on.
pub(super) fn runs(contestant: Contestant, walls_us: &[u64]) -> Vec<Sample> {
    (0..)
        .zip(walls_us)
        .map(|(block, &wall_us)| run(contestant, block, wall_us))
        .collect()
}

/// The same runs as control runs.
pub(super) fn control(runs: Vec<Sample>) -> Vec<Sample> {
    runs.into_iter()
        .map(|run| Sample {
            control: true,
            ..run
        })
        .collect()
}

/// The same runs with so many cores in use on average, three quarters of it in user code.
pub(super) fn with_cpu(runs: Vec<Sample>, cores_used: f64) -> Vec<Sample> {
    let with_cpu = |run: Sample| {
        let total_ns = (run.wall_ns as f64 * cores_used) as u64;
        let cpu = CpuTime {
            user_ns: total_ns - total_ns / 4,
            system_ns: total_ns / 4,
        };
        Sample {
            cpu: Some(cpu),
            ..run
        }
    };
    runs.into_iter().map(with_cpu).collect()
}

/// Wall times in microseconds: a warm-up that took far longer, then `n` blocks near `level` that drift,
/// with a jitter of up to 1.2 % that differs from `salt` to `salt`.
pub(super) fn drifting(n: u32, level: u64, salt: u32) -> Vec<u64> {
    let near = |block: u32| {
        let jitter = u64::from((block * (3 + 2 * salt) + salt) % 13);
        level + level * u64::from(block) / 100 + level * jitter / 1000
    };
    std::iter::once(level * 9)
        .chain((1..=n).map(near))
        .collect()
}

fn record(model: Model, workers: u32) -> RunRecord {
    RunRecord {
        schema: record::SCHEMA,
        scenario: "hasher".to_owned(),
        case: Some("large".to_owned()),
        model,
        workers,
        processes: None,
        version: "0.1.0".to_owned(),
        unoptimised: false,
        phases: Phases::default(),
        cpu: None,
        outcome: Outcome {
            items: 4,
            failed: 0,
            bytes: 67_108_864,
            checksum: "c0ffee".to_owned(),
        },
        latency: None,
        busy_ns: None,
        spans: Vec::new(),
    }
}
