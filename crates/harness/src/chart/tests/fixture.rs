//! Made-up figures: usual ones, and such as break charts.

use crate::chart::{
    Axis, Chart, Cost, CostCurve, CpuRow, Cross, Curve, Head, Lanes, Look, MarksRow, MemoryRow,
    Point, Quantity, RatioRow, Size, Unit, WallRow, cpu, curves, marks, memory, ratio, scaling,
    timeline, wall,
};
use crate::record::{Model, Phases, Span, SpanKind};
use crate::stats::Interval;

pub(super) type Draw = Box<dyn Fn(Size) -> Chart>;

pub(super) const LOOKS: [Look; 8] = [
    Look::Model(Model::Threads),
    Look::Model(Model::Processes),
    Look::Model(Model::Sequential),
    Look::Model(Model::Async),
    Look::Reference(Model::Threads),
    Look::Reference(Model::Processes),
    Look::Command,
    Look::Noise,
];

pub(super) const NAMES: [&str; 8] = [
    "threads",
    "processes",
    "sequential",
    "async",
    "python-threads",
    "a<b>&\"c\" 'd'\n\u{1b}[1m",
    "find . -type f -print0 | xargs -0 -n1 -P4 sha256sum --tag --some-option=/a/path/that/does/not/end",
    "aVeryLongNameWithoutAnyPlaceToBreakItAtWhichGoesOnAndOn",
];

/// One of each of usual figures, under its name; then those that are hard to draw.
pub(super) fn all() -> Vec<(&'static str, Draw)> {
    let mut all = vec![
        ("ratio", ratios(&[1.0, 1.04, 1.95])),
        ("wall", walls(&[0.379, 0.391, 0.736])),
        ("scaling", scalings(2, &[1, 2, 4, 8])),
        ("cpu", cpus(&[0.62, 0.63, 0.6])),
        ("memory", memories(&[6_000_000, 17_400_000, 5_000_000])),
        ("timeline", timelines(2, 2)),
        (
            "marks",
            many_marks(
                &[1.4e-10, 8.1e-9, 3.8e-8, 1.8e-6],
                Quantity::Time("an increment"),
            ),
        ),
        (
            "shares",
            many_marks(&[0.0, 0.35, 1.0], Quantity::Share("of the increments")),
        ),
        (
            "curves",
            costs(&[5e-5, 9e-4, 0.0], Unit::Seconds, &doubled(4e-6, 14)),
        ),
        (
            "payloads",
            costs(
                &[2e-5, 3e-5],
                Unit::Bytes,
                &[&[0.0], &doubled(1.0, 27)[..]].concat(),
            ),
        ),
    ];
    let extreme = [1.0, 2.5e-7, 1e9, 1.000_01, 0.5, 33.0, 1_800.0, 0.999];
    all.extend([
        ("ratio", ratios(&extreme)),
        ("ratio", ratios(&[1.0])),
        ("ratio", ratios(&[1.0, 1.0001])),
        ("ratio", ratios(&[1.0, f64::NAN])),
        ("wall", walls(&extreme)),
        ("wall", walls(&[3.2e-8])),
        ("wall", walls(&[4e6, 4.1e6])),
        ("scaling", scalings(8, &[1, 2, 4, 8])),
        ("scaling", scalings(1, &[1, 2])),
        ("scaling", scalings(3, &[1, 64, 128])),
        ("scaling", scalings(2, &[1, 2, 3, 4, 5, 6, 7, 8, 128])),
        (
            "marks",
            many_marks(&extreme, Quantity::Time("an increment")),
        ),
        (
            "marks",
            many_marks(&[0.0, f64::NAN], Quantity::Time("an increment")),
        ),
        ("marks", many_marks(&[], Quantity::Time("an increment"))),
        ("curves", costs(&extreme, Unit::Count, &[1.0, 2.0, 64.0])),
        ("curves", costs(&[1.0], Unit::Count, &[0.0])),
        (
            "curves",
            costs(&[1.0, f64::NAN], Unit::Bytes, &[1024.0, 1500.0]),
        ),
        ("curves", costs(&[1.0; 8], Unit::Bytes, &[0.0, 1e-3, 1e15])),
        ("curves", costs(&[], Unit::Seconds, &[])),
        ("cpu", cpus(&extreme)),
        ("cpu", cpus(&[0.0])),
        ("memory", memories(&[0])),
        ("memory", memories(&[1, 1 << 43, 1 << 20, 3, 4, 5, 6, 7])),
        ("timeline", timelines(8, 3)),
        ("timeline", timelines(1, 200)),
        ("timeline", timelines(0, 0)),
    ]);
    all
}

pub(super) fn head() -> Head {
    Head {
        finding: "processes are 1.04x slower than threads (95% CI 1.02 to 1.05, 20 blocks)"
            .to_owned(),
        about: "64 files of 16 MiB: with 95 % intervals, n = 20 blocks".to_owned(),
        description: "processes: 1.04x, 1.02 to 1.05.".to_owned(),
    }
}

fn around(value: f64) -> Interval {
    Interval {
        low: value * 0.98,
        high: value * 1.03,
        level: 0.95,
    }
}

fn each<T>(values: &[f64], row: impl Fn(String, Look, f64) -> T) -> Vec<T> {
    let whose = NAMES.iter().zip(LOOKS);
    whose
        .zip(values)
        .map(|((name, look), value)| row((*name).to_owned(), look, *value))
        .collect()
}

fn ratios(values: &[f64]) -> Draw {
    let rows = each(values, |name, look, value| RatioRow {
        ratio: Some((value, (name != "threads").then(|| around(value)))),
        instead: (name == "threads").then(|| "baseline".to_owned()),
        name,
        look,
    });
    Box::new(move |size| ratio(&head(), &rows, 0.03, size))
}

fn walls(values: &[f64]) -> Draw {
    let rows = each(values, |name, look, value| WallRow {
        name,
        look,
        median_s: Some((value, Some(around(value)))),
        runs_s: (0..20)
            .map(|run| value * (0.9 + 0.01 * f64::from(run * 7 % 20)))
            .collect(),
    });
    Box::new(move |size| wall(&head(), &rows, size))
}

fn scalings(count: usize, workers: &[u32]) -> Draw {
    let slopes: Vec<f64> = (0..count).map(|place| 0.9 / (place + 1) as f64).collect();
    let point = |&workers: &u32, slope: f64| {
        let speedup = f64::from(workers).powf(slope);
        Point {
            workers,
            speedup,
            interval: Some(around(speedup)),
        }
    };
    let curves = each(&slopes, |name, look, slope| Curve {
        name,
        look,
        points: workers
            .iter()
            .map(|workers| point(workers, slope))
            .collect(),
        fit: if count == 2 {
            vec![(1.0, 1.0), (2.0, 1.6)]
        } else {
            Vec::new()
        },
    });
    let cores = workers.get(1).copied();
    Box::new(move |size| scaling(&head(), &curves, cores, size))
}

fn cpus(values: &[f64]) -> Draw {
    let rows = each(values, |name, look, value| CpuRow {
        name,
        look,
        user_s: value,
        system_s: value / 5.0,
        off_s: Some(value / 50.0),
    });
    Box::new(move |size| cpu(&head(), &rows, size))
}

fn memories(values: &[u64]) -> Draw {
    let figures: Vec<f64> = values.iter().map(|&bytes| bytes as f64).collect();
    let rows = each(&figures, |name, look, bytes| MemoryRow {
        name,
        look,
        private_bytes: bytes as u64,
        shared_bytes: bytes as u64 / 3,
        processes: 3,
    });
    Box::new(move |size| memory(&head(), &rows, size))
}

/// Two contestants in each row, the second slower by an eighth.
fn many_marks(values: &[f64], quantity: Quantity) -> Draw {
    let rows = each(values, |name, _, value| MarksRow {
        name,
        marks: [(Model::Threads, 1.0), (Model::Processes, 1.125)]
            .map(|(model, times): (Model, f64)| {
                let value = if matches!(quantity, Quantity::Share(_)) {
                    value
                } else {
                    value * times
                };
                (
                    model.name().to_owned(),
                    Look::Model(model),
                    value,
                    Some(around(value)),
                )
            })
            .to_vec(),
    });
    Box::new(move |size| marks(&head(), &rows, quantity, size))
}

fn doubled(first: f64, count: i32) -> Vec<f64> {
    (0..count).map(|power| first * 2_f64.powi(power)).collect()
}

/// Each costs so much at once; where sizes are times, half of the size besides, and without anything at once all of it.
fn costs(once: &[f64], unit: Unit, sizes: &[f64]) -> Draw {
    let each_unit = if unit == Unit::Seconds { 1.0 } else { 1e-10 };
    let all = each(once, |name, look, once| CostCurve {
        name,
        look,
        costs: sizes
            .iter()
            .map(|&size| {
                let cost = once + size * each_unit * if once > 0.0 { 0.5 } else { 1.0 };
                Cost {
                    size,
                    cost,
                    interval: Some(around(cost)),
                }
            })
            .collect(),
        cross: (once > 0.0 && unit == Unit::Seconds).then_some(Cross {
            size: 2.0 * once,
            sizes: (1.8 * once, 2.3 * once),
            cost: 2.0 * once,
        }),
    });
    let across = Axis {
        unit,
        name: "the size, logarithmic",
    };
    let up = Axis {
        unit: Unit::Seconds,
        name: "the cost, logarithmic",
    };
    Box::new(move |size| curves(&head(), &all, across, up, size))
}

/// Each worker does 20 tasks; every third is waiting.
fn timelines(count: usize, workers: u32) -> Draw {
    let span = |worker: u32, task: u32| Span {
        worker,
        task: u64::from(task),
        tasks: 1,
        kind: if task.is_multiple_of(3) {
            SpanKind::Waiting
        } else {
            SpanKind::Computing
        },
        start_ns: 1_000_000 + u64::from(task) * 2_000_000,
        end_ns: 1_000_000 + u64::from(task) * 2_000_000 + 1_900_000,
        busy_ns: 1_900_000 >> (task % 2),
    };
    let spans: Vec<Span> = (0..workers)
        .flat_map(|worker| (0..20).map(move |task| span(worker, task)))
        .collect();
    let runs = each(&vec![0.0; count], |name, look, _| Lanes {
        name,
        look,
        worker: "process".to_owned(),
        phases: Phases {
            startup_ns: 1_000_000,
            work_ns: 40_000_000,
            shutdown_ns: 2_000_000,
        },
        spans: spans.clone(),
    });
    Box::new(move |size| timeline(&head(), &runs, size))
}
