//! Where did the time go?

use super::axis;
use super::frame::{Chart, Head, Size};
use super::look::Look;
use super::stack::{Part, Stack, stacks};
use crate::report::numbers;

/// The time of all workers of one contestant.
#[derive(Clone, Debug, PartialEq)]
pub struct CpuRow {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Time in the programs' own code, in seconds.
    pub user_s: f64,
    /// Time in the system on their behalf, in seconds.
    pub system_s: f64,
    /// Time in which workers had no processor, in seconds: waiting, idle, starting, ready without a core.
    /// `None` where it is unknown how many workers there were.
    pub off_s: Option<f64>,
}

/// The time that all workers had (wall time x workers), by where it went.
pub fn cpu(head: &Head, rows: &[CpuRow], size: Size) -> Chart {
    let all: Vec<Stack> = rows.iter().map(stack).collect();
    let shown = if rows.iter().all(|row| row.off_s.is_some()) {
        "wall time x workers"
    } else {
        "CPU time"
    };
    stacks(head, &all, size, axis::time_unit, shown)
}

fn stack(row: &CpuRow) -> Stack {
    let part = |name: &str, value: f64, class| Part {
        value: if value.is_finite() {
            value.max(0.0)
        } else {
            0.0
        },
        class,
        words: format!("{name} {}", time(value)),
    };
    let mut parts = vec![
        part("user", row.user_s, "bar"),
        part("system", row.system_s, "second"),
    ];
    parts.extend(row.off_s.map(|off| part("off CPU", off, "wait")));
    let sum = row.user_s + row.system_s + row.off_s.unwrap_or(0.0);
    Stack {
        name: row.name.clone(),
        look: row.look,
        figures: time(sum),
        parts,
    }
}

fn time(seconds: f64) -> String {
    if seconds > 0.0 {
        numbers::time(seconds, None).to_string()
    } else {
        "0".to_owned()
    }
}
