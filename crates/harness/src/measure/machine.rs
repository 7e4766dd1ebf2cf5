//! The machine while it is measured on: whether its cores are there, and what else it does.
//!
//! A shared virtual machine can miss a whole core while load, steal and PSI show nothing. So the cores
//! are tried out: as many threads as there are processors do what one alone did before.

use std::thread;
use std::time::{Duration, Instant};

use super::samples::BlockState;
use crate::sys::{self, counters, processes};

/// From so many ticks on, two that were counted wrongly are no more than a twentieth.
const TICKS_THAT_TELL: u64 = 40;
/// For how long one thread spins alone, and then all at once: long enough for a scheduler to spread them,
/// short enough to be done between any two blocks.
const SPIN: Duration = Duration::from_millis(20);
/// Enough to start all threads.
const START: Duration = Duration::from_millis(1);

/// How many cores this program really has, just now: how many times the work of one busy thread is done by
/// as many busy threads as may run at once. Takes some 60 ms. A processor that runs faster when
/// only one of its cores is busy has a little less than it has cores. Absent if the threads cannot be
/// started or did not all run.
pub fn effective_cores() -> Option<f64> {
    let cores = thread::available_parallelism().ok()?.get();
    // One alone before and after: the better one was disturbed less.
    let before = together(1)?;
    let all = together(cores)?;
    let alone = before.max(together(1)?);
    Some(all / alone)
}

/// What so many threads did together, in rounds a second.
fn together(threads: usize) -> Option<f64> {
    // All begin at the same time. Not by a barrier: if one of them cannot be started, the others would
    // wait there for ever.
    let begin = Instant::now() + START;
    let start = || {
        thread::Builder::new().spawn(move || {
            thread::sleep(begin.saturating_duration_since(Instant::now()));
            spin()
        })
    };
    let started: Vec<_> = (0..threads)
        .map(|_| start())
        .collect::<Result<_, _>>()
        .ok()?;
    let rates: Vec<f64> = started
        .into_iter()
        .map(|thread| thread.join().ok())
        .collect::<Option<_>>()?;
    // A thread that never had a processor has done no round.
    rates
        .iter()
        .all(|rate| *rate > 0.0)
        .then(|| rates.iter().sum())
}

/// Rounds a second of one thread.
fn spin() -> f64 {
    let began = Instant::now();
    let mut rounds = 0_u32;
    let mut state = 1_u64;
    while began.elapsed() < SPIN {
        for _ in 0..1000 {
            // Each step needs the one before, so nothing but the processor's speed matters.
            state = std::hint::black_box(state.wrapping_mul(6_364_136_223_846_793_005) + 1);
        }
        rounds += 1;
    }
    f64::from(rounds) / began.elapsed().as_secs_f64()
}

/// What can be measured on this system, each with whether it can.
pub fn abilities() -> Vec<(&'static str, bool)> {
    let own = processes::tree(std::process::id());
    let own = own.into_iter().find(|one| one.pid == std::process::id());
    let usage = sys::cpu_time().is_some();
    vec![
        ("wall time", true),
        (
            "CPU time, switches and faults of the tree of processes",
            usage,
        ),
        (
            "memory of the tree of processes (PSS)",
            own.and_then(processes::memory).is_some(),
        ),
        (
            "time ready to run without a processor",
            own.is_some_and(|own| !processes::schedules(own).is_empty()),
        ),
        ("effective cores", effective_cores().is_some()),
        (
            "processor time that the hypervisor gives to others",
            counters::processors().is_some(),
        ),
        (
            "waiting for processors, over the system (PSI)",
            counters::pressure_us().is_some(),
        ),
        (
            "being held back by a quota",
            counters::throttled_us().is_some(),
        ),
    ]
}

/// What the system counted up to one moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    at: Instant,
    processors: Option<counters::Processors>,
    own_ns: Option<u64>,
    pressure_us: Option<u64>,
    throttled_us: Option<u64>,
}

impl Moment {
    /// This moment.
    pub fn now() -> Self {
        Self {
            at: Instant::now(),
            processors: counters::processors(),
            own_ns: sys::cpu_time().map(|cpu| cpu.total_ns() + children_ns()),
            pressure_us: counters::pressure_us(),
            throttled_us: counters::throttled_us(),
        }
    }

    /// What the machine was like from this moment until now. Says nothing of its cores, and not which block
    /// it was.
    pub fn until_now(&self) -> BlockState {
        let now = Self::now();
        let seconds = now.at.duration_since(self.at).as_secs_f64();
        let share_of_time = |before: Option<u64>, after: Option<u64>| {
            let us = after?.checked_sub(before?)?;
            Some(us as f64 / 1e6 / seconds)
        };
        BlockState {
            steal_share: self.processors.zip(now.processors).and_then(stolen),
            pressure_share: share_of_time(self.pressure_us, now.pressure_us)
                .map(|share| share.min(1.0)),
            throttled_share: share_of_time(self.throttled_us, now.throttled_us),
            others_share: self.others(&now),
            ..BlockState::default()
        }
    }

    /// What neither this program nor its children used, of all there was. The clock of the system ticks
    /// every 10 ms or so: over a short time a tick or two too many would look like another program, so there
    /// is no figure then.
    fn others(&self, now: &Self) -> Option<f64> {
        let (before, after) = (self.processors?, now.processors?);
        let total = after
            .total
            .checked_sub(before.total)
            .filter(|total| *total >= TICKS_THAT_TELL)? as f64;
        let busy = after.busy.checked_sub(before.busy)? as f64 / total;
        let seconds = now.at.duration_since(self.at).as_secs_f64();
        let available = seconds * f64::from(counters::processor_count()?);
        let own = now.own_ns?.checked_sub(self.own_ns?)? as f64 / 1e9 / available;
        Some((busy - own).clamp(0.0, 1.0))
    }
}

/// CPU time so far of children that live, so that nobody has waited for them: services.
fn children_ns() -> u64 {
    let own = std::process::id();
    let children = processes::tree(own)
        .into_iter()
        .filter(|one| one.pid != own);
    let threads = children.flat_map(processes::schedules);
    threads.map(|thread| thread.ran_ns).sum()
}

fn stolen((before, after): (counters::Processors, counters::Processors)) -> Option<f64> {
    let total = after
        .total
        .checked_sub(before.total)
        .filter(|total| *total > 0)?;
    Some(after.stolen.saturating_sub(before.stolen) as f64 / total as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_some_core_and_not_many_more_than_there_should_be() {
        let cores = thread::available_parallelism().unwrap().get() as f64;
        // A disturbed thread alone makes the others look better than they are, so a wide bound.
        let found = effective_cores().unwrap();
        assert!(found > 0.2 && found < cores * 3.0, "{found}");
    }

    #[test]
    fn a_thread_that_is_waited_for_by_all_others_is_one_of_so_many() {
        assert!(together(3).unwrap() > 0.0);
    }

    #[test]
    fn what_this_program_and_its_children_used_is_not_of_others() {
        let cores = counters::processor_count().unwrap_or(1);
        let begin = Moment::now();
        let moment = |seconds: u64, busy: u64, own_s: f64| Moment {
            at: begin.at + Duration::from_secs(seconds),
            processors: Some(counters::Processors {
                total: 1000 * seconds,
                busy,
                stolen: 0,
            }),
            own_ns: Some((own_s * f64::from(cores) * 1e9) as u64),
            ..begin
        };
        // Of one second, six tenths were busy, four of them with our own work.
        let others = |own_s| moment(0, 0, 0.0).others(&moment(1, 600, own_s));
        let near = |found: Option<f64>, share: f64| found.is_some_and(|f| (f - share).abs() < 1e-6);
        if counters::processor_count().is_some() {
            assert!(near(others(0.4), 0.2), "{:?}", others(0.4));
            // Too short to tell.
            let short = Moment {
                processors: Some(counters::Processors {
                    total: TICKS_THAT_TELL - 1,
                    busy: 30,
                    stolen: 0,
                }),
                ..moment(1, 600, 0.0)
            };
            assert_eq!(moment(0, 0, 0.0).others(&short), None);
            // Clocks that tick differently never make it negative.
            assert!(near(others(0.7), 0.0), "{:?}", others(0.7));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn there_is_a_share_of_steal_and_of_others() {
        let before = Moment::now();
        // So long that the system's clock ticks often enough, even with one processor.
        thread::sleep(Duration::from_millis(600));
        let state = before.until_now();
        for share in [state.steal_share, state.others_share] {
            let sound = share.is_some_and(|share| (0.0..=1.0).contains(&share));
            assert!(sound, "{state:?}");
        }
    }
}
