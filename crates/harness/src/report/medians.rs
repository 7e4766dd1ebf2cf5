//! Medians over the counted runs of a contestant, of what is counted beside wall time.

use crate::measure::samples::{Faults, Sample, Switches};
use crate::record::{CpuTime, Latency};
use crate::report::blocks::{Blocks, wall_s};
use crate::stats::median::median_of;

/// Medians over the runs of which the CPU time is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CpuMedians {
    /// User and system time of a run, in seconds.
    pub total_s: f64,
    /// User time, in seconds.
    pub user_s: f64,
    /// System time, in seconds.
    pub system_s: f64,
    /// The share of wall time x workers in which no CPU was used: 0 to 1. It holds every reason: waiting
    /// for a disk or an answer, having nothing to do, not being started yet or gone already, and being
    /// ready while there was no free core. A parent that works beside its workers lessens it; it is 0
    /// where they used more than wall time x workers. `None` where nobody knows how many workers there were.
    pub off_share: Option<f64>,
    /// The share of the time that workers were at tasks in which no CPU was used, however many workers
    /// there were: they waited for what the task needs, or for a core. The CPU time of everything else
    /// (starting, the parent) counts against it, so it is rather too small. `None` where the program does
    /// not tell how long its workers were at tasks.
    pub waiting_share: Option<f64>,
}

/// Medians over the runs that tell how long their single tasks took, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatencyMedians {
    /// Half of the tasks took at most this long.
    pub p50_s: f64,
    /// Nine in ten.
    pub p90_s: f64,
    /// 99 in 100.
    pub p99_s: f64,
    /// The longest.
    pub max_s: f64,
}

/// Medians over the runs of which the context switches are known, of the whole tree of processes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SwitchMedians {
    /// Because it had to wait.
    pub voluntary: f64,
    /// Because its time was over.
    pub involuntary: f64,
}

/// Medians over the runs of which the page faults are known, of the whole tree of processes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaultMedians {
    /// Served from memory.
    pub minor: f64,
    /// Served from a disk.
    pub major: f64,
}

impl CpuMedians {
    pub(super) fn of(timed: &Blocks, workers_known: bool) -> Option<Self> {
        let runs: Vec<(&Sample, CpuTime)> = timed
            .values()
            .filter_map(|run| run.cpu.map(|cpu| (*run, cpu)))
            .collect();
        let median = |figure: fn(&Sample, CpuTime) -> Option<f64>| {
            median_of(runs.iter().filter_map(|(run, cpu)| figure(run, *cpu)))
        };
        Some(Self {
            total_s: median(|_, cpu| Some(cpu.total_ns() as f64 / 1e9))?,
            user_s: median(|_, cpu| Some(cpu.user_ns as f64 / 1e9))?,
            system_s: median(|_, cpu| Some(cpu.system_ns as f64 / 1e9))?,
            off_share: median(|run, cpu| Some(off_share(run, cpu))).filter(|_| workers_known),
            waiting_share: median(waiting_share),
        })
    }
}

fn off_share(run: &Sample, cpu: CpuTime) -> f64 {
    (1.0 - cpu.total_ns() as f64 / 1e9 / available_s(run)).clamp(0.0, 1.0)
}

fn waiting_share(run: &Sample, cpu: CpuTime) -> Option<f64> {
    let busy_ns = run.record.as_ref()?.busy_ns.filter(|busy| *busy > 0)?;
    let waited_ns = busy_ns.saturating_sub(cpu.total_ns());
    Some(waited_ns as f64 / busy_ns as f64)
}

fn available_s(run: &Sample) -> f64 {
    wall_s(run) * f64::from(run.workers.max(1))
}

impl LatencyMedians {
    pub(super) fn of(timed: &Blocks) -> Option<Self> {
        let median = |figure: fn(&Latency) -> u64| {
            let all = timed.values().filter_map(|run| run.record.as_ref());
            let all = all.filter_map(|record| record.latency.as_ref());
            median_of(all.map(|latency| figure(latency) as f64 / 1e9))
        };
        Some(Self {
            p50_s: median(|latency| latency.p50_ns)?,
            p90_s: median(|latency| latency.p90_ns)?,
            p99_s: median(|latency| latency.p99_ns)?,
            max_s: median(|latency| latency.max_ns)?,
        })
    }
}

impl SwitchMedians {
    pub(super) fn of(timed: &Blocks) -> Option<Self> {
        let median = |figure: fn(&Switches) -> u64| {
            let all = timed.values().filter_map(|run| run.switches.as_ref());
            median_of(all.map(|switches| figure(switches) as f64))
        };
        Some(Self {
            voluntary: median(|switches| switches.voluntary)?,
            involuntary: median(|switches| switches.involuntary)?,
        })
    }
}

impl FaultMedians {
    pub(super) fn of(timed: &Blocks) -> Option<Self> {
        let median = |figure: fn(&Faults) -> u64| {
            let all = timed.values().filter_map(|run| run.faults.as_ref());
            median_of(all.map(|faults| figure(faults) as f64))
        };
        Some(Self {
            minor: median(|faults| faults.minor)?,
            major: median(|faults| faults.major)?,
        })
    }
}
