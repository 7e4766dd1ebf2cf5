//! A run, from its beginning to its record.

use super::Stamp;
use super::interrupt::wait_if_interrupted;
use super::spans::Spans;
use crate::record::{CpuTime, Model, Outcome, Phases, RunRecord, SCHEMA};
use crate::sys::{cpu_time, monotonic_ns};

/// What a run is, as far as it is known before it begins.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The job: `hasher`, for instance.
    pub scenario: &'static str,
    /// The size or shape of the sample input; none where the user gave the input.
    pub case: Option<String>,
    /// How the job is spread.
    pub model: Model,
    /// Over how many workers.
    pub workers: u32,
    /// Version of the program.
    pub version: &'static str,
}

/// A run that is under way: the stopwatch of its phases and the collector of its spans.
#[derive(Debug)]
pub struct Run {
    identity: Identity,
    began: u64,
    cpu_before: Option<CpuTime>,
    ready: Option<u64>,
    done: Option<u64>,
    spans: Spans,
    tasks: u64,
    processes: Option<u32>,
}

impl Run {
    /// Begins the run: call it after the input was made and before any worker is started.
    pub fn begin(identity: Identity) -> Self {
        Self {
            identity,
            cpu_before: cpu_time(),
            began: monotonic_ns(),
            ready: None,
            done: None,
            spans: Spans::default(),
            tasks: 0,
            processes: None,
        }
    }

    /// The workers are several to a process, in so many processes.
    pub fn in_processes(&mut self, processes: u32) {
        self.processes = Some(processes);
    }

    /// The workers are ready for their first task: the end of `startup`.
    pub fn workers_ready(&mut self) {
        self.ready = Some(monotonic_ns());
    }

    /// Takes the stamp of the next task, in the order of the input; none for one that no worker did.
    pub fn task(&mut self, stamp: Option<Stamp>) {
        wait_if_interrupted();
        if let Some(stamp) = stamp {
            self.spans.add(self.tasks, stamp, self.began);
        }
        self.tasks += 1;
    }

    /// The last result was taken: the end of `work`. What follows is `shutdown`.
    pub fn work_done(&mut self) {
        self.done = Some(monotonic_ns());
    }

    /// Ends the run: call it when the workers are gone (processes waited for, or their CPU time is
    /// missing). A phase whose end was never told has no length.
    pub fn finish(self, outcome: Outcome) -> RunRecord {
        let ended = monotonic_ns();
        let ready = self.ready.unwrap_or(self.began);
        let done = self.done.unwrap_or(ended);
        let busy_ns = Some(self.spans.busy_ns());
        let (spans, latency) = self.spans.finish();
        RunRecord {
            schema: SCHEMA,
            scenario: self.identity.scenario.to_owned(),
            case: self.identity.case,
            model: self.identity.model,
            workers: self.identity.workers,
            processes: self.processes,
            version: self.identity.version.to_owned(),
            unoptimised: cfg!(debug_assertions),
            phases: Phases {
                startup_ns: ready - self.began,
                work_ns: done.saturating_sub(ready),
                shutdown_ns: ended - done,
            },
            cpu: self
                .cpu_before
                .zip(cpu_time())
                .map(|(before, after)| CpuTime {
                    user_ns: after.user_ns.saturating_sub(before.user_ns),
                    system_ns: after.system_ns.saturating_sub(before.system_ns),
                }),
            outcome,
            latency,
            busy_ns,
            spans,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            scenario: "test",
            case: None,
            model: Model::Threads,
            workers: 2,
            version: "1",
        }
    }

    #[test]
    fn phases_add_up_and_spans_lie_inside() {
        let mut run = Run::begin(identity());
        run.workers_ready();
        let ((), stamp) = Stamp::of(|| std::thread::sleep(std::time::Duration::from_millis(3)));
        run.task(Some(stamp));
        run.work_done();
        let record = run.finish(Outcome::default());
        assert!(record.phases.work_ns >= 3_000_000);
        assert_eq!(record.spans.len(), 1);
        assert_eq!(record.busy_ns, Some(record.spans[0].busy_ns));
        assert!(record.spans[0].start_ns >= record.phases.startup_ns);
        assert!(record.spans[0].end_ns <= record.phases.startup_ns + record.phases.work_ns);
    }

    #[test]
    fn a_record_survives_json() {
        let mut run = Run::begin(identity());
        run.task(Some(Stamp::of(|| ()).1));
        let record = run.finish(Outcome {
            items: 1,
            failed: 0,
            bytes: 5,
            checksum: "ab".into(),
        });
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<RunRecord>(&text).unwrap(), record);
    }

    #[test]
    fn tasks_that_no_worker_did_keep_the_numbers_of_the_others() {
        let mut run = Run::begin(identity());
        run.task(None);
        run.task(Some(Stamp::of(|| ()).1));
        assert_eq!(run.finish(Outcome::default()).spans[0].task, 1);
    }
}
