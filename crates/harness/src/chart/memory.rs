//! How much memory does it need?

use super::axis;
use super::frame::{Chart, Head, Size};
use super::look::Look;
use super::stack::{Part, Stack, stacks};
use crate::report::numbers;

/// The memory of one contestant with all its processes.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryRow {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// What its processes have each for itself, in bytes.
    pub private_bytes: u64,
    /// What they share, counted once, in bytes.
    pub shared_bytes: u64,
    /// How many processes it had at most at once.
    pub processes: u32,
}

/// Bars from zero: the greatest sum of PSS, its private and its shared part.
pub fn memory(head: &Head, rows: &[MemoryRow], size: Size) -> Chart {
    let all: Vec<Stack> = rows.iter().map(stack).collect();
    stacks(head, &all, size, axis::memory_unit, "peak sum of PSS")
}

fn stack(row: &MemoryRow) -> Stack {
    let part = |name: &str, bytes: u64, class| Part {
        value: bytes as f64,
        class,
        words: format!("{name} {}", amount(bytes)),
    };
    let mut parts = vec![
        part("private", row.private_bytes, "bar"),
        part("shared", row.shared_bytes, "third"),
    ];
    parts[0].words += &match row.processes {
        1 => " in 1 process".to_owned(),
        several => format!(" in {several} processes"),
    };
    Stack {
        name: row.name.clone(),
        look: row.look,
        figures: amount(row.private_bytes.saturating_add(row.shared_bytes)),
        parts,
    }
}

fn amount(bytes: u64) -> String {
    if bytes == 0 {
        "0".to_owned()
    } else {
        numbers::memory(bytes)
    }
}
