//! What each worker did when, from the stamps of its tasks.

use std::collections::BTreeMap;

use super::Stamp;
use crate::record::{Latency, Span};

/// Spans a worker at most: more than a terminal has columns, and few enough to keep a record small.
const SLOTS: u64 = 200;
/// How many spans are held before they are merged.
const HELD: usize = 1_024;

/// Collects stamps. Memory: 8 bytes a task for the latencies, and a bounded number of spans.
#[derive(Debug, Default)]
pub(super) struct Spans {
    /// Numbers of workers in the order in which they first appeared.
    workers: BTreeMap<u64, u32>,
    collected: Vec<Span>,
    durations: Vec<u64>,
}

impl Spans {
    /// Adds what `stamp` says of task number `task`; times count from `epoch`.
    pub(super) fn add(&mut self, task: u64, stamp: Stamp, epoch: u64) {
        let appeared = self.workers.len() as u32;
        let worker = *self.workers.entry(stamp.worker).or_insert(appeared);
        let busy_ns = stamp.end.saturating_sub(stamp.start);
        self.durations.push(busy_ns);
        self.collected.push(Span {
            worker,
            task,
            tasks: 1,
            kind: stamp.kind,
            start_ns: stamp.start.saturating_sub(epoch),
            end_ns: stamp.end.saturating_sub(epoch),
            busy_ns,
        });
        // Doubling: merging again and again over a list that hardly shrinks would be quadratic.
        if self.collected.len() >= HELD.max(2 * self.workers.len() * SLOTS as usize) {
            self.collected = merged(std::mem::take(&mut self.collected));
        }
    }

    /// For how long workers were at tasks, all together.
    pub(super) fn busy_ns(&self) -> u64 {
        self.durations.iter().sum()
    }

    /// The spans, and the percentiles over single tasks.
    pub(super) fn finish(self) -> (Vec<Span>, Option<Latency>) {
        (merged(self.collected), latency(self.durations))
    }
}

/// At most [`SLOTS`] spans for each worker: those that begin in the same slot of time become one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.worker, span.start_ns));
    let first = spans.iter().map(|span| span.start_ns).min().unwrap_or(0);
    let last = spans.iter().map(|span| span.end_ns).max().unwrap_or(0);
    let width = (last - first).div_ceil(SLOTS).max(1);
    let slot = |span: &Span| (span.start_ns - first) / width;

    spans.dedup_by(|next, kept| {
        let same = kept.worker == next.worker && kept.kind == next.kind && slot(kept) == slot(next);
        if same {
            kept.task = kept.task.min(next.task);
            kept.tasks += next.tasks;
            kept.end_ns = kept.end_ns.max(next.end_ns);
            kept.busy_ns += next.busy_ns;
        }
        same
    });
    spans
}

/// Percentiles by nearest rank: the smallest duration that at least that share of tasks did not exceed.
fn latency(mut durations: Vec<u64>) -> Option<Latency> {
    durations.sort_unstable();
    let max_ns = *durations.last()?;
    let rank = |percent: usize| durations[(durations.len() * percent).div_ceil(100) - 1];
    Some(Latency {
        p50_ns: rank(50),
        p90_ns: rank(90),
        p99_ns: rank(99),
        max_ns,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::SpanKind;

    fn stamp(worker: u64, start: u64, end: u64) -> Stamp {
        Stamp {
            worker,
            start,
            end,
            kind: SpanKind::Computing,
        }
    }

    #[test]
    fn few_tasks_stay_as_they_are() {
        let mut spans = Spans::default();
        spans.add(0, stamp(77, 1_000, 3_000), 1_000);
        spans.add(1, stamp(55, 2_000, 5_000), 1_000);
        let (spans, _) = spans.finish();
        let short: Vec<_> = spans
            .iter()
            .map(|s| (s.worker, s.start_ns, s.end_ns))
            .collect();
        assert_eq!(short, [(0, 0, 2_000), (1, 1_000, 4_000)]);
    }

    #[test]
    fn many_tasks_are_merged_and_none_is_lost() {
        let mut spans = Spans::default();
        for task in 0..100_000 {
            spans.add(task, stamp(task % 3, task * 10, task * 10 + 4), 0);
        }
        assert_eq!(spans.busy_ns(), 400_000);
        let (spans, _) = spans.finish();
        assert!(spans.len() <= 3 * SLOTS as usize, "{} spans", spans.len());
        assert_eq!(spans.iter().map(|span| span.tasks).sum::<u64>(), 100_000);
        assert_eq!(spans.iter().map(|span| span.busy_ns).sum::<u64>(), 400_000);
        assert!(
            spans
                .iter()
                .all(|span| span.busy_ns <= span.end_ns - span.start_ns)
        );
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let known = latency((1..=200).rev().collect()).unwrap();
        assert_eq!(
            known,
            Latency {
                p50_ns: 100,
                p90_ns: 180,
                p99_ns: 198,
                max_ns: 200
            }
        );
        let single = latency(vec![7]).unwrap();
        assert_eq!(
            single,
            Latency {
                p50_ns: 7,
                p90_ns: 7,
                p99_ns: 7,
                max_ns: 7
            }
        );
        assert_eq!(latency(vec![]), None);
    }
}
