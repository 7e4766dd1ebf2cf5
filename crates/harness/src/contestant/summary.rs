//! What a person reads after a run.

use super::timeline::timeline;
use super::units::{bytes, duration};
use crate::record::RunRecord;

/// What the items of a scenario are called.
#[derive(Clone, Copy, Debug)]
pub struct Noun {
    /// One of them: `file`.
    pub one: &'static str,
    /// More of them: `files`.
    pub many: &'static str,
}

impl Noun {
    fn of(self, count: u64) -> String {
        format!("{count} {}", if count == 1 { self.one } else { self.many })
    }
}

/// The human summary of a run, for stderr.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    /// The run.
    pub record: &'a RunRecord,
    /// What its items are.
    pub noun: Noun,
    /// The command to try next, without the prompt.
    pub next: &'a str,
    /// Width of a timeline row in characters.
    pub width: usize,
}

impl Summary<'_> {
    /// The summary, several lines, each ending in a line feed.
    pub fn text(&self) -> String {
        let mut text = self.headline();
        text += &timeline(self.record, self.width);
        text += &self.phases();
        text += &self.waiting();
        if self.record.unoptimised {
            text +=
                "  built without optimisation: these times are not representative, add --release\n";
        }
        text += &format!("  next: {}\n", self.next);
        text
    }

    fn headline(&self) -> String {
        let outcome = &self.record.outcome;
        let total = self.record.phases.total_ns();
        let failed = match outcome.failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let (items, time) = (self.noun.of(outcome.items), duration(total));
        let workers = self.workers();
        if outcome.bytes == 0 {
            // Items that have no size.
            return format!("{items}{failed} in {time}, {workers}\n");
        }
        let rate = outcome.bytes as f64 * 1e9 / total.max(1) as f64;
        let (size, rate) = (bytes(outcome.bytes), bytes(rate as u64));
        format!("{items}{failed}, {size} in {time} ({rate}/s), {workers}\n")
    }

    fn workers(&self) -> String {
        let name = self.record.worker();
        let text = match (self.record.workers, name) {
            (1, _) => format!("1 {name}"),
            (workers, "process") => format!("{workers} processes"),
            (workers, _) => format!("{workers} {name}s"),
        };
        match self.record.processes {
            None => text,
            Some(1) => text + " in 1 process",
            Some(processes) => format!("{text} in {processes} processes"),
        }
    }

    fn phases(&self) -> String {
        let phases = &self.record.phases;
        format!(
            "  start-up {}, work {}, shutdown {}\n",
            duration(phases.startup_ns),
            duration(phases.work_ns),
            duration(phases.shutdown_ns),
        )
    }

    /// Where the time of the workers went. What a task did not compute it waited: for data, for a lock,
    /// or for a processor that others have. The CPU time is that of the whole run, with starting and
    /// reporting, so this is the least that tasks waited; nothing is said where it tells nothing.
    fn waiting(&self) -> String {
        let busy: u64 = self.record.spans.iter().map(|span| span.busy_ns).sum();
        if busy == 0 {
            return String::new();
        }
        let at_once = busy as f64 / self.record.phases.work_ns.max(1) as f64;
        let cpu = self.record.cpu.map(|cpu| cpu.total_ns());
        let waited = cpu.and_then(|cpu| busy.checked_sub(cpu));
        let mut text = String::from("  ");
        if let Some(cpu) = cpu {
            text += &format!("CPU time {}; ", duration(cpu));
        }
        if let Some(waited) = waited {
            let share = waited as f64 * 100.0 / busy as f64;
            text += &format!("tasks waited at least {share:.0} % of their time; ");
        }
        text + &format!("{at_once:.2} tasks at once on average\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CpuTime, Model, Outcome, Phases, SCHEMA, Span, SpanKind};

    fn record() -> RunRecord {
        let span = |worker, start_ns, end_ns| Span {
            worker,
            task: 0,
            tasks: 1,
            kind: SpanKind::Computing,
            start_ns,
            end_ns,
            busy_ns: end_ns - start_ns,
        };
        RunRecord {
            schema: SCHEMA,
            scenario: "test".into(),
            case: None,
            model: Model::Processes,
            workers: 2,
            processes: None,
            version: "1".into(),
            unoptimised: false,
            phases: Phases {
                startup_ns: 100_000_000,
                work_ns: 800_000_000,
                shutdown_ns: 100_000_000,
            },
            cpu: Some(CpuTime {
                user_ns: 900_000_000,
                system_ns: 300_000_000,
            }),
            outcome: Outcome {
                items: 3,
                failed: 1,
                bytes: 2_000_000,
                checksum: String::new(),
            },
            latency: None,
            busy_ns: None,
            spans: vec![
                span(0, 100_000_000, 900_000_000),
                span(1, 100_000_000, 900_000_000),
            ],
        }
    }

    #[test]
    fn a_summary_says_what_happened_where_and_what_to_try_next() {
        let noun = Noun {
            one: "file",
            many: "files",
        };
        let record = record();
        let text = Summary {
            record: &record,
            noun,
            next: "cargo versus",
            width: 10,
        }
        .text();
        let expected = "\
3 files, 1 failed, 2.00 MB in 1.00 s (2.00 MB/s), 2 processes
  process 1 ▕ ████████ ▏ 1 task, busy 80 %
  process 2 ▕ ████████ ▏ 1 task, busy 80 %
  start-up 100 ms, work 800 ms, shutdown 100 ms
  CPU time 1.20 s; tasks waited at least 25 % of their time; 2.00 tasks at once on average
  next: cargo versus
";
        assert_eq!(text, expected);
    }

    #[test]
    fn items_without_a_size_have_no_rate() {
        let noun = Noun {
            one: "increment",
            many: "increments",
        };
        let mut record = record();
        record.outcome.bytes = 0;
        let text = Summary {
            record: &record,
            noun,
            next: "",
            width: 10,
        }
        .text();
        assert!(
            text.starts_with("3 increments, 1 failed in 1.00 s, 2 processes\n"),
            "{text}"
        );
    }

    #[test]
    fn more_cpu_time_than_tasks_took_tells_nothing_of_waiting() {
        let noun = Noun {
            one: "file",
            many: "files",
        };
        let mut record = record();
        record.cpu = Some(CpuTime {
            user_ns: 2_000_000_000,
            system_ns: 0,
        });
        let text = Summary {
            record: &record,
            noun,
            next: "",
            width: 10,
        }
        .text();
        assert!(
            text.contains("  CPU time 2.00 s; 2.00 tasks at once on average\n"),
            "{text}"
        );
    }
}
