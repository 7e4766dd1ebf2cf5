//! How many tasks go into a batch: pure arithmetic on what was seen.
//!
//! A batch should last long enough that its message costs little beside it, and no longer, so that
//! the end of a map stays balanced and results flow.

use std::time::Duration;

/// What a batch should last. A message and its wake-ups cost some 20 to 50 us: about 1 % of this.
const TARGET: Duration = Duration::from_millis(4);
/// A ceiling for tasks that cost nothing.
const MAX_TASKS: u64 = 4096;
/// Two batches of this size fit into a socket's buffer, so that sending one never blocks.
pub(crate) const MAX_BYTES: usize = 48 * 1024;
/// The end of a map may cut batches down to this part of the usual size, not further.
const TAIL: u64 = 16;
/// From here on a task waiting behind another costs more than the pause between two tasks: a worker
/// that holds one task only waits a quarter of a millisecond for the next (two wake-ups of idle
/// cores), which was 2 % of tasks of 12 ms and is half a percent of these.
const LONG: Duration = Duration::from_millis(50);
/// With so many bytes of tasks ready, no more than a batch a worker is.
const QUEUE_BYTES: usize = 8 << 20;
/// What may lie between the iterator and the consumer before the iterator is left alone.
const WINDOW_BYTES: f64 = 32.0 * 1024.0 * 1024.0;
/// The same as batches a worker: how far one long task lets the others run ahead.
const WINDOW_BATCHES: u64 = 64;
const WINDOW_TASKS: u64 = 64 * 1024;

/// What a worker reports of some tasks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) tasks: u64,
    pub(crate) busy: Duration,
    pub(crate) longest: Duration,
    pub(crate) output_bytes: usize,
}

/// What one map has learned of its tasks.
#[derive(Debug, Default)]
pub(crate) struct Sizer {
    /// Nanoseconds a task; `None` before the first outputs.
    task_ns: Option<f64>,
    output_bytes: f64,
    longest_ns: f64,
}

impl Sizer {
    pub(crate) fn observe(&mut self, seen: Seen) {
        if seen.tasks == 0 {
            return;
        }
        let task_ns = seen.busy.as_nanos() as f64 / seen.tasks as f64;
        let output_bytes = seen.output_bytes as f64 / seen.tasks as f64;
        // New figures count for a third: a hiccup does not upset the size, a change shows soon.
        let blend = |old: f64, new: f64| old + (new - old) / 3.0;
        self.output_bytes = self
            .task_ns
            .map_or(output_bytes, |_| blend(self.output_bytes, output_bytes));
        self.task_ns = Some(self.task_ns.map_or(task_ns, |old| blend(old, task_ns)));
        self.longest_ns = (seen.longest.as_nanos() as f64).max(self.longest_ns * 0.9);
    }

    /// Tasks for a batch. The first ones are single: a task may as well last an hour.
    pub(crate) fn size(&self) -> u64 {
        let fitting = |task_ns: f64| TARGET.as_nanos() as f64 / task_ns.max(1.0);
        self.task_ns
            .map_or(1, |ns| (fitting(ns) as u64).clamp(1, MAX_TASKS))
    }

    /// Tasks for a batch when only `queued` are left for `workers`: the last ones are shared out.
    pub(crate) fn size_at_the_end(&self, queued: u64, workers: usize) -> u64 {
        let share = queued.div_ceil(2 * workers as u64);
        share.clamp(self.size().div_ceil(TAIL), self.size())
    }

    /// Batches that a worker holds: a second one waits with it so that it never waits for us,
    /// unless tasks may be long: then nothing shall be stuck behind one while another worker idles.
    pub(crate) fn depth(&self) -> usize {
        if self.task_ns.is_none() || self.longest_ns > LONG.as_nanos() as f64 {
            1
        } else {
            2
        }
    }

    /// The same when only `queued` tasks are left for `workers`: long ones then stay where whoever is
    /// free first can take them.
    pub(crate) fn depth_at_the_end(&self, queued: u64, workers: usize) -> usize {
        if queued <= workers as u64 && self.size() <= 2 {
            1
        } else {
            self.depth()
        }
    }

    /// Batches to keep ready for the workers beyond those that they hold, with so many bytes in them.
    pub(crate) fn queue(&self, workers: usize, bytes: usize) -> usize {
        if self.task_ns.is_none() || bytes > QUEUE_BYTES {
            workers
        } else {
            2 * workers
        }
    }

    /// May the iterator be asked for more, with this many tasks pulled and not yet given out?
    pub(crate) fn room(&self, outstanding: u64, workers: usize) -> bool {
        let workers = workers as u64;
        outstanding < 2 * workers
            || (outstanding < (WINDOW_BATCHES * workers * self.size()).min(WINDOW_TASKS)
                && outstanding as f64 * self.output_bytes < WINDOW_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(tasks: u64, each: Duration, output_bytes: usize) -> Seen {
        Seen {
            tasks,
            busy: each * tasks as u32,
            longest: each,
            output_bytes: output_bytes * tasks as usize,
        }
    }

    #[test]
    fn the_first_batches_are_single_tasks_for_idle_workers() {
        let sizer = Sizer::default();
        assert_eq!((sizer.size(), sizer.depth(), sizer.queue(4, 0)), (1, 1, 4));
    }

    #[test]
    fn short_tasks_share_a_batch_of_the_target_time() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(1, Duration::from_micros(5), 100));
        assert_eq!(sizer.size(), 800);
        assert_eq!(sizer.depth(), 2);
    }

    #[test]
    fn tasks_that_cost_nothing_stay_below_the_ceiling() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(100, Duration::ZERO, 0));
        assert_eq!(sizer.size(), MAX_TASKS);
    }

    #[test]
    fn long_tasks_go_alone_and_nothing_waits_behind_them() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(1, Duration::from_millis(80), 100));
        assert_eq!((sizer.size(), sizer.depth()), (1, 1));
    }

    #[test]
    fn one_long_task_among_short_ones_is_remembered_for_a_while() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(100, Duration::from_micros(5), 100));
        sizer.observe(Seen {
            longest: Duration::from_millis(60),
            ..seen(300, Duration::from_micros(60), 100)
        });
        assert_eq!(sizer.depth(), 1);
        for _ in 0..10 {
            sizer.observe(seen(100, Duration::from_micros(5), 100));
        }
        assert_eq!(sizer.depth(), 2);
    }

    #[test]
    fn the_size_follows_when_tasks_grow_longer() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(1, Duration::from_micros(5), 100));
        for _ in 0..20 {
            sizer.observe(seen(sizer.size(), Duration::from_millis(8), 100));
        }
        assert_eq!(sizer.size(), 1);
    }

    #[test]
    fn the_end_of_a_map_is_shared_out() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(1, Duration::from_micros(5), 100));
        assert_eq!(sizer.size_at_the_end(100_000, 2), 800);
        assert_eq!(sizer.size_at_the_end(400, 2), 100);
        assert_eq!(sizer.size_at_the_end(10, 2), 50);
    }

    #[test]
    fn the_last_long_tasks_wait_for_whoever_is_free() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(1, Duration::from_millis(5), 100));
        assert_eq!(sizer.depth(), 2);
        assert_eq!(sizer.depth_at_the_end(3, 2), 2);
        assert_eq!(sizer.depth_at_the_end(2, 2), 1);
    }

    #[test]
    fn large_outputs_narrow_the_window_but_never_starve_a_worker() {
        let mut sizer = Sizer::default();
        sizer.observe(seen(1, Duration::from_millis(5), 16 << 20));
        assert!(sizer.room(3, 2));
        assert!(!sizer.room(4, 2));
    }
}
